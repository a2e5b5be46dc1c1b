/** What a user may do, by their plan. */
export interface Entitlement {
  /** The plan's name, `FREEMIUM`. */
  readonly plan: string;
  /** Counted requests admitted in any 60 s. */
  readonly requestsPerMinute: number;
  /** Rows in one JSON body. */
  readonly rowsPerRequest: number;
  /** Rows predicted in one UTC day. */
  readonly rowsPerDay: number;
  /** Streams of rows open at the same time. */
  readonly concurrentStreams: number;
}
