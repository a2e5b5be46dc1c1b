/** What attempts may cost whom: the numbers that every count of them goes by. */

const MINUTE_MS = 60_000;

/** At most `limit` attempts within any `windowMs`. */
export interface Rate {
  readonly limit: number;
  readonly windowMs: number;
}

/** Of one address. */
export const RATES = {
  registration: { limit: 30, windowMs: MINUTE_MS },
  'sign-in': { limit: 60, windowMs: MINUTE_MS },
  /** Refreshing and revoking: what an office behind one address may need. */
  refresh: { limit: 600, windowMs: MINUTE_MS },
} as const satisfies Record<string, Rate>;

export type AttemptKind = keyof typeof RATES;

/** How long the next attempt waits after so many that failed. */
export interface Delays {
  readonly free: number;
  readonly firstMs: number;
  readonly longestMs: number;
  /** One failure is forgotten each time this long passes. */
  readonly forgetOneMs: number;
}

export const PAIR: Delays = { free: 5, firstMs: 1_000, longestMs: 5 * MINUTE_MS, forgetOneMs: 10 * MINUTE_MS };
export const PAIR_OF_ATTACKED_ACCOUNT: Delays = { ...PAIR, free: 1, firstMs: 30_000 };
export const ADDRESS: Delays = { free: 30, firstMs: 1_000, longestMs: MINUTE_MS, forgetOneMs: 20_000 };
/** An account with this many failures lately is under attack. */
export const ATTACKED_ACCOUNT_FAILURES = 50;
/** Only counted: what comes of it is that the pairs' delays grow faster. */
export const ACCOUNT: Delays = { free: Infinity, firstMs: 0, longestMs: 0, forgetOneMs: MINUTE_MS };
