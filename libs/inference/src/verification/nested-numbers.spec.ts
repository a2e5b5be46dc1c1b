import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readNestedNumbers } from './nested-numbers.js';

it('reads what was nested, whatever its shape', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
  fc.assert(
    fc.property(shapes, (shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const values = Array.from({ length: size }, (_, index) => index / 4);
      const nested = shape.reduceRight<unknown[]>(
        (items, length) =>
          Array.from({ length: items.length / length }, (_, row) => items.slice(row * length, (row + 1) * length)),
        values,
      )[0];
      expect(readNestedNumbers(nested)).toEqual({ shape, values: Float32Array.from(values) });
    }),
  );
});

it.each([
  ['rows of other lengths', [[1, 2], [3]]],
  ['rows of other lengths, though as many numbers as there should be', [[1, 2], [3], [4, 5, 6]]],
  ['a number beside a list', [[1], 2]],
  ['a list beside a number', [1, [2]]],
  ['null', [[1, null]]],
  ['text', [['1']]],
  ['an object', [{ a: 1 }]],
])('refuses %s', (_, nested) => {
  expect(readNestedNumbers(nested)).toBeUndefined();
});

it('takes lists that nest without end for what they are', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
  expect(readNestedNumbers(deep)?.values).toHaveLength(0);
});
