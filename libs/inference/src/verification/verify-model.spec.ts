import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { attributeOf, graphOf, modelOf, nodeOf, onnxType, portOf } from '../../../../test/setup/onnx-model.js';
import { bytesField, concatenate, varintField } from '../engines/protobuf-wire.js';
import { KerasImporter } from '../import/keras-importer.js';
import { InferenceEngines, type EngineSetting } from '../inference-engines.js';
import { inferenceErrors } from '../inference.errors.js';
import { ModelArtifact } from '../engines/model-artifact.js';
import type { ModelManifest } from '../manifest.js';
import type { GoldenFile } from './golden-rows.js';
import type { VerificationRecord } from './verify-model.js';

const root = join(import.meta.dirname, '../../../..');
const folder = join(root, 'models/cardiac-risk/1.0.0');
const manifest = parse(readFileSync(join(folder, 'manifest.yaml'), 'utf8')) as ModelManifest;
const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as Omit<GoldenFile, 'outputs'> & {
  outputs: number[][];
};
const bytes = readFileSync(join(folder, 'model.keras'));

const enginesOf = (setting: EngineSetting): InferenceEngines => new InferenceEngines(setting, () => undefined);
const verify = (
  changes: { manifest?: ModelManifest; golden?: GoldenFile; artifact?: ModelArtifact; setting?: EngineSetting } = {},
): Promise<VerificationRecord> =>
  enginesOf(changes.setting ?? 'auto').verify({
    artifact: changes.artifact ?? new ModelArtifact(bytes, 'keras'),
    manifest: changes.manifest ?? manifest,
    golden: changes.golden ?? golden,
  });

describe('verifying the cardiac model', () => {
  it('compares both engines with Keras, with each other, and a row alone with the row in a batch', async () => {
    const record = await verify();
    expect(record).toMatchObject({ passed: true, singleEngine: false, unavailable: [] });
    expect(record.comparisons.map(({ kind, engine, against, rows }) => ({ kind, engine, against, rows }))).toEqual([
      { kind: 'golden', engine: 'onnx', against: golden.answeredBy, rows: golden.outputs.length },
      { kind: 'golden', engine: 'tfjs', against: golden.answeredBy, rows: golden.outputs.length },
      { kind: 'engines', engine: 'onnx', against: 'tfjs', rows: 64 },
      { kind: 'alone', engine: 'onnx', against: 'batch of 64', rows: 64 },
      { kind: 'alone', engine: 'tfjs', against: 'batch of 64', rows: 64 },
    ]);
    for (const { maxAbsoluteDifference, values, rows } of record.comparisons) {
      expect(maxAbsoluteDifference).toBeLessThan(1e-5);
      expect(values).toBe(rows);
    }
    expect(record.reason).toBeUndefined();
  });

  it('does not pass when one golden answer is another one', async () => {
    const outputs = golden.outputs.map((scores, row) => (row === 3 ? scores.map((score) => score + 3e-5) : scores));
    const record = await verify({ golden: { ...golden, outputs } });
    expect(record.passed).toBe(false);
    expect(record.reason).toMatch(/^onnx against keras .*: score 3 is .* instead of .*/);
  });

  it('does not pass when the golden rows have other columns than the pipeline leaves', async () => {
    const record = await verify({ golden: { ...golden, columns: [...(golden.columns ?? [])].reverse() } });
    expect(record).toMatchObject({
      passed: false,
      reason: expect.stringContaining('The golden rows have the columns'),
    });
  });

  it('holds the golden rows to their own tolerance where it is tighter, never to a looser one', async () => {
    const off = { ...golden, outputs: (golden.outputs as number[][]).map(([score = 0]) => [score + 5e-6]) };
    expect(await verify({ golden: off })).toMatchObject({ passed: true });
    expect(await verify({ golden: { ...off, atol: 1e-7, rtol: 0 } })).toMatchObject({ passed: false });
    const far = { ...golden, outputs: (golden.outputs as number[][]).map(([score = 0]) => [score + 1e-3]), atol: 0.1 };
    expect(await verify({ golden: far })).toMatchObject({ passed: false });
  });

  it('does not pass when the golden rows are ragged', async () => {
    const record = await verify({ golden: { ...golden, inputs: [[1, 2], [3]] } });
    expect(record).toMatchObject({ passed: false, reason: expect.stringContaining('not of one shape') });
  });

  it('does not pass when the manifest declares other columns or classes than the model has', async () => {
    const columns = await verify({ manifest: { ...manifest, inputs: manifest.inputs.slice(1), features: undefined } });
    expect(columns).toMatchObject({
      passed: false,
      reason: expect.stringContaining('takes 6 columns, the manifest declares 5'),
    });
    const classes = await verify({ manifest: { ...manifest, task: 'multiclass-classification' } });
    expect(classes).toMatchObject({
      passed: false,
      reason: expect.stringContaining('2 classes, the model has 1 scores'),
    });
  });

  it('does not pass when the scores of a classifier are no probabilities', async () => {
    // Sums of six inputs, as a network without its last activation answers.
    const { float32, int64 } = onnxType;
    const axis = concatenate([
      varintField(1, 1),
      varintField(2, int64),
      bytesField(9, new Uint8Array(8).fill(1, 0, 1)),
    ]);
    const logits = modelOf(
      graphOf(
        nodeOf('Constant', [], ['axis'], attributeOf('value', 4, bytesField(5, axis))),
        nodeOf('ReduceSum', ['x', 'axis'], ['y']),
        portOf(11, 'x', float32, [null, 6]),
        portOf(12, 'y', float32, [null, 1]),
      ),
    );
    const request = { artifact: new ModelArtifact(logits, 'onnx'), manifest };
    expect(await enginesOf('auto').verify(request)).toMatchObject({
      passed: false,
      reason: expect.stringContaining('a classifier ends in sigmoid or softmax'),
    });
    const regression: ModelManifest = { ...manifest, task: 'regression', output: {} };
    expect(await enginesOf('auto').verify({ ...request, manifest: regression })).toMatchObject({ passed: true });
  });

  it('does not pass when one row of the model is more than anybody sends, before memory is taken for it', async () => {
    for (const shape of [
      [null, 2_000_000_000],
      [null, 100_000, 100_000],
    ]) {
      const graph = graphOf(
        nodeOf('Relu', ['x'], ['y']),
        portOf(11, 'x', onnxType.float32, shape),
        portOf(12, 'y', onnxType.float32, shape),
      );
      const artifact = new ModelArtifact(modelOf(graph), 'onnx');
      const record = await enginesOf('auto').verify({ artifact, manifest });
      expect(record).toMatchObject({
        passed: false,
        reason: expect.stringMatching(/^One row of the model is \d+ numbers/),
      });
    }
  });

  it('does not pass when the file is not read, and says what to do', async () => {
    const record = await verify({
      artifact: new ModelArtifact(readFileSync(join(root, 'test/golden/keras/refuse-lambda-k3_15.keras')), 'keras'),
    });
    expect(record).toMatchObject({
      passed: false,
      reason: expect.stringContaining('replace it by layers of Keras'),
      engines: [],
    });
  });
});

describe('a verification that the machine could not end', () => {
  it('is no judgement of the model: it is thrown, and can be repeated', async () => {
    const importer = new KerasImporter({ timeoutMs: 1 });
    const artifact = new ModelArtifact(bytes, 'keras', importer);
    await expect(verify({ artifact })).rejects.toMatchObject({ kind: inferenceErrors.MODEL_TOO_COSTLY });
    await importer.close();
  });
});

describe('whether rows may be computed together', () => {
  /** A version of an exported model whose columns and classes are as in its golden file. */
  const exportedVersion = (name: string, classes: string[]): { artifact: ModelArtifact; manifest: ModelManifest } => {
    const path = join(root, '../shared/fixtures/onnx-golden', name);
    const { columns } = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as { columns: string[] };
    return {
      artifact: new ModelArtifact(readFileSync(`${path}.onnx`), 'onnx'),
      manifest: {
        ...manifest,
        inputs: columns.map((column) => ({ name: column, title: column, type: 'number' })),
        features: undefined,
        task: 'multiclass-classification',
        output: { classes: classes.map((label) => ({ name: label, title: label })) },
      },
    };
  };
  const shared = existsSync(join(root, '../shared/fixtures/onnx-golden'));

  it('is looked at on each engine, in batches of each size', async () => {
    const record = await verify();
    expect(record.batchInvariance).toEqual([
      { engine: 'onnx', batchInvariant: expect.any(Boolean), batchSizes: [2, 7, 32, 256] },
      { engine: 'tfjs', batchInvariant: expect.any(Boolean), batchSizes: [2, 7, 32, 256] },
    ]);
  });

  it.skipIf(!shared)('is so for a forest, and is not for a linear support vector machine', async () => {
    const forest = await enginesOf('auto').verify(exportedVersion('vertebral-random-forest', ['DH', 'NO', 'SL']));
    expect(forest).toMatchObject({ passed: true, batchInvariance: [{ engine: 'onnx', batchInvariant: true }] });
    expect(enginesOf('auto').isBatchInvariant(forest)).toBe(true);

    const version = exportedVersion('penguins-linear-svc', ['1', '2', '3']);
    const machine = await enginesOf('auto').verify(version);
    expect(machine).toMatchObject({ singleEngine: true, batchInvariance: [{ engine: 'onnx', batchInvariant: false }] });
    expect(enginesOf('auto').isBatchInvariant(machine)).toBe(false);
  });

  it.skipIf(!shared)('is beside the point where the classes are in another order than the file has them', async () => {
    const record = await enginesOf('auto').verify(exportedVersion('vertebral-random-forest', ['NO', 'DH', 'SL']));
    expect(record).toMatchObject({
      passed: false,
      reason: 'The scores of the model are in the order DH, NO, SL; output.classes has NO, DH, SL.',
    });
  });
});

describe('the engine that serves', () => {
  it('is ONNX Runtime when nothing is set, and else the one that is set', async () => {
    const record = await verify();
    expect(enginesOf('auto').choose(record)).toBe('onnx');
    expect(enginesOf('onnx').choose(record)).toBe('onnx');
    expect(enginesOf('tfjs').choose(record)).toBe('tfjs');
    expect(enginesOf('auto').choose({ ...record, passed: false })).toBeUndefined();
  });

  it('is verified again when its library is another one than in the record', async () => {
    const record = await verify();
    await expect(enginesOf('auto').isCurrent(record)).resolves.toBe(true);
    const older = {
      ...record,
      engines: record.engines.map((engine) => ({ ...engine, version: 'onnxruntime-node 1.0.0' })),
    };
    await expect(enginesOf('auto').isCurrent(older)).resolves.toBe(false);
  });

  it('is the only one for ONNX files, which is said in the record', async () => {
    const artifact = new ModelArtifact(readFileSync(join(root, 'test/golden/onnx/penguins-xgboost.onnx')), 'onnx');
    const inputs = Array.from({ length: 7 }, (_, index) => ({
      name: `x${index}`,
      title: `x${index}`,
      type: 'number' as const,
    }));
    const classes = ['adelie', 'gentoo', 'chinstrap'].map((name) => ({ name, title: name }));
    const penguins: ModelManifest = {
      ...manifest,
      inputs,
      features: undefined,
      task: 'multiclass-classification',
      output: { classes },
    };
    const request = { artifact, manifest: penguins };
    const record = await enginesOf('auto').verify(request);
    expect(record).toMatchObject({ passed: true, singleEngine: true, unavailable: [{ engine: 'tfjs' }] });
    await expect(enginesOf('tfjs').verify(request)).rejects.toMatchObject({
      kind: inferenceErrors.ENGINE_UNAVAILABLE,
      message: expect.stringContaining('INFERENCE_ENGINE=tfjs') as string,
    });
  });
});
