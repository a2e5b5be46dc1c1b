/** The service's metrics as they come: by server-sent events, and by asking again and again where those are refused. */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { dataOf, latido, LatidoProblem, readEvents } from '../api/latido';
import { pauseFor } from '../api/pause';
import { waitSecondsOf } from '../api/query-client';
import { readingOf, withReading, type Reading } from './metric-history';
import type { ServiceMetrics } from './metrics';

const EVERY_SECONDS = 2;
const POLL_MS = 5000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

export type Connection = 'connecting' | 'live' | 'polling' | 'broken' | 'paused';

export interface LiveMetrics {
  readonly connection: Connection;
  /** When the present connection began. */
  readonly sinceMs: number | undefined;
  readonly metrics: ServiceMetrics | undefined;
  readonly history: readonly Reading[];
  /** Why nothing comes. */
  readonly error: unknown;
  pause(): void;
  resume(): void;
}

interface Heard {
  readonly connection: Connection;
  readonly sinceMs?: number;
  readonly metrics?: ServiceMetrics;
  readonly history: readonly Reading[];
  readonly error?: unknown;
}

/** Each message of one stream, which the server ends after ten minutes. @throws the refusal, or what `failed` said */
async function* heard(signal: AbortSignal): AsyncGenerator<ServiceMetrics> {
  const stream = await dataOf(
    latido.GET('/v1/service/events', {
      params: { query: { everySeconds: EVERY_SECONDS } },
      parseAs: 'stream',
      signal,
    }),
  );
  if (!stream) return;
  for await (const { event, data } of readEvents(stream)) {
    if (event === 'failed') throw new Error(data);
    if (event === 'metrics') yield JSON.parse(data) as ServiceMetrics;
  }
}

/** Refused for good: this server, or something before it, has no stream for us. */
function isRefusal(error: unknown): boolean {
  return error instanceof LatidoProblem && error.status < 500 && waitSecondsOf(error) === undefined;
}

/** By the query client, which also knows what a session that ended means. */
function ask(client: QueryClient): Promise<ServiceMetrics> {
  return client.fetchQuery({
    queryKey: ['service', 'metrics'],
    queryFn: ({ signal }) => dataOf(latido.GET('/v1/service/metrics', { signal })),
    staleTime: 0,
  });
}

interface Listener {
  onMetrics(metrics: ServiceMetrics, connection: Connection): void;
  onBroken(error: unknown): void;
}

/** Until it is aborted. */
async function listen(client: QueryClient, signal: AbortSignal, listener: Listener): Promise<void> {
  let refused = false;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      if (refused) {
        listener.onMetrics(await ask(client), 'polling');
        await pauseFor(POLL_MS, signal);
        continue;
      }
      for await (const metrics of heard(signal)) {
        listener.onMetrics(metrics, 'live');
        pauseMs = FIRST_PAUSE_MS;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!refused && isRefusal(error)) {
        refused = true;
        continue;
      }
      listener.onBroken(error);
      pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(pauseMs * 2, (waitSecondsOf(error) ?? 0) * 1000));
    }
    await pauseFor(pauseMs, signal);
  }
}

export function useLiveMetrics(): LiveMetrics {
  const client = useQueryClient();
  const [paused, setPaused] = useState(false);
  const [state, setState] = useState<Heard>({ connection: 'connecting', history: [] });
  useEffect(() => {
    if (paused) return undefined;
    const own = new AbortController();
    void listen(client, own.signal, {
      onMetrics: (metrics, connection) => {
        if (own.signal.aborted) return;
        setState((before) => ({
          connection,
          sinceMs: before.connection === connection ? before.sinceMs : Date.now(),
          metrics,
          history: withReading(before.history, readingOf(metrics)),
        }));
      },
      onBroken: (error) => setState(({ metrics, history }) => ({ connection: 'broken', metrics, history, error })),
    });
    return () => own.abort();
  }, [client, paused]);

  const pause = useCallback(() => {
    setPaused(true);
    setState(({ metrics, history }) => ({ connection: 'paused', sinceMs: Date.now(), metrics, history }));
  }, []);
  const resume = useCallback(() => {
    setPaused(false);
    setState(({ metrics, history }) => ({ connection: 'connecting', metrics, history }));
  }, []);
  const { connection, sinceMs, metrics, history, error } = state;
  return { connection, sinceMs, metrics, history, error, pause, resume };
}
