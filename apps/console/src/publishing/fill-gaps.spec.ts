import { describe, expect, it } from 'vitest';
import type { ModelVersion } from '../api/models';
import { fillGaps, type Manifest } from './fill-gaps';

const LIVE = {
  title: 'Ward risk',
  description: 'Risk on the ward',
  notice: 'Trained on synthetic data',
  task: 'binary-classification',
  inputs: [
    { name: 'age', title: 'Age', type: 'integer', unit: 'years', range: { minimum: 0, maximum: 99 } },
    { name: 'weight', title: 'Weight', type: 'number', unit: 'kg' },
  ],
  observations: null,
  features: [{ select: ['age', 'weight'] }],
  output: {
    classes: [
      { name: 'well', title: 'Well' },
      { name: 'risk', title: 'At risk' },
    ],
    threshold: 0.3,
  },
} as Partial<ModelVersion> as ModelVersion;

function inspected(draft: Partial<Manifest> | null, classes: string[] | null = null) {
  const manifest = draft && {
    schemaVersion: 1,
    name: 'model',
    version: '1.0.0',
    title: 'Model',
    description: 'This manifest was inferred',
    inferred: true,
    task: 'binary-classification',
    artifact: { file: 'model.onnx', format: 'onnx' },
    provenance: { framework: 'skl2onnx 1.20.0' },
    ...draft,
  };
  return { manifest, classes, format: 'onnx' as const, writtenBy: 'skl2onnx 1.20.0' };
}

const UNNAMED = [
  { name: 'x1', title: 'x1', type: 'number' as const },
  { name: 'x2', title: 'x2', type: 'number' as const },
];
const GENERIC = { classes: [{ name: 'negative', title: 'negative' }, { name: 'positive', title: 'positive' }] }; // prettier-ignore
const sources = { fileName: 'model.onnx', name: 'ward-risk', version: '1.1.0' };

describe('A draft', () => {
  it('of a new model is what the file says, under the name it gets', () => {
    const { manifest, taken } = fillGaps({ ...sources, inspection: inspected({ inputs: UNNAMED, output: GENERIC }) });
    expect(manifest).toMatchObject({ name: 'ward-risk', version: '1.1.0', title: 'Ward risk', inferred: true });
    expect(taken).toEqual([]);
  });

  it('of the next version has the live one’s words where the file names nothing', () => {
    const inspection = inspected({ inputs: UNNAMED, output: GENERIC });
    const { manifest, taken } = fillGaps({ ...sources, inspection, live: LIVE });
    expect(manifest).toEqual({
      schemaVersion: 1,
      name: 'ward-risk',
      version: '1.1.0',
      title: LIVE.title,
      description: LIVE.description,
      notice: LIVE.notice,
      task: LIVE.task,
      artifact: { file: 'model.onnx', format: 'onnx' },
      inputs: LIVE.inputs,
      features: LIVE.features,
      output: LIVE.output,
      provenance: { framework: 'skl2onnx 1.20.0' },
    });
    expect(taken).toEqual(['words', 'inputs', 'classes']);
  });

  it('keeps the inputs and classes that the file names, described as before', () => {
    const inputs = [
      { name: 'weight', title: 'weight', type: 'number' as const },
      { name: 'lactate', title: 'lactate', type: 'number' as const },
    ];
    const output = {
      classes: ['risk', 'well', 'unknown'].map((name) => ({ name, title: name })),
    };
    const inspection = inspected({ inputs, output, task: 'multiclass-classification' }, ['risk', 'well', 'unknown']);
    const { manifest } = fillGaps({ ...sources, inspection, live: LIVE });
    expect(manifest.task).toBe('multiclass-classification');
    expect(manifest.inputs).toEqual([LIVE.inputs[1], inputs[1]]);
    expect(manifest.features).toBeUndefined();
    expect(manifest.output).toEqual({
      classes: [
        { name: 'risk', title: 'At risk' },
        { name: 'well', title: 'Well' },
        { name: 'unknown', title: 'unknown' },
      ],
    });
  });

  it('never says of a text that it is a number', () => {
    const inputs = [
      { name: 'age', title: 'age', type: 'string' as const },
      { name: 'height', title: 'height', type: 'number' as const },
    ];
    const inspection = inspected({ inputs, output: GENERIC });
    const { manifest } = fillGaps({ ...sources, inspection, live: LIVE });
    expect(manifest.inputs).toEqual(inputs);
  });

  it('of a file that leaves everything open is the live version’s, or a frame to fill in', () => {
    const next = fillGaps({ ...sources, inspection: inspected(null), live: LIVE });
    expect(next.manifest).toMatchObject({ inputs: LIVE.inputs, output: LIVE.output });
    const first = fillGaps({ ...sources, fileName: '../my model.onnx', inspection: inspected(null) });
    expect(first.manifest).toMatchObject({
      name: 'ward-risk',
      artifact: { file: '_my_model.onnx'.slice(1), format: 'onnx' },
    });
  });
});
