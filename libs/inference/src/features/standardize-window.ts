/**
 * `standardizeWindow`: each column of each window by its own mean and population standard deviation. A column that does
 * not change becomes 0, as with scikit-learn's StandardScaler fitted to the window.
 */
import type { StandardizeWindowStep } from '../manifest.js';
import { numericPositionsOf, withColumns, type CompileStep } from './feature-step.js';

export const compileStandardizeWindow: CompileStep<StandardizeWindowStep> = ({ columns }, incoming, fault) => {
  const { samples } = incoming;
  if (samples === undefined) fault('', 'needs a window before it');
  const named = columns ?? incoming.columns.map(({ name }) => name);
  const positions = numericPositionsOf(named, incoming, (_, index) => `/columns/${index}`, fault);
  const width = incoming.columns.length;
  return {
    layout: withColumns(incoming, positions, (column) => ({ ...column, values: undefined, scaledByWindow: true })),
    apply({ lines, values }) {
      const scaled = values.slice();
      const windowLength = (samples ?? 1) * width;
      for (let start = 0; start < scaled.length; start += windowLength) {
        for (const position of positions) standardizeColumn(scaled, start + position, start + windowLength, width);
      }
      return { lines, values: scaled };
    },
  };
};

/** In place, the values at `first`, `first + step`, … below `end`. NaN anywhere, or a sum past all numbers, makes all of them NaN. */
function standardizeColumn(values: Float64Array, first: number, end: number, step: number): void {
  let [count, sum, equal] = [0, 0, true];
  for (let index = first; index < end; index += step) {
    count += 1;
    sum += values[index] as number;
    equal &&= values[index] === values[first];
  }
  const mean = sum / count;
  let squares = 0;
  for (let index = first; index < end; index += step) squares += ((values[index] as number) - mean) ** 2;
  const variance = squares / count;
  const constant = equal || (Number.isFinite(variance) && isRounding(variance, mean, count));
  const deviation = Number.isFinite(variance) ? Math.sqrt(variance) : NaN;
  for (let index = first; index < end; index += step)
    values[index] = constant ? 0 : ((values[index] as number) - mean) / deviation;
}

/**
 * Whether a variance is no more than what rounding makes of equal numbers: the rounded mean of twenty times 37.2 is another
 * number than 37.2, and so is that of one 37.2 sent three times. The bound is that of scikit-learn's StandardScaler
 * (`_is_constant_feature`), after Chan, Golub and LeVeque 1983.
 */
function isRounding(variance: number, mean: number, count: number): boolean {
  return variance <= count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
}
