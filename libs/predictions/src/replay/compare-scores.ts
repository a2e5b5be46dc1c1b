/** Recorded scores against those of a replay: the same float32 numbers, to the sign of a zero, or not. */

export interface RowComparison {
  readonly row: number;
  readonly identical: boolean;
  readonly recorded: readonly number[];
  readonly replayed: readonly number[];
  /** Between two scores, absolute; null where there are more of the ones than of the others. */
  readonly largestDifference: number | null;
}

/** @param replayed float32 values; the recorded ones were such, and are compared as they are read, so that nothing is rounded away */
export function compareRow(row: number, recorded: readonly number[], replayed: Float32Array): RowComparison {
  const comparable = recorded.length === replayed.length;
  return {
    row,
    identical: comparable && recorded.every((score, index) => Object.is(score, replayed[index])),
    recorded,
    replayed: [...replayed],
    largestDifference: comparable
      ? recorded.reduce((largest, score, index) => Math.max(largest, Math.abs(score - replayed[index]!)), 0)
      : null,
  };
}

/** The largest of all rows; null where a row has none. */
export function largestOf(rows: readonly RowComparison[]): number | null {
  let largest = 0;
  for (const { largestDifference } of rows) {
    if (largestDifference === null) return null;
    largest = Math.max(largest, largestDifference);
  }
  return largest;
}
