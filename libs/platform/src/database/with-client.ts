/** A connection of one's own for one piece of work, beside the pool: to read much, or as another role. */
import pg from 'pg';

/**
 * Opens it, works, and ends it.
 * @param applicationName how it is called in pg_stat_activity
 * @throws what connecting or the work threw
 */
export async function withClient<T>(
  url: string,
  applicationName: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: applicationName });
  client.on('error', () => undefined); // the query in progress fails with it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
