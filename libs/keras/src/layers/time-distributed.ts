/** TimeDistributed: one layer or model for every timestep, `[batch, time, …]` → `[batch, time, …]`. */
import type { LayerConfig } from '../config/layer-config.js';
import { below } from '../container/weight-spec.js';
import { defineLayer, first, type Layer, type LayerCall } from '../layer.js';
import { knownSize, type Shape } from '../shape.js';

const oneTensor = { positional: [{ kind: 'tensor', input: 0 }], keywords: {} } as const;

interface Options {
  readonly config: LayerConfig;
  readonly inner: Layer;
}

export const timeDistributed = defineLayer<Options>({
  classNames: ['TimeDistributed'],
  summary: 'around every layer and model of one input and one output that, in Keras 2, makes no mask of its own',
  // A mask of steps means nothing within a step, and goes on beside the outputs.
  masking: 'pass',
  keywords: ['mask'],
  read(config) {
    const saved = config.raw('layer') as { class_name?: unknown; config?: { mask_zero?: unknown } } | undefined;
    // From Keras 3 on a mask that is made within a step goes no further; before, it is one of steps within steps.
    const makesMask = saved?.class_name === 'Masking' || saved?.config?.mask_zero === true;
    if (makesMask && config.keras.major < 3)
      throw config.refuse('unsupported-option', 'masks within a timestep are not read; mask the timesteps.');
    return { config, inner: config.layer('layer') };
  },
  weights: ({ config, inner }, inputShapes) =>
    below(inner.weights([stepShape(first(inputShapes), config)], oneTensor), 'layer'),
  outputShape({ config, inner }, inputShapes) {
    const [batch = null, time = null] = first(inputShapes);
    return [batch, time, ...first(innerCall(inner, first(inputShapes), config).outputShapes).slice(1)];
  },
  layerCount: ({ config, inner }, inputShapes) =>
    1 + (inner.layerCount?.([stepShape(first(inputShapes), config)], oneTensor) ?? 1),
  onnx({ config, inner }, scope, inputs, weights, { inputShapes, outputShapes }) {
    const x = first(inputs);
    const call = innerCall(inner, first(inputShapes), config);
    const steps = scope.op('Reshape', [x, scope.integers([-1, ...sizes(first(call.inputShapes), config)])]);
    const [answer] = inner.onnx(scope.within(inner.name), [{ value: steps }], weights, call);
    const [, time, ...rest] = first(outputShapes);
    if (typeof time === 'number')
      return scope.op('Reshape', [answer?.value ?? '', scope.integers([-1, time, ...(rest as number[])])]);
    const rows = scope.op('Shape', [x], { start: { int: 0 }, end: { int: 2 } });
    const shape = scope.op('Concat', [rows, scope.integers(rest as number[])], { axis: { int: 0 } });
    return scope.op('Reshape', [answer?.value ?? '', shape]);
  },
  tensorflow({ config, inner }, tf, inputs, weights, { inputShapes }) {
    const x = first(inputs);
    const call = innerCall(inner, first(inputShapes), config);
    const [batch = 0, time = 0] = x.shape;
    const size = sizes(first(call.inputShapes), config);
    const steps = tf.reshape(x, [batch * time, ...size]);
    const [answer] = inner.tensorflow(tf, [{ value: steps }], weights, call);
    if (!answer) throw new RangeError('TimeDistributed without an output');
    return tf.reshape(answer.value, [batch, time, ...answer.value.shape.slice(1)]);
  },
});

/** What the layer inside sees: every step of every row as a row. */
function stepShape(shape: Shape, config: LayerConfig): Shape {
  if (shape.length < 3) throw config.refuse('shape-mismatch', 'its input should be [batch, time, …].');
  return [null, ...shape.slice(2)];
}

function sizes(shape: Shape, config: LayerConfig): number[] {
  return shape.slice(1).map((_, index) => knownSize(shape, index + 1, config));
}

function innerCall(inner: Layer, shape: Shape, config: LayerConfig): LayerCall {
  const inputShapes = [stepShape(shape, config)];
  sizes(first(inputShapes), config);
  const outputShapes = inner.outputShapes(inputShapes, oneTensor);
  if (outputShapes.length !== 1)
    throw config.refuse('unsupported-option', 'a layer of several outputs cannot stand here; give it one output.');
  sizes(first(outputShapes), config);
  return { inputShapes, outputShapes, arguments: oneTensor };
}
