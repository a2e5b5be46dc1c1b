/** How far two lists of scores are apart. */

/** |answer - expected| <= absolute + relative |expected|, everywhere in Latido. */
export const tolerance = { absolute: 1e-5, relative: 1e-5 } as const;

export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

export interface Difference {
  readonly values: number;
  readonly maxAbsoluteDifference: number;
  /** Over the values whose expectation is not 0. */
  readonly maxRelativeDifference: number;
  /** Whether every value is the same to the last bit. */
  readonly identical: boolean;
  readonly passed: boolean;
  /** Absent when passed. */
  readonly failure?: string;
}

/** Value by value. Another number of scores fails, and so does NaN. */
export function compareScores(answers: Float32Array, expected: Float32Array, bound: Tolerance = tolerance): Difference {
  let [maxAbsoluteDifference, maxRelativeDifference, identical] = [0, 0, answers.length === expected.length];
  let failure = identical ? undefined : `${answers.length} scores instead of ${expected.length}`;
  const values = Math.min(answers.length, expected.length);
  for (let index = 0; index < values; index++) {
    const [answer, wanted] = [answers[index] ?? NaN, expected[index] ?? NaN];
    const difference = Math.abs(answer - wanted);
    maxAbsoluteDifference = Math.max(maxAbsoluteDifference, difference);
    if (wanted !== 0) maxRelativeDifference = Math.max(maxRelativeDifference, difference / Math.abs(wanted));
    identical &&= Object.is(answer, wanted);
    // Written so that NaN fails.
    const within = difference <= bound.absolute + bound.relative * Math.abs(wanted);
    if (!within) failure ??= `score ${index} is ${answer} instead of ${wanted}`;
  }
  return {
    values,
    maxAbsoluteDifference,
    maxRelativeDifference,
    identical,
    passed: failure === undefined,
    ...(failure !== undefined && { failure }),
  };
}
