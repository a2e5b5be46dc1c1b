/** `standardize`: (x - mean) / deviation with constants of the training data. */
import { pointerToken } from '#platform';
import type { StandardizeStep } from '../manifest.js';
import { columnwise, numericPositionsOf, withColumns, type CompileStep } from './feature-step.js';

export const compileStandardize: CompileStep<StandardizeStep> = ({ columns }, incoming, fault) => {
  const pointerOf = (name: string): string => `/columns/${pointerToken(name)}`;
  const positions = numericPositionsOf(Object.keys(columns), incoming, pointerOf, fault);
  const functions: ((value: number) => number)[] = [];
  Object.entries(columns).forEach(([name, { mean, deviation }], index) => {
    if (!(deviation > 0)) fault(`${pointerOf(name)}/deviation`, 'must be above 0');
    const position = positions[index] as number;
    if (position >= 0) functions[position] = (value) => (value - mean) / deviation;
  });
  return columnwise(
    withColumns(incoming, positions, (column) => ({ ...column, values: undefined })),
    functions,
  );
};
