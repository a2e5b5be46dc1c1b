/** Reshape: the same numbers of a row in another shape; one size may be -1, which is worked out from the others. */
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first } from '../layer.js';
import { elementCount, type Shape } from '../shape.js';

/** TensorFlow.js knows six axes, the batch among them. */
const mostAxes = 5;

export const reshape = defineLayer({
  classNames: ['Reshape'],
  summary: 'to at most five axes behind the batch; one size may be -1',
  read(config) {
    const target = config.integers('target_shape');
    if (target.length > mostAxes)
      throw config.refuse('unsupported-option', `more than ${mostAxes} axes behind the batch are not read.`);
    const free = target.filter((size) => size === -1);
    if (free.length > 1 || target.some((size) => size < 1 && size !== -1))
      throw config.refuse('invalid-config', 'target_shape should be positive sizes, of which one may be -1.');
    return { config, target };
  },
  outputShape: ({ config, target }, inputShapes): Shape => [null, ...resolved(target, first(inputShapes), config)],
  // 0 takes over the batch size.
  onnx: ({ target }, scope, inputs) => scope.op('Reshape', [first(inputs), scope.integers([0, ...target])]),
  tensorflow(_options, tf, inputs, _weights, { outputShapes }) {
    const x = first(inputs);
    const sizes = first(outputShapes).slice(1);
    return tf.reshape(x, [x.shape[0] ?? 1, ...sizes.map((size) => size ?? -1)]);
  },
});

/** The target with its -1 worked out, where the input's sizes are known; otherwise that size is unknown. */
function resolved(target: readonly number[], input: Shape, config: LayerConfig): (number | null)[] {
  const sizes = input.slice(1).filter((size) => size !== null);
  if (sizes.length < input.length - 1) return target.map((size) => (size === -1 ? null : size));
  const [given, fixed] = [elementCount(sizes), elementCount(target.filter((size) => size !== -1))];
  const fits = target.includes(-1) ? given % fixed === 0 : given === fixed;
  if (!fits) throw config.refuse('shape-mismatch', `[${sizes.join(', ')}] cannot become [${target.join(', ')}].`);
  return target.map((size) => (size === -1 ? given / fixed : size));
}
