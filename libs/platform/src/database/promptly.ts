/** Reads that a request waits for: when the database stands still they are given up early, and the client is told to come back. */

/** Longer than any such read takes on a database that works. */
const PATIENCE_MS = 1_500;

/** A read was given up; it may still end, unheard. Taken for a database that is away (`isDatabaseUnavailable`). */
export class SlowDatabaseError extends Error {
  constructor() {
    super('the database did not answer in time');
    this.name = 'SlowDatabaseError';
  }
}

/** What `reading` resolves with. @throws SlowDatabaseError when it takes too long */
export async function promptly<T>(reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SlowDatabaseError()), PATIENCE_MS).unref();
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}
