/** A batch as it is, and while it is being done how far it comes, by server-sent events. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { latido, LatidoProblem } from '../api/latido';
import { pauseFor } from '../api/pause';
import { waitSecondsOf } from '../api/query-client';
import { BATCH_LISTS, batchQuery, isOpen, type Batch } from './queries';

const REOPEN_AFTER_MS = 2000;

/** Tells each news until the batch has ended. A connection that breaks is opened again. @throws LatidoProblem where it is refused */
async function follow(id: string, signal: AbortSignal, tell: (batch: Batch) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const batch of latido.watchBatch(id, { signal })) tell(batch);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LatidoProblem && error.status < 500 && error.status !== 429) throw error;
      await pauseFor((waitSecondsOf(error) ?? 0) * 1000 || REOPEN_AFTER_MS, signal);
    }
  }
}

export function useBatch(id: string) {
  const client = useQueryClient();
  const query = useQuery(batchQuery(id));
  const open = query.data !== undefined && isOpen(query.data);
  useEffect(() => {
    if (!open) return undefined;
    const own = new AbortController();
    const { queryKey } = batchQuery(id);
    follow(id, own.signal, (batch) => client.setQueryData(queryKey, batch))
      // What refused says it again to the query, which shows it.
      .catch(() => client.invalidateQueries({ queryKey }))
      .finally(() => void client.invalidateQueries({ queryKey: BATCH_LISTS }));
    return () => own.abort();
  }, [id, open, client]);
  return query;
}
