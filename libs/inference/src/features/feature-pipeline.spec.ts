import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManifestInput } from '../manifest.js';
import { compileFeatures } from './feature-pipeline.js';

const inputs = ['a', 'b', 'c'].map((name): ManifestInput => ({ name, title: name, type: 'number' }));

describe('the feature pipeline', () => {
  it('takes all inputs in their order where the manifest declares no step', () => {
    const { inputs: made, build } = compileFeatures({ inputs });
    expect(made).toEqual([{ shape: [3], columns: ['a', 'b', 'c'] }]);
    expect(
      build([
        { c: 3, b: 2, a: 1 },
        { a: 4, b: 5, c: 6 },
      ]),
    ).toEqual({ rows: 2, tensors: [{ shape: [3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }] });
  });

  it('selects and orders', () => {
    const { inputs: made, build } = compileFeatures({ inputs, features: [{ select: ['c', 'a'] }] });
    expect(made[0]?.columns).toEqual(['c', 'a']);
    expect(build([{ a: 1, b: 2, c: 3 }]).tensors[0]?.values).toEqual(Float32Array.of(3, 1));
  });

  it('applies steps one after the other', () => {
    const { inputs: made, build } = compileFeatures({
      inputs,
      features: [{ select: ['c', 'b', 'a'] }, { select: ['a', 'c'] }],
    });
    expect(made[0]?.columns).toEqual(['a', 'c']);
    expect(build([{ a: 1, b: 2, c: 3 }]).tensors[0]?.values).toEqual(Float32Array.of(1, 3));
  });

  it('refuses a step that names what is not there, before any row comes', () => {
    expect(() => compileFeatures({ inputs, features: [{ select: ['a', 'weight'] }] })).toThrow(/weight/);
    expect(() => compileFeatures({ inputs, features: [{ select: ['a'] }, { select: ['b'] }] })).toThrow(
      /names no column: b/,
    );
    expect(() => compileFeatures({ inputs, features: [{ scale: [1] } as never] })).toThrow(
      '/features/0 is an unknown step: scale.',
    );
  });

  it('gives a row the same values alone and in any batch', () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true });
    const rows = fc.array(fc.record({ a: value, b: value, c: value }), { minLength: 1, maxLength: 20 });
    const pipeline = compileFeatures({ inputs, features: [{ select: ['b', 'c', 'a'] }, { select: ['a', 'b'] }] });
    fc.assert(
      fc.property(rows, (batch) => {
        const together = pipeline.build(batch).tensors[0]?.values;
        expect(together).toEqual(
          Float32Array.from(batch.flatMap((row) => [...(pipeline.build([row]).tensors[0]?.values ?? [])])),
        );
      }),
    );
  });
});
