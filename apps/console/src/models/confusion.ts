/** A confusion matrix in shares, and what was mistaken for what. */

/** Share of each row; null in a row of no rows at all. Shapes as `counts`: [actual][predicted]. */
export function sharesByRow(counts: readonly (readonly number[])[]): (number | null)[][] {
  return counts.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count) => (sum === 0 ? null : count / sum));
  });
}

export interface Confusion {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
  /** Of the rows of the actual class. */
  readonly share: number;
}

/** The pairs of different classes that were mistaken most often. */
export function mostFrequent(counts: readonly (readonly number[])[], most: number): Confusion[] {
  const shares = sharesByRow(counts);
  return counts
    .flatMap((row, actual) =>
      row.map((count, predicted) => ({ actual, predicted, count, share: shares[actual]![predicted] ?? 0 })),
    )
    .filter(({ actual, predicted, count }) => actual !== predicted && count > 0)
    .sort((one, other) => other.count - one.count)
    .slice(0, most);
}
