/** What was compared before a version served, in the few numbers that tell most. */
import type { Verification } from './queries';

/** The last one: after an upgrade of an engine a version is verified again. */
export function latestOf(verifications: readonly Verification[]): Verification | undefined {
  return verifications.at(-1);
}

export interface LargestDifference {
  readonly against: string;
  readonly absolute: number;
  readonly relative: number;
}

/** Largest difference of any engine's scores from those of the training framework; undefined: nothing to compare with came along. */
export function differenceFromTraining({ comparisons }: Verification): LargestDifference | undefined {
  const golden = comparisons.filter(({ kind }) => kind === 'golden');
  if (golden.length === 0) return undefined;
  return {
    against: golden[0]!.against,
    absolute: Math.max(...golden.map((comparison) => comparison.maxAbsoluteDifference)),
    relative: Math.max(...golden.map((comparison) => comparison.maxRelativeDifference)),
  };
}
