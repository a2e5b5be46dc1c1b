/** `latido keras inspect FILE`: what is in a Keras file, and what of it will not serve. */
import { resolve } from 'node:path';
import type { KerasGraph, KerasImportError, Shape } from '#keras';
import { columns, type Command, type Outcome } from '../command.js';
import { readModelFile } from '../model-file.js';

export const inspectKeras: Command = {
  name: 'keras inspect',
  summary: 'Show the layers of a Keras file, or everything in it that will not serve',
  arguments: [{ name: 'FILE', description: '.keras, .h5, or the .zip of a TensorFlow.js layers model' }],
  options: {},
  notes: ['No database and no server is needed. The exit code is 1 where the file would be refused.'],
  async run({ config, arguments: [file] }): Promise<Outcome> {
    const { kerasImporter } = await import('#inference');
    kerasImporter.configure(config.inference.imports);
    const { KerasImportError, onOneLine } = await import('#keras');
    const bytes = await readModelFile(resolve(file as string));
    try {
      const graph = await kerasImporter.import(bytes);
      return describeGraph(graph, onOneLine);
    } catch (error) {
      if (!(error instanceof KerasImportError)) throw error;
      return describeRefusals(await kerasImporter.listRefusals(bytes));
    } finally {
      await kerasImporter.close();
    }
  },
};

const formats = { keras: '.keras', h5: 'HDF5', tfjs: 'TensorFlow.js layers model' } as const;

function describeGraph(graph: KerasGraph, shown: (text: string) => string): Outcome {
  const format = formats[graph.packing];
  // TensorFlow.js names itself.
  const writer = /^\d/.test(graph.keras.text) ? `Keras ${graph.keras.text}` : graph.keras.text;
  const layers = graph.nodes.map(({ id, layer, outputs, weights }) => ({
    name: id,
    className: layer.className,
    outputShapes: outputs.map(({ shape }) => shape),
    parameters: weights.reduce((sum, { values }) => sum + values.length, 0),
  }));
  const ports = (list: KerasGraph['inputs']) => list.map(({ name, tensor }) => ({ name, shape: tensor.shape }));
  const data = {
    name: graph.name,
    format,
    kerasVersion: graph.keras.text,
    inputs: ports(graph.inputs),
    outputs: ports(graph.outputs),
    parameters: graph.parameterCount,
    layers,
    refusals: [],
  };
  const rows = layers.map(({ name, className, outputShapes, parameters }) => [
    shown(name),
    className,
    outputShapes.map(shapeText).join(', '),
    String(parameters),
  ]);
  const text = [
    ...[
      `${graph.name}: ${format} of ${writer}, ${graph.parameterCount} parameters`,
      ...data.inputs.map(({ name, shape }) => `  input   ${name} ${shapeText(shape)}`),
      ...data.outputs.map(({ name, shape }) => `  output  ${name} ${shapeText(shape)}`),
    ].map(shown),
    '',
    columns([['layer', 'class', 'output', 'parameters'], ...rows]),
    '',
    'All of it will serve.',
  ];
  return { text: text.join('\n'), data };
}

function describeRefusals(refusals: readonly KerasImportError[]): Outcome {
  const rows = refusals.map(({ code, message }) => [`  ${code}`, message]);
  return {
    text: ['This file will not serve:', columns(rows)].join('\n'),
    data: { refusals: refusals.map(({ code, message, layer }) => ({ code, layer, message })) },
    failed: true,
  };
}

/** The batch is not shown. */
function shapeText(shape: Shape): string {
  return `[${shape
    .slice(1)
    .map((size) => size ?? 'any')
    .join(', ')}]`;
}
