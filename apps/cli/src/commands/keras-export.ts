/** `latido keras export FILE --to onnx|tfjs`: a Keras model for other programs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import type { KerasContents, KerasGraph } from '#keras';
import { CommandError, UsageError, type Command, type Outcome } from '../command.js';

const rows = 16;

export const exportKeras: Command = {
  name: 'keras export',
  summary: 'Write a Keras file as ONNX, or as a model that TensorFlow.js loads by itself',
  arguments: [{ name: 'FILE', description: '.keras or .h5' }],
  options: {
    to: { type: 'string', value: 'onnx|tfjs', description: 'onnx: one file; tfjs: a folder for tf.loadLayersModel' },
    output: { type: 'string', value: 'PATH', description: 'Where it goes; default: beside here, by the name of FILE' },
  },
  notes: [
    'TensorFlow.js computes several layers of Keras otherwise than Keras does, and without saying so. A model is written for it only where all of\nits layers are known to be right, and after what was written has been read back and has answered random rows as ONNX Runtime does.',
    'No database and no server is needed, and nothing that is there already is overwritten.',
  ],
  async run({ config, arguments: [file], options: { to, output } }): Promise<Outcome> {
    if (to !== 'onnx' && to !== 'tfjs') throw new UsageError('--to is onnx or tfjs');
    const path = resolve(file as string);
    const name = basename(path, extname(path));
    const target = resolve(typeof output === 'string' ? output : to === 'onnx' ? `${name}.onnx` : `${name}-tfjs`);
    if (existsSync(target)) throw new CommandError(`${target} exists already.`);
    const { kerasImporter } = await import('#inference');
    kerasImporter.configure(config.inference.imports);
    const { buildKerasGraph, KerasImportError } = await import('#keras');
    try {
      const contents = await kerasImporter.read(readFileSync(path));
      const graph = buildKerasGraph(contents);
      const bytes =
        to === 'onnx' ? await writeOnnxFile(graph, target) : await writeLayersModel(graph, contents, target);
      return { text: `${target}: ${bytes} bytes.`, data: { output: target, bytes } };
    } catch (error) {
      if (error instanceof KerasImportError) throw new CommandError(`${error.code}: ${error.message}`);
      throw error;
    } finally {
      await kerasImporter.close();
    }
  },
};

async function writeOnnxFile(graph: KerasGraph, target: string): Promise<number> {
  const { writeOnnx } = await import('#keras');
  const bytes = writeOnnx(graph);
  writeFileSync(target, bytes, { flag: 'wx' });
  return bytes.length;
}

async function writeLayersModel(graph: KerasGraph, contents: KerasContents, target: string): Promise<number> {
  const { loadTensorFlow } = await import('#inference');
  const { layersModel } = await import('../layers-model.js');
  await loadTensorFlow();
  const artifacts = await layersModel(graph, contents);
  await requireSameAnswers(graph, artifacts);
  const { modelTopology, weightSpecs, weightData } = artifacts;
  const weights = Buffer.concat([weightData ?? []].flat().map((part) => Buffer.from(part)));
  const description = JSON.stringify({
    format: 'layers-model',
    generatedBy: 'latido',
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs ?? [] }],
  });
  mkdirSync(target);
  writeFileSync(join(target, 'model.json'), description);
  writeFileSync(join(target, 'weights.bin'), weights);
  return description.length + weights.length;
}

/** Throws `CommandError` where TensorFlow.js answers the model otherwise than ONNX Runtime does. */
async function requireSameAnswers(
  graph: KerasGraph,
  artifacts: Awaited<ReturnType<typeof import('../layers-model.js').layersModel>>,
): Promise<void> {
  const { compareScores } = await import('#inference');
  const { writeOnnx } = await import('#keras');
  const { runLayersModel } = await import('../layers-model.js');
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const inputs = graph.inputs.map(({ tensor }, index) => {
    const shape = [rows, ...tensor.shape.slice(1).map((size) => size ?? 5)];
    const length = shape.reduce((product, size) => product * size, 1);
    // Numbers between -2 and 2 that repeat in no row.
    return { shape, values: Float32Array.from({ length }, (_, at) => 2 * Math.sin(12.9898 * (at + 1) + index)) };
  });
  const session = await InferenceSession.create(writeOnnx(graph), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = inputs.map(
    ({ shape, values }, index) => [session.inputNames[index], new Tensor('float32', values, shape)] as const,
  );
  const answer = await session.run(Object.fromEntries(feeds));
  const answers = await runLayersModel(artifacts, inputs);
  session.outputNames.forEach((name, index) => {
    const expected = answer[name]?.data as Float32Array;
    const { passed, failure } = compareScores(answers[index] ?? new Float32Array(0), expected);
    if (!passed)
      throw new CommandError(`TensorFlow.js answers ${name} otherwise than ONNX Runtime (${failure}). Export to onnx.`);
  });
  await session.release();
}
