/** `impute`: what a missing value becomes, a constant or the median of the training data. */
import { pointerToken } from '#platform';
import type { ImputeStep } from '../manifest.js';
import { columnwise, positionsOf, withColumns, type CompileStep } from './feature-step.js';

export const compileImpute: CompileStep<ImputeStep> = ({ columns }, incoming, fault) => {
  const names = Object.keys(columns);
  const pointerOf = (name: string): string => `/columns/${pointerToken(name)}`;
  const positions = positionsOf(names, incoming, pointerOf, fault);
  const replacements = Object.values(columns).map((by, index) => {
    const given = 'constant' in by ? by.constant : by.median;
    const isText = incoming.columns[positions[index] as number]?.isText ?? false;
    const name = names[index] as string;
    if (isText !== (typeof given === 'string'))
      fault(pointerOf(name), isText ? `must be a text: ${name} is one` : `must be a number: ${name} is one`);
    return typeof given === 'string' ? (incoming.texts ?? []).indexOf(given) : given;
  });
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
