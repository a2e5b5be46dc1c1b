/** What is left of a plan's minute, told on between two answers of the server. */
import type { Schemas } from '../api/latido';

export type Quota = Schemas['QuotaDto'];

export interface QuotaNow {
  readonly limit: number;
  readonly remaining: number;
  /** Until the next request comes back, whole seconds; undefined when none is out. */
  readonly nextInSeconds: number | undefined;
}

/** Other tabs, keys and programs ask too: looked at as often as this while the page is open and in front. */
const LOOK_EVERY_MS = 15_000;
/** The server counts whole seconds upwards: asked again this much later, the request has surely left the window. */
const AFTER_RESET_MS = 200;

/** @param elapsedMs since the server answered */
export function quotaAfter({ limit, remaining, resetSeconds }: Quota, elapsedMs: number): QuotaNow {
  if (remaining >= limit || resetSeconds <= 0) return { limit, remaining, nextInSeconds: undefined };
  const leftMs = resetSeconds * 1000 - elapsedMs;
  if (leftMs > 0) return { limit, remaining, nextInSeconds: Math.ceil(leftMs / 1000) };
  // One has left the window. Whether others have too, the next answer says.
  return { limit, remaining: remaining + 1, nextInSeconds: undefined };
}

/** How long to wait before the server is asked again. */
export function askAgainInMs({ remaining, limit, resetSeconds }: Quota): number {
  if (remaining >= limit || resetSeconds <= 0) return LOOK_EVERY_MS;
  return Math.min(LOOK_EVERY_MS, resetSeconds * 1000 + AFTER_RESET_MS);
}
