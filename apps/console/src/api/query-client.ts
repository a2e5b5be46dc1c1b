/** How answers are kept and refusals are met, for all pages. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { LatidoProblem } from './latido';
import { tellSessionEnd } from './session-end';

const STALE_MS = 10_000;
const MOST_RETRIES = 2;
const FIRST_RETRY_MS = 500;

/** A limit that says when it will pass, or a server that says when it is back. */
export function waitSecondsOf(error: unknown): number | undefined {
  if (!(error instanceof LatidoProblem) || ![429, 503].includes(error.status)) return undefined;
  return error.retryAfterSeconds;
}

/** Whether asking again may bring another answer. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  if (waitSecondsOf(error) !== undefined) return true;
  if (error instanceof LatidoProblem && error.status < 500) return false;
  return failures < MOST_RETRIES;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: tellSessionEnd }),
    mutationCache: new MutationCache({ onError: tellSessionEnd }),
    defaultOptions: {
      queries: {
        // The server may be this machine, or in a network that the browser takes for none: whether it answers is found out by asking.
        networkMode: 'always',
        refetchOnReconnect: true,
        staleTime: STALE_MS,
        retry: isWorthRetrying,
        retryDelay: (failures, error) => (waitSecondsOf(error) ?? 0) * 1000 || FIRST_RETRY_MS * 2 ** failures,
      },
      // What somebody wanted done is refused at once, not kept and done whenever the network is back.
      mutations: { networkMode: 'always' },
    },
  });
}
