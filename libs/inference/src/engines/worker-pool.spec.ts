import { createHash } from 'node:crypto';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { TensorBatch } from '../tensor-batch.js';
import type { InferenceEngine, LoadedModel } from './inference-engine.js';
import { ModelArtifact } from './model-artifact.js';
import type { ModelFile } from './model-file.js';
import { OnnxEngine } from './onnx-engine.js';
import { expectedMs, longestInlineMs } from './run-cost.js';
import { TensorFlowEngine } from './tensorflow-engine.js';
import { WorkerPool, type WorkerPoolOptions } from './worker-pool.js';

const root = join(import.meta.dirname, '../../../..');
const shipped = new ModelArtifact(readFileSync(join(root, 'models/cardiac-risk/1.0.0/model.keras')), 'keras');
const forest = new ModelArtifact(readFileSync(join(root, 'test/golden/onnx/vertebral-random-forest.onnx')), 'onnx');

const pools: WorkerPool[] = [];
function poolOf(options: WorkerPoolOptions = {}): WorkerPool {
  const pool = new WorkerPool({ size: 1, ...options });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** Rows whose numbers differ from one to the next. */
function rowsOf(rows: number, columns: number): TensorBatch {
  const values = Float32Array.from({ length: rows * columns }, (_, index) => ((index * 7919) % 1000) / 250 - 2);
  return { rows, tensors: [{ shape: [columns], values }] };
}

/** Loaded when the machine let it be measured: where something else took its time, a run of this batch may be taken for a heavy one. */
async function loadedAsLight(
  engine: InferenceEngine,
  artifact: ModelArtifact,
  batch: TensorBatch,
): Promise<LoadedModel> {
  for (;;) {
    const model = await engine.load(artifact);
    if (expectedMs(model.cost, batch) <= longestInlineMs) return model;
    await model.dispose();
  }
}

/** What two lists of outputs share when they are the same to the last bit. */
function bitsOf(outputs: readonly Float32Array[]): string[] {
  return outputs.map((values) => createHash('sha256').update(values).digest('hex'));
}

describe.each([
  ['onnx', 'a network', shipped, (pool?: WorkerPool) => new OnnxEngine(pool), 100_000],
  ['onnx', 'a forest', forest, (pool?: WorkerPool) => new OnnxEngine(pool), 50_000],
  ['tfjs', 'a network', shipped, (pool?: WorkerPool) => new TensorFlowEngine(() => undefined, pool), 100_000],
] as const)('%s, %s', (_name, _kind, artifact, engineOn, many) => {
  it('runs a large batch in a worker thread, to the same bits as in this one', async () => {
    const pool = poolOf();
    const row = rowsOf(1, 6);
    const [inline, pooled] = [await engineOn().load(artifact), await loadedAsLight(engineOn(pool), artifact, row)];
    const alone = pooled.memoryBytes;

    expect(bitsOf(await pooled.run(row))).toEqual(bitsOf(await inline.run(row)));
    expect(pooled.memoryBytes).toBe(alone);

    const batch = rowsOf(many, 6);
    expect(bitsOf(await pooled.run(batch))).toEqual(bitsOf(await inline.run(batch)));
    // The thread now holds the model too.
    expect(pooled.memoryBytes).toBe(2 * alone);
    await pooled.dispose();
    expect(pooled.memoryBytes).toBe(alone);
    await inline.dispose();
  });
});

describe('a model in worker threads', () => {
  it('answers many runs at once, each its own', async () => {
    const pool = poolOf({ size: 2 });
    const engine = new OnnxEngine(pool);
    const model = await engine.load(forest);
    const batches = [50_000, 50_001, 50_002, 50_003].map((rows) => rowsOf(rows, 6));
    const answers = await Promise.all(batches.map((batch) => model.run(batch)));
    expect(answers.map(([scores]) => scores?.length)).toEqual(batches.map(({ rows }) => rows * 3));
    await model.dispose();
  });

  it('takes part of many batches that are asked for at once, each of which would be run in this thread alone', async () => {
    const pool = poolOf();
    const model = await loadedAsLight(new OnnxEngine(pool), forest, rowsOf(64, 6));
    const inline = await new OnnxEngine().load(forest);
    const before = model.memoryBytes;
    for (let rows = 64; model.memoryBytes === before; rows *= 2) {
      const batch = rowsOf(rows, 6);
      const expected = bitsOf(await inline.run(batch));
      await model.run(batch);
      expect(model.memoryBytes, `${rows} rows alone`).toBe(before);
      const answers = await Promise.all(Array.from({ length: 40 }, () => model.run(batch)));
      for (const answer of answers) expect(bitsOf(answer)).toEqual(expected);
    }
    // A worker thread holds the model as well.
    expect(model.memoryBytes).toBe(2 * before);
    await Promise.all([model.dispose(), inline.dispose()]);
  });

  it('answers no score that is not finite, and says which row', async () => {
    const path = join(root, 'test/golden/keras/act-common-k3_15-keras.keras');
    const model = await new OnnxEngine(poolOf()).load(new ModelArtifact(readFileSync(path), 'keras'));
    const columns = model.inputs[0]?.shape[0] ?? 0;
    const batch = rowsOf(50_000, columns);
    batch.tensors[0]?.values.fill(-1e4, 7 * columns, 8 * columns);
    await expect(model.run(batch)).rejects.toMatchObject({
      name: 'OUTPUT_NOT_FINITE',
      message: expect.stringContaining('row 7'),
    });
    await model.dispose();
  });
});

const program = (code: string): URL =>
  new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; ${code}`)}`);
describe('a model that is a file', () => {
  const path = join(root, 'test/golden/onnx/vertebral-random-forest.onnx');
  const large = rowsOf(50_000, 6);

  /** Counts how often it is asked where it is, and how often for its bytes. */
  function fileOf(where: () => Promise<string> = () => Promise.resolve(path)) {
    const asked = { path: 0, read: 0 };
    const { size } = statSync(path);
    const file: ModelFile = {
      sizeBytes: size,
      path: () => ((asked.path += 1), where()),
      read: () => ((asked.read += 1), Promise.resolve(readFileSync(path))),
    };
    return { asked, artifact: new ModelArtifact(file, 'onnx') };
  }

  it('is opened by its path, here and in a thread, to the same bits as from its bytes', async () => {
    const { asked, artifact } = fileOf();
    const model = await new OnnxEngine(poolOf()).load(artifact);
    const inMemory = await new OnnxEngine().load(forest);
    // Its bytes were looked through once, and nobody keeps them.
    expect(asked).toEqual({ path: 1, read: 1 });
    expect(bitsOf(await model.run(large))).toEqual(bitsOf(await inMemory.run(large)));
    await model.run(large);
    expect(asked).toEqual({ path: 2, read: 1 });
    await model.dispose();
    await inMemory.dispose();
  });

  it('that cannot be brought fails the run that needs it, and is asked for again by the next one', async () => {
    let away = false;
    const { artifact } = fileOf(() => (away ? Promise.reject(new Error('the store is away')) : Promise.resolve(path)));
    const model = await new OnnxEngine(poolOf()).load(artifact);
    away = true;
    await expect(model.run(large)).rejects.toThrow('the store is away');
    away = false;
    await expect(model.run(large)).resolves.toHaveLength(1);
    await model.dispose();
  });

  it('does not tell where it stands when it cannot be read', async () => {
    const kernel = new OnnxEngine().load(fileOf(() => Promise.resolve(join(root, 'package.json'))).artifact);
    const failure = await kernel.catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'MODEL_UNREADABLE' });
    expect((failure as Error).message).not.toContain(root);
  });
});

const source = { engine: 'onnx', content: Uint8Array.of(1, 2, 3) } as const;
const batchOf = (rows: number): TensorBatch => ({ rows, tensors: [{ shape: [1], values: new Float32Array(rows) }] });

describe('a worker thread that ends', () => {
  // Answers how many rows it got; 13 end it.
  const fragile = program(`parentPort.on('message', ({ type, run, batch }) => {
    if (type === 'close') return parentPort.close();
    if (batch?.rows === 13) process.exit(3);
    if (batch?.rows === 14) throw new Error('out of order');
    if (batch) parentPort.postMessage({ run, outputs: [Float32Array.of(batch.rows)] });
  });`);

  it.each([13, 14])('fails its own run and no other (%i)', async (fatal) => {
    const pool = poolOf({ program: fragile });
    const model = pool.add(source);
    const [before, ends, after] = await Promise.allSettled([1, fatal, 2].map((rows) => pool.run(model, batchOf(rows))));
    expect(before).toMatchObject({ status: 'fulfilled', value: [Float32Array.of(1)] });
    expect(ends).toMatchObject({ status: 'rejected', reason: { name: 'INFERENCE_INTERRUPTED' } });
    expect(after).toMatchObject({ status: 'fulfilled', value: [Float32Array.of(2)] });
  });

  it('at its start fails the run that waits for it', async () => {
    const pool = poolOf({ program: program(`throw new Error('no start');`) });
    await expect(pool.run(pool.add(source), batchOf(1))).rejects.toMatchObject({
      name: 'INFERENCE_INTERRUPTED',
      cause: { message: 'no start' },
    });
  });
});

describe('a pool', () => {
  const silent = program(`parentPort.on('message', ({ type }) => { if (type === 'close') parentPort.close(); });`);

  it('refuses more runs than it has room for, and all of them when it closes', async () => {
    const pool = poolOf({ program: silent });
    const model = pool.add(source);
    const runs = Array.from({ length: 257 }, () => pool.run(model, batchOf(1)));
    const settled = Promise.allSettled(runs);
    await expect(pool.run(model, batchOf(1))).rejects.toMatchObject({
      name: 'INFERENCE_BUSY',
      extra: { headers: { 'retry-after': '1' } },
    });
    await pool.close();
    for (const result of await settled)
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'INFERENCE_INTERRUPTED' } });
    await expect(pool.run(model, batchOf(1))).rejects.toMatchObject({ name: 'INFERENCE_INTERRUPTED' });
  });

  it('says what a thread cannot open', async () => {
    const pool = poolOf();
    await expect(pool.run(pool.add(source), batchOf(1))).rejects.toMatchObject({ kind: 'unreadable' });
  });

  /** What a process says and how it ends that has loaded a model and then does as `code` says. */
  const endOf = (code: string): Pick<SpawnSyncReturns<string>, 'status' | 'signal' | 'stdout' | 'stderr'> => {
    const script = `
      const { InferenceEngines, ModelArtifact } = await import('#inference');
      const { readFileSync } = await import('node:fs');
      const engines = new InferenceEngines('onnx', () => undefined);
      const bytes = readFileSync('test/golden/onnx/vertebral-random-forest.onnx');
      const model = await engines.load(new ModelArtifact(bytes, 'onnx'), 'onnx');
      const rowsOf = (rows) => ({ rows, tensors: [{ shape: [6], values: new Float32Array(6 * rows) }] });
      ${code}`;
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, signal, stdout, stderr };
  };

  it('does not keep a process alive that has nothing else to do', () => {
    const end = endOf(`
      const before = model.memoryBytes;
      await model.run(rowsOf(50000));
      console.log(model.memoryBytes / before);`);
    expect(end).toEqual({ status: 0, signal: null, stdout: '2\n', stderr: '' });
  });

  it('finishes what a thread computes when it closes', () => {
    const end = endOf(`
      const run = model.run(rowsOf(400000)).then(([scores]) => console.log(scores.length > 0));
      await Promise.all([run, engines.close()]);`);
    expect(end).toEqual({ status: 0, signal: null, stdout: 'true\n', stderr: '' });
  });

  it('lets no library abort a process that exits while a thread computes', () => {
    const end = endOf(`
      await model.run(rowsOf(50000));
      void model.run(rowsOf(4000000));
      setTimeout(() => process.exit(0), 300);`);
    expect(end).toEqual({ status: null, signal: 'SIGKILL', stdout: '', stderr: '' });
  });
});

it('texts reach a model in a worker thread', async () => {
  const file = join(root, 'test/golden/onnx/made/triage');
  const { inputs, outputs } = JSON.parse(readFileSync(`${file}.golden.json`, 'utf8')) as {
    inputs: Record<string, (number | string)[][]>;
    outputs: number[][];
  };
  const model = await new OnnxEngine(poolOf()).load(new ModelArtifact(readFileSync(`${file}.onnx`), 'onnx'));
  const repeats = 20_000;
  const tensors = model.inputs.map(({ name, takesText }) => {
    const column = (inputs[name] ?? []).flat();
    const texts = takesText ? [...new Set(column.map(String))] : undefined;
    const values = column.map((value) => (texts ? texts.indexOf(String(value)) : Number(value)));
    const repeated = Float32Array.from({ length: repeats * values.length }, (_, at) => values[at % values.length]!);
    return { shape: [1], values: repeated, ...(texts && { texts }) };
  });
  const alone = model.memoryBytes;
  const [scores] = await model.run({ rows: repeats * outputs.length, tensors });
  expect(model.memoryBytes).toBe(2 * alone);
  outputs.flat().forEach((score, index) => expect(scores?.at(-outputs.flat().length + index)).toBeCloseTo(score, 5));
  await model.dispose();
});
