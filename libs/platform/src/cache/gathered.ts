/** Reads of many keys by one statement. */
import DataLoader from 'dataloader';

/** Keys in one statement. */
const MOST_KEYS = 500;

/**
 * A read of one key from a read of many: what is asked for in the same turn of the event loop is read together, and nothing is
 * added to a read that comes alone.
 * @param readAll leaves out the keys of which there is nothing
 * @returns a function that answers null for those
 */
export function gathered<T>(
  readAll: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | null> {
  const loader = new DataLoader<string, T | null>(
    async (keys) => {
      const found = await readAll(keys);
      return keys.map((key) => found.get(key) ?? null);
    },
    { cache: false, maxBatchSize: MOST_KEYS, batchScheduleFn: (dispatch) => setImmediate(dispatch) },
  );
  return (key) => loader.load(key);
}
