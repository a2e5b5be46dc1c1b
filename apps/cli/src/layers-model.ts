/**
 * A Keras model as TensorFlow.js reads it by itself (`tf.loadLayersModel`): model.json and weights.bin. Its layers are written
 * down only where TensorFlow.js computes them as Keras does, and what was written is read back and compared.
 */
import type { io } from '@tensorflow/tfjs-core';
import { compareScores, InferenceEngines, loadTensorFlow, ModelArtifact, type FeatureTensor } from '#inference';
import { writeOnnx, type GraphNode, type GraphTensor, type KerasContents, type KerasGraph } from '#keras';
import { CommandError } from './command.js';

/** Class → the options that say what it computes. Others of Keras only matter in training, or have one value here. */
const writable: Readonly<Record<string, readonly string[]>> = {
  Activation: ['activation'],
  Add: [],
  Average: [],
  AveragePooling1D: ['pool_size', 'strides', 'padding'],
  AveragePooling2D: ['pool_size', 'strides', 'padding', 'data_format'],
  BatchNormalization: ['axis', 'epsilon', 'center', 'scale'],
  Concatenate: ['axis'],
  Conv1D: ['filters', 'kernel_size', 'strides', 'padding', 'dilation_rate', 'activation', 'use_bias'],
  Conv2D: ['filters', 'kernel_size', 'strides', 'padding', 'dilation_rate', 'activation', 'use_bias', 'data_format'],
  Dense: ['units', 'activation', 'use_bias'],
  Dropout: ['rate'],
  Flatten: [],
  GlobalAveragePooling1D: [],
  GlobalMaxPooling1D: [],
  LSTM: ['units', 'activation', 'recurrent_activation', 'use_bias', 'return_sequences', 'go_backwards'],
  LayerNormalization: ['axis', 'epsilon', 'center', 'scale'],
  MaxPooling1D: ['pool_size', 'strides', 'padding'],
  MaxPooling2D: ['pool_size', 'strides', 'padding', 'data_format'],
  Maximum: [],
  Minimum: [],
  Multiply: [],
  Permute: ['dims'],
  RepeatVector: ['n'],
  Reshape: ['target_shape'],
  SimpleRNN: ['units', 'activation', 'use_bias', 'return_sequences', 'go_backwards'],
};
const activations = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'elu', 'selu', 'softplus', 'softsign'];
/** Options that change the answers and that TensorFlow.js does not know, with the value at which they do nothing. */
const neutral: Readonly<Record<string, unknown>> = {
  groups: 1,
  return_state: false,
  keepdims: false,
  rms_scaling: false,
};

/** The weights are set; random ones, which TensorFlow.js would draw first, are slow. */
const initialValues = { kernel_initializer: 'zeros', recurrent_initializer: 'zeros' };

type Json = Readonly<Record<string, unknown>>;

interface SavedLayer {
  readonly name?: string;
  readonly class_name?: string;
  readonly config?: Json;
}

/** Throws `CommandError` naming the first layer that TensorFlow.js does not compute as Keras does. */
function layersTopology(graph: KerasGraph, contents: KerasContents): Json {
  const saved = savedLayers(contents.config);
  const calls = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) calls.set(node.layer.name, [...(calls.get(node.layer.name) ?? []), node]);
  const inputs = graph.inputs.map(({ tensor }) => ({
    class_name: 'InputLayer',
    name: reference(tensor)[0],
    config: { name: reference(tensor)[0], batch_input_shape: tensor.shape, dtype: 'float32', sparse: false },
    inbound_nodes: [],
  }));
  const layers = [...calls].map(([name, nodes]) => {
    const [first] = nodes as [GraphNode, ...GraphNode[]];
    return {
      class_name: first.layer.className,
      name,
      config: { name, ...initialValues, ...options(name, first.layer.className, saved.get(name)) },
      inbound_nodes: nodes.map((node) => {
        requirePlainCall(node);
        return node.inputs.map((tensor) => [...reference(tensor), {}]);
      }),
    };
  });
  const ends = (ports: KerasGraph['inputs']): unknown[] => ports.map(({ tensor }) => reference(tensor));
  const config = {
    name: graph.name,
    layers: [...inputs, ...layers],
    input_layers: ends(graph.inputs),
    output_layers: ends(graph.outputs),
  };
  return { keras_version: '2.15.0', backend: 'tensorflow', model_config: { class_name: 'Model', config } };
}

function savedLayers(config: unknown): Map<string, SavedLayer> {
  const own = (config as { config?: unknown }).config;
  const layers = (Array.isArray(own) ? own : (own as { layers: unknown }).layers) as SavedLayer[];
  return new Map(layers.map((layer) => [layer.name ?? String(layer.config?.['name']), layer]));
}

function options(name: string, className: string, saved: SavedLayer | undefined): Json {
  const known = writable[className];
  const config = saved?.config;
  const refuse = (why: string): CommandError =>
    new CommandError(
      `TensorFlow.js does not compute layer ${name} (${className}) as Keras does: ${why}. Export to onnx.`,
    );
  if (!known || !config) throw refuse('the layer is not among those that were compared');
  for (const [option, value] of Object.entries(neutral)) {
    if (config[option] !== undefined && config[option] !== value) throw refuse(`it has the option ${option}`);
  }
  if (config['padding'] === 'causal' || config['data_format'] === 'channels_first')
    throw refuse('of its padding or axes');
  for (const option of ['activation', 'recurrent_activation']) {
    const activation = config[option];
    if (known.includes(option) && activation !== undefined && !activations.includes(String(activation)))
      throw refuse(`of its activation ${typeof activation === 'string' ? activation : 'with options'}`);
  }
  const kept = known.filter((option) => config[option] !== undefined && config[option] !== null);
  return Object.fromEntries(kept.map((option) => [option, plainAxis(config[option], option)]));
}

/** `axis` is a list of one in files of some versions. */
function plainAxis(value: unknown, option: string): unknown {
  return option === 'axis' && Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function requirePlainCall({ layer, call, outputs }: GraphNode): void {
  const plain = Object.values(call.arguments.keywords).every(({ kind }) => kind === 'constant') && outputs.length === 1;
  if (!plain) throw new CommandError(`Layer ${layer.name} is called with more than tensors. Export to onnx.`);
}

/** `layer#call:output` as Keras writes it: name, call, output. */
function reference({ id }: GraphTensor): [string, number, number] {
  const [, name = '', call, output] = /^(.*)#(\d+):(\d+)$/s.exec(id) ?? [];
  return [name, Number(call), Number(output)];
}

/** The model with its weights, as `tf.loadLayersModel` takes it. Throws `CommandError`. */
export async function layersModel(graph: KerasGraph, contents: KerasContents): Promise<io.ModelArtifacts> {
  const { tf } = await loadTensorFlow();
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers');
  const modelTopology = layersTopology(graph, contents);
  const model = await loadLayersModel(tf.io.fromMemory({ modelTopology }));
  const weights = new Map(graph.nodes.map((node) => [node.layer.name, node.weights]));
  for (const layer of model.layers) {
    const tensors = (weights.get(layer.name) ?? []).map(({ values, shape }) =>
      tf.tensor(values, [...shape], 'float32'),
    );
    layer.setWeights(tensors);
    tf.dispose(tensors);
  }
  let artifacts: io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((saved) => {
      artifacts = saved;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  model.dispose();
  if (!artifacts) throw new Error('TensorFlow.js saved nothing');
  return artifacts;
}

/** What the written model answers, in the graph's order of inputs and outputs; each output flat. */
export async function runLayersModel(
  artifacts: io.ModelArtifacts,
  inputs: readonly { readonly shape: readonly number[]; readonly values: Float32Array }[],
): Promise<Float32Array[]> {
  const tf = await import('@tensorflow/tfjs-core');
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers');
  const model = await loadLayersModel(tf.io.fromMemory(artifacts));
  const tensors = inputs.map(({ shape, values }) => tf.tensor(values, [...shape], 'float32'));
  const answers = [model.predictOnBatch(tensors)].flat();
  const values = answers.map((answer) => Float32Array.from(answer.dataSync()));
  tf.dispose([...tensors, ...answers]);
  model.dispose();
  return values;
}

const comparedRows = 16;
/** For an axis of any size. */
const sizeOfFreeAxis = 5;

/** Throws `CommandError` where TensorFlow.js answers the written model otherwise than ONNX Runtime answers the graph. */
export async function requireSameAnswers(graph: KerasGraph, artifacts: io.ModelArtifacts): Promise<void> {
  const tensors = graph.inputs.map(({ tensor }, index): FeatureTensor => {
    const shape = tensor.shape.slice(1).map((size) => size ?? sizeOfFreeAxis);
    const length = shape.reduce((product, size) => product * size, comparedRows);
    // Numbers between -2 and 2 that repeat in no row.
    return { shape, values: Float32Array.from({ length }, (_, at) => 2 * Math.sin(12.9898 * (at + 1) + index)) };
  });
  const inputs = tensors.map(({ shape, values }) => ({ shape: [comparedRows, ...shape], values }));
  const answers = await runLayersModel(artifacts, inputs);
  const engines = new InferenceEngines('onnx', () => undefined, 1);
  try {
    const model = await engines.load(new ModelArtifact(writeOnnx(graph), 'onnx'), 'onnx');
    const expected = await model.run({ rows: comparedRows, tensors });
    await model.dispose();
    for (const [index, { name }] of model.outputs.entries()) {
      const { passed, failure } = compareScores(answers[index] ?? new Float32Array(0), expected[index] as Float32Array);
      if (!passed)
        throw new CommandError(
          `TensorFlow.js answers ${name} otherwise than ONNX Runtime (${failure}). Export to onnx.`,
        );
    }
  } finally {
    await engines.close();
  }
}
