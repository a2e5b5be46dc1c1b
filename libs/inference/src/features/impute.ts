/** `impute`: what a missing value becomes, a constant or the median of the training data. */
import { pointerToken } from '#platform';
import type { ImputeStep } from '../manifest.js';
import { columnwise, positionsOf, withColumns, type CompileStep } from './feature-step.js';

export const compileImpute: CompileStep<ImputeStep> = ({ columns }, incoming, fault) => {
  const names = Object.keys(columns);
  const pointerOf = (name: string): string => `/columns/${pointerToken(name)}`;
  const positions = positionsOf(names, incoming, pointerOf, fault);
  const replacements = Object.values(columns).map((by) => ('constant' in by ? by.constant : by.median));
  const functions: ((value: number) => number)[] = [];
  positions.forEach((position, index) => {
    if (position < 0) return;
    const replacement = replacements[index] as number;
    functions[position] = (value) => (Number.isNaN(value) ? replacement : value);
    if (incoming.columns[position]?.scaledByWindow)
      fault(
        pointerOf(names[index] as string),
        'comes after standardizeWindow, which a missing value has spoilt already',
      );
  });
  const layout = withColumns(incoming, positions, (column, index) => ({
    ...column,
    imputed: true,
    values: column.values && [...new Set([...column.values, replacements[index] as number])],
  }));
  return columnwise(layout, functions);
};
