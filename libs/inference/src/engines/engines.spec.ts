/** Both engines on real models. ../shared/fixtures/cardiac (not part of the project) is used where it is at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '#platform';
import { afterAll, describe, expect, it } from 'vitest';
import { tolerance } from '../verification/compare.js';
import type { InferenceEngine, LoadedModel } from './inference-engine.js';
import { ModelArtifact } from './model-artifact.js';
import { OnnxEngine } from './onnx-engine.js';
import { TensorFlowEngine } from './tensorflow-engine.js';

const root = join(import.meta.dirname, '../../../..');
const shipped = join(root, 'models/cardiac-risk/1.0.0');
const unlp = join(root, '../shared/fixtures/cardiac/unlp-7-inputs.keras');

const goldenFolder = join(root, 'test/golden/keras');
const goldenCases = (
  JSON.parse(readFileSync(join(goldenFolder, 'manifest.json'), 'utf8')) as { cases: { name: string; file: string }[] }
).cases;

const tensorFlowLog: string[] = [];
const engines: InferenceEngine[] = [new OnnxEngine(), new TensorFlowEngine((line) => tensorFlowLog.push(line))];
const loaded: LoadedModel[] = [];

async function load(engine: InferenceEngine, path: string, format: 'keras' | 'h5' | 'onnx'): Promise<LoadedModel> {
  const model = await engine.load(new ModelArtifact(readFileSync(path), format));
  loaded.push(model);
  return model;
}

function run(model: LoadedModel, rows: readonly (readonly number[])[]): Promise<Float32Array> {
  return model.run({
    rows: rows.length,
    tensors: [{ shape: [rows[0]?.length ?? 0], values: Float32Array.from(rows.flat()) }],
  });
}

function expectEqual(answers: Float32Array, expected: readonly number[]): void {
  expect(answers).toHaveLength(expected.length);
  expected.forEach((value, index) =>
    expect(Math.abs((answers[index] ?? NaN) - value)).toBeLessThanOrEqual(
      tolerance.absolute + tolerance.relative * Math.abs(value),
    ),
  );
}

interface Golden {
  inputs: number[][];
  outputs: number[][];
}

const goldenOf = (path: string): Golden & Record<'scaled' | 'ramp', Golden> => JSON.parse(readFileSync(path, 'utf8'));

afterAll(async () => {
  for (const model of loaded) await model.dispose();
});

describe.each(engines)('$name', (engine) => {
  it('answers the cardiac model as Keras did', async () => {
    const model = await load(engine, join(shipped, 'model.keras'), 'keras');
    const { inputs, outputs } = goldenOf(join(shipped, 'golden.json'));
    expect(model.inputs.map(({ shape }) => shape)).toEqual([[6]]);
    expect(model.outputWidth).toBe(1);
    expectEqual(await run(model, inputs), outputs.flat());
  });

  it.skipIf(!existsSync(unlp))('answers the older course model as Keras did, raw, scaled and far outside', async () => {
    const model = await load(engine, unlp, 'keras');
    const golden = goldenOf(unlp.replace('-inputs.keras', '-golden.json'));
    for (const { inputs, outputs } of [golden, golden.scaled, golden.ramp])
      expectEqual(await run(model, inputs), outputs.flat());
  });

  it.each(goldenCases)('answers $name as Keras did', async ({ file }) => {
    const path = join(goldenFolder, file);
    const model = await load(engine, path, file.endsWith('.h5') ? 'h5' : 'keras');
    const { inputs, outputs } = goldenOf(path.replace(/\.[^.]+$/, '.json'));
    expectEqual(await run(model, inputs), outputs.flat());
  });

  it('refuses values that are not finite before it computes anything', async () => {
    const model = await load(engine, join(shipped, 'model.keras'), 'keras');
    for (const wrong of [NaN, Infinity, -Infinity, 1e39]) {
      await expect(
        run(model, [
          [1, 1, 1, 50, 0, 0],
          [1, wrong, 1, 50, 0, 0],
        ]),
      ).rejects.toMatchObject({ name: 'INPUT_NOT_FINITE', message: expect.stringContaining('Row 1') });
    }
  });

  it('answers no score that is not finite', async () => {
    // One of its activations is the exponential: finite for small inputs, infinite for large ones.
    const model = await load(engine, join(root, 'test/golden/keras/act-common-k3_15-keras.keras'), 'keras');
    const width = model.inputs[0]?.shape[0] ?? 0;
    const rowOf = (value: number): number[] => new Array<number>(width).fill(value);
    await expect(run(model, [rowOf(0.1)])).resolves.toHaveLength(model.outputWidth);
    await expect(run(model, [rowOf(0.1), rowOf(-1e4)])).rejects.toMatchObject({
      name: 'OUTPUT_NOT_FINITE',
      message: expect.stringContaining('row 1'),
    });
  });

  it('refuses rows of another shape than the model takes', async () => {
    const model = await load(engine, join(shipped, 'model.keras'), 'keras');
    await expect(run(model, [[1, 2, 3]])).rejects.toMatchObject({ name: 'MODEL_DOES_NOT_FIT' });
    await expect(model.run({ rows: 2, tensors: [{ shape: [6], values: new Float32Array(6) }] })).rejects.toMatchObject({
      name: 'MODEL_DOES_NOT_FIT',
    });
    await expect(model.run({ rows: 1, tensors: [] })).rejects.toMatchObject({ name: 'MODEL_DOES_NOT_FIT' });
  });

  it('says why a file cannot be read', async () => {
    const lambda = engine.load(
      new ModelArtifact(readFileSync(join(root, 'test/golden/keras/refuse-lambda-k3_15.keras')), 'keras'),
    );
    await expect(lambda).rejects.toBeInstanceOf(DomainError);
    await expect(lambda).rejects.toMatchObject({
      name: 'MODEL_UNREADABLE',
      message: expect.stringContaining('Lambda'),
      cause: { code: 'lambda-layer' },
    });
  });

  it('names its library and the processor', async () => {
    const { name, version, processor } = await engine.identity();
    expect(name).toBe(engine.name);
    expect(version).toMatch(
      /^(onnxruntime-node \d+\.\d+\.\d+|tfjs \d+\.\d+\.\d+ wasm|tfjs-node \d+\.\d+\.\d+ \(TensorFlow \d+\.\d+\.\d+\))$/,
    );
    expect(processor).toMatch(/^\w+ \S/);
  });
});

describe('TensorFlow.js', () => {
  it('says in one line which back end runs and why', async () => {
    const engine = new TensorFlowEngine((line) => tensorFlowLog.push(line));
    await engine.identity();
    await engine.identity();
    expect(tensorFlowLog.at(-1)).toMatch(/^TensorFlow\.js runs as (tfjs [\d.]+ wasm|tfjs-node .*): .+/);
    expect(new Set(tensorFlowLog).size).toBe(1);
  });
});

describe('ONNX Runtime', () => {
  const onnx = new OnnxEngine();

  it.each(['penguins-xgboost', 'vertebral-lightgbm', 'vertebral-random-forest'])(
    'answers the exported %s with its probabilities',
    async (name) => {
      const path = join(root, 'test/golden/onnx', name);
      const model = await load(onnx, `${path}.onnx`, 'onnx');
      const golden = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as {
        inputs: number[][] | Record<string, number[][]>;
        probabilities: number[][];
      };
      const inputs = Array.isArray(golden.inputs) ? golden.inputs : (Object.values(golden.inputs)[0] as number[][]);
      expectEqual(await run(model, inputs), golden.probabilities.flat());
    },
  );

  it('refuses outputs that are no tensor of scores, saying how to export the model', async () => {
    const bytes = readFileSync(join(root, 'test/golden/onnx/vertebral-logreg-scaler-zipmap.onnx'));
    await expect(onnx.load(new ModelArtifact(bytes, 'onnx'))).rejects.toMatchObject({
      name: 'MODEL_DOES_NOT_FIT',
      message: expect.stringContaining('zipmap=False'),
    });
  });

  it('refuses bytes that are no ONNX', async () => {
    await expect(onnx.load(new ModelArtifact(new TextEncoder().encode('no model'), 'onnx'))).rejects.toMatchObject({
      name: 'MODEL_UNREADABLE',
    });
  });
});
