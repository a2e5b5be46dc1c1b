/** Inputs of text, on their way to a model that takes texts or numbers. */
import { describe, expect, it } from 'vitest';
import type { FeatureDeclaration, FeatureStep, ManifestInput } from '../manifest.js';
import { compileFeatures, featureFaults, optionalInputs } from './feature-pipeline.js';

const age: ManifestInput = { name: 'age', title: 'Age', type: 'number' };
const sex: ManifestInput = {
  name: 'sex',
  title: 'Sex',
  type: 'string',
  values: ['female', 'male'].map((value) => ({ value, title: value })),
};
const ward: ManifestInput = { name: 'ward', title: 'Ward', type: 'string' };
const rows = [
  { age: 40, sex: 'male', ward: 'B' },
  { age: 50, sex: 'female', ward: 'A' },
  { age: 60, sex: 'male', ward: 'B' },
];

/** What a pipeline leaves for each input, its texts in place of their positions. */
function built(declaration: FeatureDeclaration, modelInputs?: string[]): unknown[] {
  const pipeline = compileFeatures(declaration, modelInputs);
  return pipeline
    .build(rows)
    .tensors.map(({ values, texts }) => (texts ? Array.from(values, (at) => texts[at]) : [...values]));
}

const faultsOf = (inputs: ManifestInput[], ...features: FeatureStep[]): string[] =>
  featureFaults({ inputs, features }).map(({ pointer, detail }) => `${pointer} ${detail}`);

describe('inputs of text', () => {
  it('go to the inputs of the model that have their names', () => {
    const inputs = [age, sex, ward];
    expect(built({ inputs }, ['ward', 'age', 'sex'])).toEqual([
      ['B', 'A', 'B'],
      [40, 50, 60],
      ['male', 'female', 'male'],
    ]);
    const pipeline = compileFeatures({ inputs }, ['age', 'sex', 'ward']);
    expect(pipeline.inputs).toEqual([
      { name: 'age', shape: [1], columns: ['age'] },
      { name: 'sex', shape: [1], columns: ['sex'], isText: true },
      { name: 'ward', shape: [1], columns: ['ward'], isText: true },
    ]);
  });

  it('stand beside each other where one input takes all of them', () => {
    expect(built({ inputs: [ward, sex] })).toEqual([['B', 'male', 'A', 'female', 'B', 'male']]);
  });

  it('become numbers one for each value, and a text where one is missing', () => {
    const declaration: FeatureDeclaration = {
      inputs: [age, sex],
      features: [
        { impute: { columns: { sex: { constant: 'female' } } } },
        { oneHot: { column: 'sex', values: ['male', 'female'] } },
      ],
    };
    expect(built(declaration)).toEqual([[40, 1, 0, 50, 0, 1, 60, 1, 0]]);
    expect(optionalInputs(declaration)).toEqual(new Set(['sex']));
    const missing = compileFeatures(declaration).build([{ age: 70, sex: null }]);
    expect(missing.tensors).toEqual([{ shape: [3], values: Float32Array.of(70, 0, 1) }]);
  });

  it('do not mix with numbers, and are not computed with', () => {
    const mixed = 'leaves texts and numbers for one input of the model: encode the texts with oneHot, or select';
    expect(faultsOf([age, sex], { select: ['age', 'sex'] })).toEqual([`/features ${mixed}`]);
    expect(() => compileFeatures({ inputs: [age, sex] })).toThrow(mixed);
    expect(faultsOf([sex], { minMax: { columns: { sex: { minimum: 0, maximum: 1 } } } })).toEqual([
      '/features/0/minMax/columns/sex is a column of texts: sex',
    ]);
    expect(faultsOf([sex], { impute: { columns: { sex: { median: 3 } } } })).toEqual([
      '/features/0/impute/columns/sex must be a text: sex is one',
    ]);
    expect(faultsOf([sex], { oneHot: { column: 'sex', values: [0, 1] } })).toEqual([
      '/features/0/oneHot/values must be texts, as those of sex are',
    ]);
  });
});
