import { describe, expect, it } from 'vitest';
import type { ManifestInput, ModelManifest } from '#inference';
import { speciesMetrics } from './species-metrics.js';
import { readSpeciesModel } from './species-model.js';

const PENGUIN = {
  island: 2,
  bill_length_mm: 46.1,
  bill_depth_mm: 13.2,
  flipper_length_mm: 211,
  body_mass_g: 4500,
  sex: 1,
  year: 2007,
};

function manifest(
  inputs: readonly Partial<ManifestInput>[],
  classes = ['Adelie', 'Chinstrap', 'Gentoo'],
): ModelManifest {
  return {
    schemaVersion: 1,
    name: 'any',
    version: '1.0.0',
    title: 'Any',
    task: 'multiclass-classification',
    artifact: { file: 'model.onnx', format: 'onnx' },
    inputs: inputs.map((input) => ({ name: 'year', title: 'A title', type: 'number', ...input })),
    output: { classes: classes.map((name) => ({ name, title: `Class ${name}` })) },
  };
}

function rowOf(...inputs: Partial<ManifestInput>[]): unknown {
  const { model } = readSpeciesModel(manifest(inputs));
  return model?.rowOf(PENGUIN);
}

function why(of: ModelManifest): string | undefined {
  const read = readSpeciesModel(of);
  return read.model ? undefined : read.why;
}

describe('a model of species', () => {
  it('gets the inputs that it takes, by its own names', () => {
    expect(rowOf({ name: 'body_mass_g' }, { name: 'billLengthMm' })).toEqual({ body_mass_g: 4500, billLengthMm: 46.1 });
  });

  it('gets codes where it takes numbers, whatever its own codes are', () => {
    expect(rowOf({ name: 'island', type: 'integer' })).toEqual({ island: 2 });
    const values = [
      { value: 0, title: 'Biscoe' },
      { value: 1, title: 'Dream' },
      { value: 2, title: 'Torgersen' },
    ];
    expect(rowOf({ name: 'island', type: 'integer', values })).toEqual({ island: 0 });
  });

  it('gets texts where it takes texts, as it spells them', () => {
    expect(rowOf({ name: 'island', type: 'string' }, { name: 'sex', type: 'string' })).toEqual({
      island: 'Biscoe',
      sex: 'male',
    });
    const sexes = [
      { value: 'FEMALE', title: 'Female' },
      { value: 'MALE', title: 'Male' },
    ];
    expect(rowOf({ name: 'sex', type: 'string', values: sexes })).toEqual({ sex: 'MALE' });
    const codes = [
      { value: '0', title: 'A' },
      { value: '1', title: 'B' },
    ];
    expect(rowOf({ name: 'sex', type: 'string', values: codes })).toEqual({ sex: '1' });
  });

  it('answers by the species’ names, not by the places of its classes', () => {
    const { model } = readSpeciesModel(manifest([{}], ['Gentoo', 'Adélie', 'chinstrap']));
    expect(['Gentoo', 'Adélie', 'chinstrap'].map((label) => model?.speciesOf(label))).toEqual([
      { id: 3, name: 'Gentoo' },
      { id: 1, name: 'Adelie' },
      { id: 2, name: 'Chinstrap' },
    ]);
  });

  it('is none where it takes or answers something else', () => {
    expect(why(manifest([{ name: 'age' }]))).toBe('it takes age, which the service does not have');
    expect(why(manifest([{}], ['no-risk', 'risk']))).toMatch(/^its class no-risk is none of the species/);
    expect(why(manifest([{}], ['1', '2', '3']))).toMatch(/^its class 1 /);
    expect(why({ ...manifest([{}]), task: 'regression', output: {} })).toBe('it is no classifier');
    expect(why({ ...manifest([{}]), observations: { signals: [] } })).toBe('it takes observations over time');
  });
});

describe('the figures of a model of species', () => {
  it('are those of its manifest, by other names of the data sets', () => {
    const metrics = [
      { name: 'accuracy', value: 0.99, dataset: 'train' },
      { name: 'accuracy', value: 0.95, dataset: 'cross-validation' },
      { name: 'accuracy', value: 0.97, dataset: 'held-out' },
      { name: 'precisionWeighted', value: 0.96, dataset: 'held-out' },
      { name: 'recall', value: 0.94, dataset: 'held-out' },
      { name: 'recallWeighted', value: 0.93, dataset: 'held-out' },
    ];
    expect(speciesMetrics(metrics)).toEqual({
      train_accuracy: 0.99,
      test_accuracy: 0.97,
      test_precision: 0.96,
      test_recall: 0.94,
      test_f1: null,
    });
  });

  it('are unknown where it has none', () => {
    expect(Object.values(speciesMetrics(undefined))).toEqual([null, null, null, null, null]);
  });
});
