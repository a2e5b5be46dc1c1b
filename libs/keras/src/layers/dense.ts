/** Dense: activation(x · kernel + bias) over the last axis, `[…, n]` → `[…, units]`. */
import { readActivation } from '../activations/read-activation.js';
import { defineLayer, first } from '../layer.js';
import { knownSize } from '../shape.js';
import type { Shape } from '../shape.js';

export const dense = defineLayer({
  classNames: ['Dense'],
  summary: 'every standard activation, with and without bias, on tensors of any rank; no LoRA, no quantisation',
  masking: 'pass',
  read(config) {
    if (config.has('output_dim')) {
      throw config.refuse(
        'keras-1',
        'it was written by Keras 1; load the model there and save it again with Keras 2 or later.',
      );
    }
    if (config.has('lora_rank'))
      throw config.refuse('unsupported-option', 'its LoRA weights are not read; save the merged model.');
    const units = config.integer('units');
    if (units < 1) throw config.refuse('invalid-config', 'units should be positive.');
    return { config, units, useBias: config.boolean('use_bias', true), activation: readActivation(config) };
  },
  weights({ config, units, useBias }, inputShapes) {
    const kernel = { name: 'kernel', shape: [knownSize(first(inputShapes), -1, config), units] };
    return useBias ? [kernel, { name: 'bias', shape: [units] }] : [kernel];
  },
  outputShape: ({ units }, inputShapes): Shape => [...first(inputShapes).slice(0, -1), units],
  onnx({ units, activation }, scope, inputs, [kernel, bias], { inputShapes }) {
    const x = first(inputs);
    if (!kernel) throw new RangeError('Dense without a kernel');
    const matrix = scope.floats(kernel.values, kernel.shape);
    const offset = bias && scope.floats(bias.values, [units]);
    if (first(inputShapes).length === 2)
      return activation.onnx(scope, scope.op('Gemm', offset ? [x, matrix, offset] : [x, matrix]));
    const product = scope.op('MatMul', [x, matrix]);
    return activation.onnx(scope, offset ? scope.op('Add', [product, offset]) : product);
  },
  tensorflow({ units, activation }, tf, inputs, [kernel, bias]) {
    const x = first(inputs);
    if (!kernel) throw new RangeError('Dense without a kernel');
    const rows = tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);
    const product = tf.matMul(rows, kernel);
    const sum = bias ? tf.add(product, bias) : product;
    return activation.tensorflow(tf, tf.reshape(sum, [...x.shape.slice(0, -1), units]));
  },
});
