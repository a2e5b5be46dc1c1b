import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelManifest } from './manifest.js';
import { compileDecoder } from './prediction-result.js';
import { compileResultWriter } from './result-writer.js';

type Declared = Pick<ModelManifest, 'task' | 'output'>;

/** In a manifest a class's name begins with no underscore, so that none is __proto__. */
const names = fc.uniqueArray(
  fc
    .oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.constantFrom('10', '2', 'risk', 'no-risk', '"', '\n'))
    .filter((name) => name !== '__proto__'),
  { minLength: 2, maxLength: 5 },
);
const numbers = (range: fc.DoubleConstraints): fc.Arbitrary<number> => fc.double({ ...range, noNaN: true });

function expectSame(declared: Declared, scores: readonly number[]): void {
  const result = compileDecoder(declared, scores.length)(scores);
  expect(compileResultWriter(declared)(result)).toBe(JSON.stringify(result));
}

describe('a result is written as JSON.stringify writes it', () => {
  it('of a classifier with probabilities', () => {
    const probability = numbers({ min: 0, max: 1 });
    fc.assert(
      fc.property(names, fc.array(probability, { minLength: 5, maxLength: 5 }), (classes, scores) => {
        const output = { classes: classes.map((name) => ({ name, title: name })) } as Declared['output'];
        expectSame({ task: 'multiclass-classification', output } as Declared, scores.slice(0, classes.length));
        const two = { ...output, classes: output.classes!.slice(0, 2) };
        expectSame({ task: 'binary-classification', output: two } as Declared, scores.slice(0, 1));
        expectSame({ task: 'binary-classification', output: two } as Declared, scores.slice(0, 2));
      }),
    );
  });

  it('of a classifier with the values of a decision function', () => {
    const score = numbers({ min: -1e300, max: 1e300 });
    fc.assert(
      fc.property(names, fc.array(score, { minLength: 5, maxLength: 5 }), (classes, scores) => {
        const output = {
          kind: 'decision',
          classes: classes.map((name) => ({ name, title: name })),
        } as Declared['output'];
        expectSame({ task: 'multiclass-classification', output } as Declared, scores.slice(0, classes.length));
      }),
    );
  });

  it('of a regression', () => {
    fc.assert(
      fc.property(numbers({ noDefaultInfinity: true }), (score) =>
        expectSame({ task: 'regression', output: {} } as Declared, [score]),
      ),
    );
  });
});
