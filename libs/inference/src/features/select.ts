/** `select`: the named columns, in the given order. */
import { positionsOf, type CompileStep } from './feature-step.js';

export const compileSelect: CompileStep<readonly string[]> = (names, incoming, fault) => {
  const positions = positionsOf(names, incoming, (_, index) => `/${index}`, fault);
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) fault(`/${index}`, 'is there twice');
  });
  const width = incoming.columns.length;
  const columns = positions.flatMap((position) => incoming.columns[position] ?? []);
  return {
    layout: { ...incoming, columns },
    apply({ lines, values }) {
      const selected = new Float64Array(lines * positions.length);
      let target = 0;
      for (let line = 0; line < lines; line++) {
        for (const position of positions) selected[target++] = values[line * width + position] as number;
      }
      return { lines, values: selected };
    },
  };
};
