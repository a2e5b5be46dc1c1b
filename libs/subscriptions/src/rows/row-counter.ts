/** The seam of the row budget: where the rows of a user's day are counted. In memory for one process; in Redis for several. */

/** Rows taken from a day's budget. */
export interface RowReservation {
  readonly userId: string;
  readonly rows: number;
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  /** The count that they were taken from: they can be handed back to no other. */
  readonly count: string;
}

/** The rows were not taken; `left` would have been. */
export interface RowRefusal {
  readonly left: number;
}

/**
 * Rows that are recorded and rows that are about to be. A count begins from the record, when it is first asked for on a day; it is
 * a short cut to the record, and may be lost. A counter that knows at once answers at once.
 */
export abstract class RowCounter {
  /** Takes `rows` if the day then has no more than `rowsPerDay`. */
  abstract reserve(
    userId: string,
    day: number,
    rows: number,
    rowsPerDay: number,
  ): RowReservation | RowRefusal | Promise<RowReservation | RowRefusal>;

  /** Hands rows back that were not recorded. */
  abstract release(reservation: RowReservation): void;

  /** Rows of the user's day, those reserved included. */
  abstract used(userId: string, day: number): number | Promise<number>;
}
