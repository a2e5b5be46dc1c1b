/** Both engines on real models. ../shared/fixtures/cardiac (not part of the project) is used where it is at hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '#platform';
import { afterAll, describe, expect, it } from 'vitest';
import { attributeOf, graphOf, modelOf, nodeOf, onnxType, portOf } from '../../../../test/setup/onnx-model.js';
import { valuesPerRow, type ModelOutput, type TensorBatch } from '../tensor-batch.js';
import { tolerance } from '../verification/compare.js';
import type { InferenceEngine, LoadedModel } from './inference-engine.js';
import { ModelArtifact } from './model-artifact.js';
import { OnnxEngine } from './onnx-engine.js';
import { bytesField, concatenate, varintField } from './protobuf-wire.js';
import { openModel } from './runnable-model.js';
import { TensorFlowEngine } from './tensorflow-engine.js';
import { TensorFlowKernel } from './tensorflow-kernel.js';
import { loadTensorFlow } from './tensorflow-library.js';

const root = join(import.meta.dirname, '../../../..');
const shipped = join(root, 'models/cardiac-risk/1.0.0');
const unlp = join(root, '../shared/fixtures/cardiac/unlp-7-inputs.keras');

const goldenFolder = join(root, 'test/golden/keras');
const goldenCases = (
  JSON.parse(readFileSync(join(goldenFolder, 'manifest.json'), 'utf8')) as { cases: { name: string; file: string }[] }
).cases;

/** What scikit-learn, XGBoost and LightGBM exported; all of it where the shared fixtures are at hand. */
const sharedExports = join(root, '../shared/fixtures/onnx-golden');
const exportedFolder = existsSync(sharedExports) ? sharedExports : join(root, 'test/golden/onnx');
const exported = readdirSync(exportedFolder).flatMap((file) => (file.endsWith('.onnx') ? [file.slice(0, -5)] : []));

interface ExportedGolden {
  readonly inputs: number[][] | Record<string, number[][]>;
  readonly classes: readonly (string | number)[];
  readonly probabilities?: (number[] | Record<string, number>)[];
  readonly scores?: number[][];
}

/** A TensorProto of one axis. */
function floats(values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return concatenate([varintField(1, values.length), varintField(2, onnxType.float32), bytesField(9, raw)]);
}

const tensorFlowLog: string[] = [];
const engines: InferenceEngine[] = [new OnnxEngine(), new TensorFlowEngine((line) => tensorFlowLog.push(line))];
const loaded: LoadedModel[] = [];

async function load(engine: InferenceEngine, path: string, format: 'keras' | 'h5' | 'onnx'): Promise<LoadedModel> {
  const model = await engine.load(new ModelArtifact(readFileSync(path), format));
  loaded.push(model);
  return model;
}

async function run(model: LoadedModel, rows: readonly (readonly number[])[]): Promise<Float32Array> {
  const [scores] = await model.run({
    rows: rows.length,
    tensors: [{ shape: [rows[0]?.length ?? 0], values: Float32Array.from(rows.flat()) }],
  });
  return scores as Float32Array;
}

function expectEqual(answers: Float32Array, expected: readonly number[]): void {
  expect(answers).toHaveLength(expected.length);
  expected.forEach((value, index) =>
    expect(Math.abs((answers[index] ?? NaN) - value)).toBeLessThanOrEqual(
      tolerance.absolute + tolerance.relative * Math.abs(value),
    ),
  );
}

type Nested = number | Nested[];

/** One tensor, or several by name. */
interface GoldenVectors {
  readonly inputs: Nested | Record<string, Nested>;
  readonly outputs: Nested | Record<string, Nested>;
}

function flatten(nested: Nested): number[] {
  return Array.isArray(nested) ? nested.flatMap(flatten) : [nested];
}

function tensorsOf(golden: Nested | Record<string, Nested>, ports: readonly { name: string }[]) {
  const list = Array.isArray(golden) || typeof golden === 'number' ? [golden] : ports.map(({ name }) => golden[name]);
  return list.map((nested = []) => {
    const shape: number[] = [];
    for (let level: Nested | undefined = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
    const values = Float32Array.from(flatten(nested));
    return { rows: shape[0] ?? 0, shape: shape.slice(1), values };
  });
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
    expect(model.outputs.map(({ shape }) => shape)).toEqual([[1]]);
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
    const golden = JSON.parse(readFileSync(path.replace(/\.[^.]+$/, '.json'), 'utf8')) as GoldenVectors;
    const tensors = tensorsOf(golden.inputs, model.inputs);
    const outputs = await model.run({ rows: tensors[0]?.rows ?? 0, tensors });
    const expected = tensorsOf(golden.outputs, model.outputs);
    expect(outputs).toHaveLength(expected.length);
    outputs.forEach((values, index) => expectEqual(values, [...(expected[index]?.values ?? [])]));
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
    await expect(run(model, [rowOf(0.1)])).resolves.toHaveLength(valuesPerRow(model.outputs[0] as ModelOutput) ?? 0);
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

describe('a model that needs what TensorFlow.js does not have', () => {
  it('is not computable by it, which is nothing against the model', async () => {
    const { tf } = await loadTensorFlow();
    const port = { name: 'x', tensor: { id: 'x', shape: [null, 3] } };
    const model = { run: () => [tf.einsum('ab->ba', tf.ones([2, 3]))], dispose: () => undefined };
    const open = () => Promise.resolve(new TensorFlowKernel(tf, model as never, { inputs: [port], outputs: [port] }));
    const source = { engine: 'tfjs', content: new Uint8Array() } as const;
    const engine = { name: 'tfjs', version: 'tfjs', processor: 'any' } as const;
    // Native TensorFlow has it.
    if (tf.getBackend() !== 'wasm') return;
    const outcome = await openModel({ engine, open, source }).then(
      () => 'opened',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(outcome).toBe('ENGINE_UNAVAILABLE: TensorFlow.js has no Einsum on its back end wasm.');
  });
});

describe('ONNX Runtime', () => {
  const onnx = new OnnxEngine();

  it.each(exported)('answers the exported %s with its scores', async (name) => {
    const path = join(exportedFolder, name);
    const model = await load(onnx, `${path}.onnx`, 'onnx');
    const golden = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as ExportedGolden;
    const inputs = Array.isArray(golden.inputs) ? golden.inputs : (Object.values(golden.inputs)[0] as number[][]);
    const classes = golden.classes.map(String);
    expect(model.classes).toEqual(classes);
    // With ZipMap a row's probabilities are a map; in the order of the classes they are what the model answers.
    const rows = (golden.probabilities ?? golden.scores ?? []).map((row) =>
      Array.isArray(row) ? row : classes.map((label) => row[label] as number),
    );
    expectEqual(await run(model, inputs), rows.flat());
  });

  it('takes float64 and whole numbers, and leaves labels out', async () => {
    const { float32, float64, int64, string } = onnxType;
    const bytes = modelOf(
      graphOf(
        nodeOf('Cast', ['n'], ['count'], attributeOf('to', 2, varintField(3, float32))),
        nodeOf('Cast', ['x'], ['single'], attributeOf('to', 2, varintField(3, float32))),
        nodeOf('Add', ['single', 'count'], ['sum']),
        nodeOf('Identity', ['x'], ['double']),
        nodeOf('Cast', ['n'], ['label'], attributeOf('to', 2, varintField(3, string))),
        portOf(11, 'x', float64, [null, 2]),
        portOf(11, 'n', int64, [null, 2]),
        portOf(12, 'label', string, [null, 2]),
        portOf(12, 'sum', float32, [null, 2]),
        portOf(12, 'double', float64, [null, 2]),
      ),
    );
    const model = await onnx.load(new ModelArtifact(bytes, 'onnx'));
    loaded.push(model);
    expect(model.outputs).toEqual([
      { name: 'sum', shape: [2] },
      { name: 'double', shape: [2] },
    ]);
    const batchOf = (counts: number[]): TensorBatch => ({
      rows: 1,
      tensors: [Float32Array.of(0.5, 1.5), Float32Array.from(counts)].map((values) => ({ shape: [2], values })),
    });
    expect(await model.run(batchOf([3, -4]))).toEqual([Float32Array.of(3.5, -2.5), Float32Array.of(0.5, 1.5)]);
    await expect(model.run(batchOf([3, 0.25]))).rejects.toMatchObject({
      name: 'MODEL_DOES_NOT_FIT',
      message: 'Input n takes whole numbers (int64) only.',
    });
  });

  it('takes texts, by their positions in a list', async () => {
    const bytes = modelOf(
      graphOf(
        nodeOf('Cast', ['count'], ['y'], attributeOf('to', 2, varintField(3, onnxType.float32))),
        portOf(11, 'count', onnxType.string, [null, 1]),
        portOf(12, 'y', onnxType.float32, [null, 1]),
      ),
    );
    const model = await onnx.load(new ModelArtifact(bytes, 'onnx'));
    loaded.push(model);
    expect(model.inputs).toEqual([{ name: 'count', shape: [1], type: 'string', takesText: true }]);
    const values = Float32Array.of(1, 0, 1);
    const batchOf = (texts?: string[]): TensorBatch => ({
      rows: 3,
      tensors: [{ shape: [1], values, ...(texts && { texts }) }],
    });
    expect(await model.run(batchOf(['2.5', '-7']))).toEqual([Float32Array.of(-7, 2.5, -7)]);
    await expect(model.run(batchOf())).rejects.toMatchObject({
      name: 'MODEL_DOES_NOT_FIT',
      message: 'Input count takes texts.',
    });
  });

  it('refuses inputs that are neither numbers nor texts of those types, saying which', async () => {
    const float16 = 10;
    const bytes = modelOf(
      graphOf(
        nodeOf('Cast', ['half'], ['y'], attributeOf('to', 2, varintField(3, onnxType.float32))),
        portOf(11, 'half', float16, [null, 1]),
        portOf(12, 'y', onnxType.float32, [null, 1]),
      ),
    );
    await expect(onnx.load(new ModelArtifact(bytes, 'onnx'))).rejects.toMatchObject({
      name: 'MODEL_DOES_NOT_FIT',
      message: expect.stringContaining('Input half takes float16'),
    });
  });

  it('refuses a model that answers labels only', async () => {
    const bytes = modelOf(
      graphOf(
        nodeOf('Cast', ['x'], ['label'], attributeOf('to', 2, varintField(3, onnxType.int64))),
        portOf(11, 'x', onnxType.float32, [null, 1]),
        portOf(12, 'label', onnxType.int64, [null, 1]),
      ),
    );
    await expect(onnx.load(new ModelArtifact(bytes, 'onnx'))).rejects.toMatchObject({
      name: 'MODEL_DOES_NOT_FIT',
      message: expect.stringContaining('None of the outputs (label)'),
    });
  });

  it('refuses rows that the model cannot compute, naming the node and no value', async () => {
    const table = attributeOf('value', 4, bytesField(5, floats([10, 20, 30])));
    const bytes = modelOf(
      graphOf(
        nodeOf('Constant', [], ['table'], table),
        nodeOf('Gather', ['table', 'index'], ['y']),
        portOf(11, 'index', onnxType.int64, [null, 1]),
        portOf(12, 'y', onnxType.float32, [null, 1]),
      ),
    );
    const model = await onnx.load(new ModelArtifact(bytes, 'onnx'));
    loaded.push(model);
    expect(await run(model, [[1], [2]])).toEqual(Float32Array.of(20, 30));
    const refused = run(model, [[1], [777]]);
    await expect(refused).rejects.toMatchObject({
      name: 'MODEL_DOES_NOT_FIT',
      message: expect.stringContaining('Gather'),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('777') });
  });

  it('refuses bytes that are no ONNX', async () => {
    await expect(onnx.load(new ModelArtifact(new TextEncoder().encode('no model'), 'onnx'))).rejects.toMatchObject({
      name: 'MODEL_UNREADABLE',
    });
  });
});
