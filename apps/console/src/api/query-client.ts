/** How answers are kept and refusals are met, for all pages. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { LatidoProblem } from './latido';

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

/** @param onSessionEnded called when the server no longer knows who asks */
export function createQueryClient(onSessionEnded: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (error instanceof LatidoProblem && error.status === 401) onSessionEnded();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: isWorthRetrying,
        retryDelay: (failures, error) => (waitSecondsOf(error) ?? 0) * 1000 || FIRST_RETRY_MS * 2 ** failures,
      },
    },
  });
}
