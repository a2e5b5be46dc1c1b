/**
 * The engines' part of `npm run bench`: what a run costs inside them, beside TensorFlow.js and beside an ONNX file written by hand, and
 * what heavy runs leave of the event loop. Prints tables; read the ratios, not the absolute numbers.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { InferenceEngines, ModelArtifact } from '#inference';
import { importKeras, writeOnnx } from '#keras';
import ort from 'onnxruntime-node';
import { OnnxEngine } from '../../dist/libs/inference/src/engines/onnx-engine.js';
import { TensorFlowEngine } from '../../dist/libs/inference/src/engines/tensorflow-engine.js';
import { handWrittenLstm } from './hand-written-lstm.mjs';

const ROOT = join(import.meta.dirname, '../..');
const SHARED = join(ROOT, '../shared/fixtures');
const GOLDEN = [join(ROOT, 'test/golden/keras'), join(SHARED, 'keras-golden')];

const formatOf = (path) => (path.endsWith('.h5') ? 'h5' : 'keras');
const artifactOf = (path) => new ModelArtifact(readFileSync(path), formatOf(path));
const quiet = () => undefined;

/** Windows of 20 × 9 through 50 units, as the shock model has them. */
const lstmPath = [join(SHARED, 'shock/LSTM--1.0.0.h5'), join(ROOT, 'models/haemodynamic-shock/1.0.0/model.keras')].find(
  (path) => existsSync(path),
);
const cardiacPath = join(ROOT, 'models/cardiac-risk/1.0.0/model.keras');
const largestPath = GOLDEN.filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
  .filter((path) => /\.(keras|h5)$/.test(path) && !path.includes('refuse-'))
  .sort((a, b) => statSync(b).size - statSync(a).size)[0];

/** Numbers of the size that scaled vital signs have. */
function batchOf(model, rows) {
  const tensors = model.inputs.map(({ shape }) => {
    const size = shape.reduce((product, length) => product * length, rows);
    return { shape, values: Float32Array.from({ length: size }, (_, index) => Math.sin(index * 12.9898)) };
  });
  return { rows, tensors };
}

/** Microseconds of one call, each awaited before the next: the best of many short rounds, which nothing else disturbed. */
async function microseconds(call, rounds = 150, milliseconds = 3) {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    let calls = 0;
    const startedAt = performance.now();
    while (performance.now() - startedAt < milliseconds) {
      await call();
      calls += 1;
    }
    best = Math.min(best, ((performance.now() - startedAt) / calls) * 1000);
  }
  return best;
}

function table(head, rows) {
  console.log(`| ${head.join(' | ')} |\n|${head.map((_, index) => (index === 0 ? ' --- ' : ' ---: ')).join('|')}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  console.log('');
}

/** In this thread, whatever a run costs. */
const inline = { onnx: new OnnxEngine(), tfjs: new TensorFlowEngine(quiet) };

async function costs() {
  const models = [
    ['one row of the cardiac net', cardiacPath, 1, 20],
    ['one window, 20 × 9, 50 units', lstmPath, 1, 60],
    ['256 windows', lstmPath, 256, undefined],
  ];
  const rows = [];
  for (const [name, path, count, goal] of models) {
    if (!path) continue;
    const artifact = artifactOf(path);
    const [onnx, tfjs] = [await inline.onnx.load(artifact), await inline.tfjs.load(artifact)];
    const batch = batchOf(onnx, count);
    const [fast, reference] = [await microseconds(() => onnx.run(batch)), await microseconds(() => tfjs.run(batch))];
    rows.push([name, fast.toFixed(1), goal ?? '', reference.toFixed(0), (reference / fast).toFixed(1)]);
    await onnx.dispose();
    await tfjs.dispose();
  }
  table(['inside the engine', 'ONNX Runtime µs', 'goal µs', 'TensorFlow.js µs', 'times'], rows);
}

/** The file written by hand whose answers are the importer's: with the activation that the layer has. */
async function sameByHand(graph, options, feed, answers) {
  for (const activation of ['Relu', 'Tanh']) {
    const session = await ort.InferenceSession.create(handWrittenLstm(graph, activation), options);
    const { data } = (await session.run({ x: feed })).y;
    if (answers.every((value, index) => Math.abs(value - data[index]) < 1e-5)) return session;
    await session.release();
  }
  throw new Error('the file written by hand answers something else than the importer');
}

/** In turns, because the machine is not always equally fast. */
async function besideHandWritten() {
  if (!lstmPath) return;
  const artifact = artifactOf(lstmPath);
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 4 };
  const written = await ort.InferenceSession.create(writeOnnx(await artifact.kerasGraph()), options);
  const model = await inline.onnx.load(artifact);
  const batch = batchOf(model, 256);
  const feed = new ort.Tensor('float32', batch.tensors[0].values, [256, 20, 9]);
  const byHand = await sameByHand(await artifact.kerasGraph(), options, feed, (await model.run(batch))[0]);
  const runs = [
    ['ONNX Runtime alone, file written by hand', () => byHand.run({ x: feed }), ''],
    ["ONNX Runtime alone, the importer's file", () => written.run({ [written.inputNames[0]]: feed }), ''],
    ['the engine, with its checks', () => model.run(batch), '1.20'],
  ];
  const best = runs.map(() => Infinity);
  for (let round = 0; round < 15; round += 1) {
    for (const [index, [, call]] of runs.entries())
      best[index] = Math.min(best[index], await microseconds(call, 10, 1));
  }
  table(
    ['256 windows, 20 × 9, 50 units', 'µs', 'ratio', 'goal'],
    runs.map(([name, , goal], index) => [name, best[index].toFixed(0), (best[index] / best[0]).toFixed(2), goal]),
  );
  await model.dispose();
}

/** How late a timer of 1 ms is, while small runs go on and heavy ones wait in turn. */
async function eventLoop() {
  const path = lstmPath ?? cardiacPath;
  const rows = lstmPath ? 1_000 : 200_000;
  const measure = async (engines, heavyAtOnce) => {
    const [heavy, small] = [
      await engines.load(artifactOf(path), 'onnx'),
      await engines.load(artifactOf(cardiacPath), 'onnx'),
    ];
    const [large, row] = [batchOf(heavy, rows), batchOf(small, 1)];
    if (heavyAtOnce > 0) await heavy.run(large);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let running = true;
    let [runs, predictions] = [0, 0];
    const repeat = async (once) => {
      while (running) await once();
    };
    const clients = Array.from({ length: heavyAtOnce }, () => repeat(() => heavy.run(large).then(() => (runs += 1))));
    clients.push(
      repeat(async () => {
        await small.run(row);
        predictions += 1;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }),
    );
    delay.enable();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    delay.disable();
    running = false;
    await Promise.all(clients);
    await Promise.all([heavy.dispose(), small.dispose()]);
    await engines.close();
    const ms = (nanoseconds) => (nanoseconds / 1e6).toFixed(1);
    return [
      ms(delay.percentile(50)),
      ms(delay.percentile(99)),
      ms(delay.max),
      Math.round(runs / 3),
      Math.round(predictions / 3),
    ];
  };
  const threads = Math.max(1, availableParallelism() - 1);
  table(
    [
      `event loop, timer of 1 ms; heavy run: ${rows} rows`,
      'p50 ms',
      'p99 ms',
      'max ms',
      'heavy runs/s',
      'single rows/s',
    ],
    [
      ['idle', ...(await measure(new InferenceEngines('onnx', quiet), 0))],
      [
        `4 heavy runs at once, ${threads} worker thread(s); goal: p99 below 10`,
        ...(await measure(new InferenceEngines('onnx', quiet), 4)),
      ],
    ],
  );
}

async function imports() {
  const rows = [];
  for (const [name, path] of [
    ['largest golden model', largestPath],
    ['LSTM', lstmPath],
    ['cardiac net', cardiacPath],
  ]) {
    if (!path) continue;
    const bytes = readFileSync(path);
    const times = [];
    const cpu = process.cpuUsage();
    let firstCpu;
    for (let round = 0; round < 5; round += 1) {
      const startedAt = performance.now();
      const session = await ort.InferenceSession.create(writeOnnx(await importKeras(bytes)));
      times.push(performance.now() - startedAt);
      firstCpu ??= process.cpuUsage(cpu);
      await session.release();
    }
    const cpuMs = (firstCpu.user + firstCpu.system) / 1000;
    rows.push([
      `${name} (${Math.round(bytes.length / 1024)} KB)`,
      times[0].toFixed(0),
      cpuMs.toFixed(0),
      Math.min(...times).toFixed(0),
      1000,
    ]);
  }
  table(['import: file to session', 'first ms', 'of it processor ms', 'again ms', 'goal ms'], rows);
}

console.log(`Engines: Node ${process.version}, ${cpus().length} × ${cpus()[0].model}\n`);
if (!lstmPath) console.log('No LSTM model is at hand: its rows are left out.\n');
await imports();
await costs();
await besideHandWritten();
await eventLoop();
