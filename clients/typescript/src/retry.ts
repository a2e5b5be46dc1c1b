/** Requests that are sent again: when the server says so, and when a retry cannot do anything twice. */
import { retryAfterSeconds } from './problem.js';
import type { Send } from './session.js';

export interface RetryOptions {
  /** How often a request is sent, at most. */
  readonly attempts: number;
  /** A longer `Retry-After` is answered with the refusal. */
  readonly longestWaitSeconds?: number;
}

const LONGEST_WAIT_SECONDS = 60;
const FIRST_BACKOFF_MS = 250;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Whether sending it twice is as good as once (RFC 9110 §9.2.2), or made so by a key. */
function isRepeatable(request: Request): boolean {
  return IDEMPOTENT.has(request.method) || request.headers.has('idempotency-key');
}

/** Resolves after so long, or rejects with the signal's reason. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/**
 * A refusal for a plan's limit (429) did nothing and is sent again after `Retry-After`; an unavailable server's (503), and a connection that
 * broke, only if a second time is as good as once.
 */
export function retrying(send: Send, { attempts, longestWaitSeconds = LONGEST_WAIT_SECONDS }: RetryOptions): Send {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      if (attempt >= attempts) return send(request);
      let response: Response;
      try {
        response = await send(request.clone());
      } catch (error) {
        if (request.signal.aborted || !isRepeatable(request)) throw error;
        await pause(FIRST_BACKOFF_MS * 2 ** (attempt - 1), request.signal);
        continue;
      }
      const again = response.status === 429 || (response.status === 503 && isRepeatable(request));
      const seconds = again ? retryAfterSeconds(response.headers) : undefined;
      if (seconds === undefined || seconds > longestWaitSeconds) return response;
      await response.body?.cancel();
      await pause(seconds * 1000, request.signal);
    }
  };
}
