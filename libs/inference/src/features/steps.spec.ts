/** Each step of the feature pipeline as a function: what it computes, what it refuses, what it leaves alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledStep, CompileStep, FeatureLayout } from './feature-step.js';
import { compileImpute } from './impute.js';
import { compileMinMax } from './min-max.js';
import { compileOneHot } from './one-hot.js';
import { compileSelect } from './select.js';
import { compileStandardize } from './standardize.js';
import { compileStandardizeWindow } from './standardize-window.js';

const layout = (names: readonly string[], samples?: number): FeatureLayout => ({
  columns: names.map((name) => ({ name, source: { kind: 'input', name }, imputed: false })),
  ...(samples !== undefined && { samples }),
});

/** Compiles a step for columns a, b, c, and fails where it finds fault. */
function step<T>(compile: CompileStep<T>, declaration: T, incoming = layout(['a', 'b', 'c'])): CompiledStep {
  return compile(declaration, incoming, (pointer, detail) => expect.fail(`${pointer} ${detail}`));
}

function faultsOf<T>(compile: CompileStep<T>, declaration: T, incoming = layout(['a', 'b', 'c'])): string[] {
  const faults: string[] = [];
  compile(declaration, incoming, (pointer, detail) => faults.push(`${pointer} ${detail}`));
  return faults;
}

const valuesOf = ({ apply }: CompiledStep, values: readonly number[], width = 3): number[] => [
  ...apply({ lines: values.length / width, values: Float64Array.from(values) }).values,
];

const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
const line = fc.tuple(number, number, number);
const lines = fc.array(line, { minLength: 1, maxLength: 30 });
const namesOf = ({ layout: { columns } }: CompiledStep): string[] => columns.map(({ name }) => name);

describe('every step', () => {
  const steps: Record<string, CompiledStep> = {
    select: step(compileSelect, ['c', 'a']),
    minMax: step(compileMinMax, { columns: { b: { minimum: -3, maximum: 7 } } }),
    standardize: step(compileStandardize, {
      columns: { a: { mean: 2, deviation: 3 }, c: { mean: -1, deviation: 0.1 } },
    }),
    impute: step(compileImpute, { columns: { b: { median: 4 } } }),
    oneHot: step(
      compileOneHot,
      { column: 'b', values: [1, 2] },
      { columns: layout(['a', 'b', 'c']).columns.map((column) => ({ ...column, values: [1, 2] })) },
    ),
    standardizeWindow: step(compileStandardizeWindow, {}, layout(['a', 'b', 'c'], 1)),
  };

  it.each(Object.entries(steps))(
    '%s treats a line alone as it treats it in a batch, and leaves what it is given',
    (_, one) => {
      fc.assert(
        fc.property(lines, (batch) => {
          const values = Float64Array.from(batch.flat());
          const before = values.slice();
          const together = one.apply({ lines: batch.length, values });
          expect(values).toEqual(before);
          expect(together.lines).toBe(batch.length);
          expect([...together.values]).toEqual(batch.flatMap((single) => valuesOf(one, single)));
          expect(together.values).toHaveLength(batch.length * one.layout.columns.length);
        }),
      );
    },
  );

  it('finds fault with a column that is not there', () => {
    expect(faultsOf(compileSelect, ['a', 'x'])).toEqual(['/1 names no column: x']);
    expect(faultsOf(compileMinMax, { columns: { x: { minimum: 0, maximum: 1 } } })).toEqual([
      '/columns/x names no column: x',
    ]);
    expect(faultsOf(compileStandardize, { columns: { x: { mean: 0, deviation: 1 } } })).toEqual([
      '/columns/x names no column: x',
    ]);
    expect(faultsOf(compileImpute, { columns: { x: { constant: 0 } } })).toEqual(['/columns/x names no column: x']);
    expect(faultsOf(compileOneHot, { column: 'x', values: [1] })).toEqual(['/column names no column: x']);
    expect(faultsOf(compileStandardizeWindow, { columns: ['x'] }, layout(['a'], 2))).toEqual([
      '/columns/0 names no column: x',
    ]);
  });
});

describe('select', () => {
  it('takes the named columns in the given order, and back again', () => {
    fc.assert(
      fc.property(lines, fc.shuffledSubarray(['a', 'b', 'c'], { minLength: 3 }), (batch, order) => {
        const there = step(compileSelect, order);
        expect(namesOf(there)).toEqual(order);
        const back = step(compileSelect, ['a', 'b', 'c'], there.layout);
        expect(valuesOf(back, valuesOf(there, batch.flat()))).toEqual(batch.flat());
      }),
    );
  });

  it('finds fault with a column that is named twice', () => {
    expect(faultsOf(compileSelect, ['a', 'a'])).toEqual(['/1 is there twice']);
  });
});

describe('minMax', () => {
  it('takes the minimum to 0, the maximum to 1, and what is beyond beyond', () => {
    const one = step(compileMinMax, { columns: { a: { minimum: 10, maximum: 30 } } });
    expect(valuesOf(one, [10, 1, 2, 30, 3, 4, 20, 5, 6, 40, 7, 8, NaN, 9, 10])).toEqual([
      0,
      1,
      2,
      1,
      3,
      4,
      0.5,
      5,
      6,
      1.5,
      7,
      8,
      NaN,
      9,
      10,
    ]);
  });

  it('finds fault with a range of no width', () => {
    expect(faultsOf(compileMinMax, { columns: { a: { minimum: 1, maximum: 1 } } })).toEqual([
      '/columns/a has a maximum that is not above its minimum',
    ]);
  });
});

describe('standardize', () => {
  it('is undone by multiplying with the deviation and adding the mean', () => {
    fc.assert(
      fc.property(lines, number, fc.double({ noNaN: true, min: 1e-3, max: 1e6 }), (batch, mean, deviation) => {
        const one = step(compileStandardize, { columns: { b: { mean, deviation } } });
        valuesOf(one, batch.flat()).forEach((value, index) => {
          const before = batch.flat()[index] as number;
          if (index % 3 !== 1) expect(value).toBe(before);
          else expect(Math.abs(value * deviation + mean - before)).toBeLessThan(1e-6);
        });
      }),
    );
  });
});

describe('impute', () => {
  it('replaces what is missing, and nothing else', () => {
    const one = step(compileImpute, { columns: { a: { constant: 5 }, c: { median: 7 } } });
    expect(valuesOf(one, [NaN, NaN, NaN, 0, 1, 2])).toEqual([5, NaN, 7, 0, 1, 2]);
    expect(one.layout.columns.map(({ imputed }) => imputed)).toEqual([true, false, true]);
  });

  it('finds fault with coming after standardizeWindow, which a missing value has spoilt', () => {
    const scaled = step(compileStandardizeWindow, { columns: ['a'] }, layout(['a', 'b'], 2));
    expect(faultsOf(compileImpute, { columns: { a: { constant: 0 }, b: { constant: 0 } } }, scaled.layout)).toEqual([
      expect.stringMatching(/^\/columns\/a comes after standardizeWindow/),
    ]);
  });
});

describe('oneHot', () => {
  const coded = (values: readonly number[] | undefined): FeatureLayout => ({
    columns: layout(['a', 'b', 'c']).columns.map((column) => ({ ...column, ...(values && { values }) })),
  });

  it('puts one column a value in place, of which the value’s is 1', () => {
    const one = step(compileOneHot, { column: 'b', values: [1, 2, 3] }, coded([1, 2, 3]));
    expect(namesOf(one)).toEqual(['a', 'b_1', 'b_2', 'b_3', 'c']);
    expect(valuesOf(one, [9, 1, 8, 7, 3, 6, 5, NaN, 4])).toEqual([9, 1, 0, 0, 8, 7, 0, 0, 1, 6, 5, NaN, NaN, NaN, 4]);
  });

  it('has exactly one 1 for every value there can be', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 9 }), fc.nat(), (values, pick) => {
        const one = step(compileOneHot, { column: 'b', values }, coded(values));
        const encoded = valuesOf(one, [-0.5, values[pick % values.length] as number, -0.5]).slice(1, -1);
        expect(encoded.filter((value) => value === 1)).toHaveLength(1);
        expect(encoded.indexOf(1)).toBe(pick % values.length);
      }),
    );
  });

  it('finds fault with values that no column stands for, with columns that are not coded, and with names', () => {
    expect(faultsOf(compileOneHot, { column: 'b', values: [1, 2] }, coded([1, 2, 3]))).toEqual([
      '/values must have all values of b: 3 is not there',
    ]);
    expect(faultsOf(compileOneHot, { column: 'b', values: [1, 2] }, coded(undefined))).toEqual([
      '/column must be an input that declares its values, unscaled: b',
    ]);
    expect(faultsOf(compileOneHot, { column: 'b', values: [1, 1], names: ['a'] }, coded([1]))).toEqual([
      '/names must have as many entries as values',
      '/values/1 is there twice',
      ' leaves a column twice: a',
    ]);
  });

  it('knows what an imputed value may be', () => {
    const imputed = step(compileImpute, { columns: { b: { constant: 9 } } }, coded([1, 2]));
    expect(faultsOf(compileOneHot, { column: 'b', values: [1, 2] }, imputed.layout)).toEqual([
      '/values must have all values of b: 9 is not there',
    ]);
    expect(faultsOf(compileOneHot, { column: 'b', values: [1, 2, 9] }, imputed.layout)).toEqual([]);
  });
});

describe('standardizeWindow', () => {
  const column = (values: readonly number[], width: number, index: number): number[] =>
    values.filter((_, at) => at % width === index);

  it('leaves each column of each window with mean 0 and population deviation 1, or all 0', () => {
    const window = fc.integer({ min: 1, max: 12 }).chain((samples) =>
      fc.record({
        samples: fc.constant(samples),
        windows: fc.array(
          fc.array(fc.double({ noNaN: true, min: -1e4, max: 1e4 }), { minLength: samples * 2, maxLength: samples * 2 }),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    );
    fc.assert(
      fc.property(window, ({ samples, windows }) => {
        const one = step(compileStandardizeWindow, {}, layout(['a', 'b'], samples));
        const scaled = valuesOf(one, windows.flat(), 2);
        windows.forEach((before, index) => {
          for (const at of [0, 1]) {
            const values = column(scaled.slice(index * samples * 2, (index + 1) * samples * 2), 2, at);
            const range = Math.max(...column(before, 2, at)) - Math.min(...column(before, 2, at));
            if (range === 0) expect(values.every((value) => value === 0)).toBe(true);
            if (range < 1e-6) continue; // fewer digits are left than the comparison asks for
            const mean = values.reduce((sum, value) => sum + value, 0) / samples;
            const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples);
            expect(Math.abs(mean)).toBeLessThan(1e-5);
            expect(Math.abs(deviation - 1)).toBeLessThan(1e-5);
          }
        });
      }),
    );
  });

  it('makes 0 of a column that does not change, whatever its rounded mean is', () => {
    const one = step(compileStandardizeWindow, {}, layout(['a'], 20));
    for (const value of [37.2, 0.1, 162, -1e-300, 1e300]) {
      expect(valuesOf(one, Array<number>(20).fill(value), 1)).toEqual(Array<number>(20).fill(0));
    }
  });

  it('makes 0 of a column in which only rounding changes', () => {
    const one = step(compileStandardizeWindow, {}, layout(['a'], 20));
    for (const value of [(63.3 + 63.3 + 63.3) / 3, (35.9 + 36.3) / 2]) {
      const weights = Array<number>(20)
        .fill(value > 50 ? 63.3 : 36.1)
        .with(19, value);
      expect(weights[19]).not.toBe(weights[0]);
      expect(valuesOf(one, weights, 1)).toEqual(Array<number>(20).fill(0));
    }
    const steady = Array<number>(20).fill(36.1).with(19, 36.1000001);
    expect(valuesOf(one, steady, 1)[19]).toBeCloseTo(Math.sqrt(19), 5);
  });

  it('makes no number of values whose squares are past all numbers', () => {
    const one = step(compileStandardizeWindow, {}, layout(['a'], 2));
    expect(valuesOf(one, [1e308, -1e308], 1)).toEqual([NaN, NaN]);
  });

  it('scales the named columns alone, and keeps what is missing missing', () => {
    const one = step(compileStandardizeWindow, { columns: ['b'] }, layout(['a', 'b'], 2));
    expect(valuesOf(one, [1, 10, 2, 20, 3, NaN, 4, 40], 2)).toEqual([1, -1, 2, 1, 3, NaN, 4, NaN]);
  });

  it('finds fault with there being no window', () => {
    expect(faultsOf(compileStandardizeWindow, {})).toEqual([' needs a window before it']);
  });
});
