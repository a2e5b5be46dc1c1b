/** `latido keras export FILE --to onnx|tfjs`: a Keras model for other programs. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import type { KerasContents, KerasGraph } from '#keras';
import { CommandError, UsageError, type Command, type Outcome } from '../command.js';
import { readModelFile } from '../model-file.js';

export const exportKeras: Command = {
  name: 'keras export',
  summary: 'Write a Keras file as ONNX, or as a model that TensorFlow.js loads by itself',
  arguments: [{ name: 'FILE', description: '.keras or .h5' }],
  options: {
    to: { type: 'string', value: 'onnx|tfjs', description: 'onnx: one file; tfjs: a folder for tf.loadLayersModel' },
    output: {
      type: 'string',
      value: 'PATH',
      description: 'Where it goes; default: in this folder, by the name of FILE',
    },
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
      const contents = await kerasImporter.read(await readModelFile(path));
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
  const { layersModel, requireSameAnswers } = await import('../layers-model.js');
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
