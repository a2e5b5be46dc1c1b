/** The one connection that the record is written through: of its own, so that nobody's slow query stands before it. */
import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { DATABASE_ACCESS, type DatabaseAccess } from '#platform';

const CONNECT_TIMEOUT_MS = 2_000;

@Injectable()
export class RecordConnection {
  private connecting: Promise<pg.Client> | undefined;
  private open: pg.Client | undefined;

  constructor(@Inject(DATABASE_ACCESS) private readonly access: DatabaseAccess) {}

  /** The open connection, or undefined where `connect` must be awaited. */
  get client(): pg.Client | undefined {
    return this.open;
  }

  /** @throws what the driver or the database said */
  async connect(): Promise<pg.Client> {
    this.connecting ??= this.newConnection().finally(() => (this.connecting = undefined));
    return this.open ?? this.connecting;
  }

  /** Gives the connection up, whatever runs on it: the next use opens another. */
  abandon(): void {
    const { open } = this;
    this.open = undefined;
    // Not `end`: it would wait for a server that may not answer any more.
    (open as unknown as { connection?: { stream: { destroy(): void } } } | undefined)?.connection?.stream.destroy();
  }

  /** Ends it when nobody uses it any more. */
  async close(): Promise<void> {
    const { open } = this;
    this.open = undefined;
    await open?.end().catch(() => undefined); // the database may be gone first
  }

  private async newConnection(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.access.url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'latido record',
    });
    client.on('error', () => this.forget(client)); // what runs fails with it
    client.on('end', () => this.forget(client));
    await client.connect();
    this.open = client;
    return client;
  }

  private forget(client: pg.Client): void {
    if (this.open === client) this.open = undefined;
  }
}
