/** `oneHot`: a column of codes, replaced in place by one column of 0 and 1 for each of its values. */
import type { OneHotStep } from '../manifest.js';
import { positionsOf, type CompileStep, type FeatureColumn } from './feature-step.js';

/**
 * Only for a column whose values are declared, all of which have a column: a value that none stands for would be all
 * zeros, which no training has seen. A missing value is missing in each of the new columns.
 */
export const compileOneHot: CompileStep<OneHotStep> = ({ column: name, values, names }, incoming, fault) => {
  const [position = -1] = positionsOf([name], incoming, () => '/column', fault);
  const column = incoming.columns[position];
  if (names && names.length !== values.length) fault('/names', 'must have as many entries as values');
  values.forEach((value, index) => {
    if (values.indexOf(value) < index) fault(`/values/${index}`, 'is there twice');
  });
  if (column && !column.values) fault('/column', `must be an input that declares its values, unscaled: ${name}`);
  const { texts = [] } = incoming;
  const codes = values.map((value) => (typeof value === 'string' ? texts.indexOf(value) : value));
  if (column && values.some((value) => (typeof value === 'string') !== (column.isText ?? false)))
    fault('/values', `must be ${column.isText ? 'texts' : 'numbers'}, as those of ${name} are`);
  const absent = column?.values?.filter((value) => !codes.includes(value)) ?? [];
  const shown = absent.map((code) => (column?.isText ? texts[code] : code)).join(', ');
  if (absent.length > 0) fault('/values', `must have all values of ${name}: ${shown} is not there`);

  const width = incoming.columns.length;
  const added = values.map((value, index): FeatureColumn => ({
    name: names?.[index] ?? `${name}_${value}`,
    source: column?.source ?? { kind: 'input', name },
    imputed: column?.imputed ?? false,
    values: [0, 1],
  }));
  const others = incoming.columns.filter((_, index) => index !== position).map((other) => other.name);
  const twice = added.filter((one, index) => [...others, ...added.slice(0, index).map(nameOf)].includes(one.name));
  if (twice.length > 0) fault('', `leaves a column twice: ${twice.map(nameOf).join(', ')}`);
  return {
    layout: { ...incoming, columns: incoming.columns.toSpliced(position, 1, ...added) },
    apply({ lines, values: before }) {
      const encoded = new Float64Array(lines * (width - 1 + values.length));
      let target = 0;
      for (let index = 0; index < lines * width; index++) {
        const code = before[index] as number;
        if (index % width !== position) encoded[target++] = code;
        else for (const value of codes) encoded[target++] = Number.isNaN(code) ? NaN : Number(code === value);
      }
      return { lines, values: encoded };
    },
  };
};

function nameOf({ name }: FeatureColumn): string {
  return name;
}
