/** `minMax`: (x - minimum) / (maximum - minimum) with constants of the training data; not clipped. */
import { pointerToken } from '#platform';
import type { MinMaxStep } from '../manifest.js';
import { columnwise, numericPositionsOf, withColumns, type CompileStep } from './feature-step.js';

export const compileMinMax: CompileStep<MinMaxStep> = ({ columns }, incoming, fault) => {
  const pointerOf = (name: string): string => `/columns/${pointerToken(name)}`;
  const positions = numericPositionsOf(Object.keys(columns), incoming, pointerOf, fault);
  const functions: ((value: number) => number)[] = [];
  Object.entries(columns).forEach(([name, { minimum, maximum }], index) => {
    if (!(maximum > minimum)) fault(pointerOf(name), 'has a maximum that is not above its minimum');
    const position = positions[index] as number;
    if (position >= 0) functions[position] = (value) => (value - minimum) / (maximum - minimum);
  });
  return columnwise(
    withColumns(incoming, positions, (column) => ({ ...column, values: undefined })),
    functions,
  );
};
