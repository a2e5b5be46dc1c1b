/** Embedding: whole numbers from 0 to input_dim - 1, fed as float32, become rows of a table. */
import { defineLayer, first } from '../layer.js';
import { tensorType } from '../onnx/onnx-schema.js';

export const embedding = defineLayer({
  classNames: ['Embedding'],
  summary: 'with mask_zero on [batch, time]; no LoRA, no quantisation; a number outside of the table is an error',
  read(config) {
    if (config.has('lora_rank'))
      throw config.refuse('unsupported-option', 'its LoRA weights are not read; save the merged model.');
    if (config.boolean('sparse', false))
      throw config.refuse('unsupported-option', 'sparse tensors are not read; save the layer without sparse.');
    const [inputs, outputs] = [config.integer('input_dim'), config.integer('output_dim')];
    if (inputs < 1 || outputs < 1) throw config.refuse('invalid-config', 'its dimensions should be positive.');
    return { config, inputs, outputs, maskZero: config.boolean('mask_zero', false) };
  },
  weights: ({ inputs, outputs }) => [{ name: 'embeddings', shape: [inputs, outputs] }],
  outputShape({ config, outputs, maskZero }, inputShapes) {
    const shape = first(inputShapes);
    if (maskZero && shape.length !== 2)
      throw config.refuse('unsupported-option', 'mask_zero is read on [batch, time] only; mask one time axis.');
    return [...shape, outputs];
  },
  onnx({ inputs: size }, scope, inputs, weights) {
    const table = first(weights);
    const rows = scope.op('Cast', [first(inputs)], { to: { int: tensorType.int64 } });
    // Gather counts negative numbers from the end, where there is nothing that they could mean.
    const negative = scope.op('Less', [rows, scope.integers([0])]);
    const valid = scope.op('Where', [negative, scope.integers([size]), rows]);
    return scope.op('Gather', [scope.floats(table.values, table.shape), valid]);
  },
  tensorflow: (_options, tf, inputs, weights) => tf.gather(first(weights), tf.cast(first(inputs), 'int32')),
  masking: ({ maskZero }) =>
    maskZero
      ? {
          onnx: (_options, scope, inputs) => scope.op('Cast', [first(inputs)], { to: { int: tensorType.bool } }),
          tensorflow: (_options, tf, inputs) => tf.notEqual(first(inputs), 0),
        }
      : 'stop',
});
