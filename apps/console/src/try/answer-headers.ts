/** What an answer says of itself in its headers: how long its parts took, and what is left of the plan. */
import type { TimePart } from '../parts/time-parts';

export interface QuotaLeft {
  readonly left: number;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** `Server-Timing` (W3C), but for entries that have no duration. */
export function timePartsOf(headers: Headers): TimePart[] {
  return (headers.get('server-timing') ?? '').split(',').flatMap((entry) => {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const duration = parameters.find((parameter) => /^dur=/i.test(parameter))?.slice(4);
    const ms = duration ? Number(duration) : NaN;
    return name && Number.isFinite(ms) ? [{ name, ms }] : [];
  });
}

function parameter(header: string | null, name: string): number | undefined {
  const value = new RegExp(`;\\s*${name}=(\\d+)`).exec(header ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers); undefined where they are not sent. */
export function quotaLeftOf(headers: Headers): QuotaLeft | undefined {
  const left = parameter(headers.get('ratelimit'), 'r');
  const limit = parameter(headers.get('ratelimit-policy'), 'q');
  const windowSeconds = parameter(headers.get('ratelimit-policy'), 'w');
  return left === undefined || limit === undefined || windowSeconds === undefined
    ? undefined
    : { left, limit, windowSeconds };
}
