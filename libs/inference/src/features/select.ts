/** `select`: the named columns, in the given order. */
import { DomainError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import type { CompiledStep, FeatureLayout } from './feature-step.js';

/** Throws `MODEL_DOES_NOT_FIT` for a name that the step before does not leave. */
export function compileSelect(names: readonly string[], incoming: FeatureLayout): CompiledStep {
  const unknown = names.filter((name) => !incoming.includes(name));
  if (unknown.length > 0) {
    throw new DomainError(
      inferenceErrors.MODEL_DOES_NOT_FIT,
      `features.select names ${unknown.join(', ')}, which is none of ${incoming.join(', ')}.`,
    );
  }
  const columns = names.map((name) => incoming.indexOf(name));
  return {
    layout: names,
    apply({ rows, values }) {
      const selected = new Float64Array(rows * columns.length);
      let target = 0;
      for (let row = 0; row < rows; row++) {
        for (const column of columns) selected[target++] = values[row * incoming.length + column] as number;
      }
      return { rows, values: selected };
    },
  };
}
