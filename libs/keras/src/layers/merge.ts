/**
 * Add, Subtract, Multiply, Average, Maximum, Minimum: elementwise over all inputs, which are broadcast against each other.
 * Inputs of fewer axes get axes of length 1 after the batch.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { requireNumbers } from '../call-arguments.js';
import type { LayerConfig } from '../config/layer-config.js';
import { defineLayer, first, type FormCall, type TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { broadcastShapes, type Shape } from '../shape.js';
import { combinedMaskOnnx, combinedMaskTensorFlow, masksAreUnited } from './merge-masks.js';

type Operation = 'Add' | 'Sub' | 'Mul' | 'Max' | 'Min';

interface Options {
  readonly config: LayerConfig;
  readonly operation: Operation;
  readonly average: boolean;
}

const operations: Readonly<Record<string, Operation>> = {
  Add: 'Add',
  Subtract: 'Sub',
  Multiply: 'Mul',
  Average: 'Add',
  Maximum: 'Max',
  Minimum: 'Min',
};

export const merge = defineLayer<Options>({
  classNames: Object.keys(operations),
  summary: 'any number of inputs (Subtract: two), broadcast; masks are joined as the Keras that saved the file does',
  inputs: 'any',
  read: (config) => ({
    config,
    operation: operations[config.className] ?? 'Add',
    average: config.className === 'Average',
  }),
  outputShape({ config, operation }, inputShapes, args) {
    const { length } = inputShapes;
    if (operation === 'Add') requireNumbers(args, config);
    if (length === 0 || (config.className === 'Subtract' && length !== 2))
      throw config.refuse('invalid-config', `it cannot take ${length} inputs.`);
    return broadcastShapes(aligned(inputShapes), config);
  },
  onnx(options, scope, inputs, _weights, call) {
    const rank = Math.max(...call.inputShapes.map((shape) => shape.length));
    const values = inputs.map((value, index) => {
      const missing = rank - (call.inputShapes[index]?.length ?? rank);
      return missing === 0 ? value : scope.op('Unsqueeze', [value, scope.integers(upTo(missing))]);
    });
    const heeded = heedsMasks(options, call);
    if (heeded === 'extreme') return maskedExtremeOnnx(options, scope, values, call);
    if (heeded === 'product') return maskedProductOnnx(scope, values, call);
    const merged = values.slice(1).reduce((sum, value) => scope.op(options.operation, [sum, value]), first(values));
    return options.average ? scope.op('Div', [merged, scope.scalar(values.length)]) : merged;
  },
  tensorflow(options, tf, inputs, _weights, call) {
    const rank = Math.max(...inputs.map((value) => value.rank));
    const values = inputs.map((value) =>
      tf.reshape(value, [value.shape[0] ?? 1, ...upTo(rank - value.rank).map(() => 1), ...value.shape.slice(1)]),
    );
    const heeded = heedsMasks(options, call);
    if (heeded === 'extreme') return maskedExtremeTensorFlow(options, tf, values, call);
    if (heeded === 'product') return maskedProductTensorFlow(tf, values, call);
    const merged = values.slice(1).reduce((sum, value) => combine(tf, options.operation, sum, value), first(values));
    return options.average ? tf.div(merged, values.length) : merged;
  },
  masking: ({ config }) => ({
    onnx: (_options, scope, _inputs, { masks }) => combinedMaskOnnx(scope, masks, config.keras),
    tensorflow: (_options, tf, _inputs, { masks }) => combinedMaskTensorFlow(tf, masks, config.keras),
  }),
});

function combine(tf: TensorFlow, operation: Operation, a: Tensor, b: Tensor): Tensor {
  switch (operation) {
    case 'Add':
      return tf.add(a, b);
    case 'Sub':
      return tf.sub(a, b);
    case 'Mul':
      return tf.mul(a, b);
    case 'Max':
      return tf.maximum(a, b);
    case 'Min':
      return tf.minimum(a, b);
  }
}

/** The axes 1, 2, … of the given number. */
function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function aligned(shapes: readonly Shape[]): Shape[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return shapes.map((shape) => [null, ...upTo(rank - shape.length).map(() => 1), ...shape.slice(1)]);
}

/** From Keras 3.4 on the extreme and the product of a step are those of the inputs that count there. */
function heedsMasks<Value>({ config, operation }: Options, { masks }: FormCall<Value>): 'extreme' | 'product' | 'no' {
  if (!masksAreUnited(config.keras) || masks.every((mask) => mask === undefined)) return 'no';
  if (operation === 'Mul') return 'product';
  return operation === 'Max' || operation === 'Min' ? 'extreme' : 'no';
}

/** Keras' own order: an input is replaced where it is masked, then the extreme so far where that is. */
function maskedExtreme<Value>(
  values: readonly Value[],
  masks: readonly (Value | undefined)[],
  select: (mask: Value, value: Value, other: Value) => Value,
  either: (a: Value, b: Value) => Value,
  extreme: (a: Value, b: Value) => Value,
): Value {
  let output = first(values);
  let outputMask = masks[0];
  values.slice(1).forEach((value, index) => {
    const mask = masks[index + 1];
    const taken = mask === undefined ? value : select(mask, value, output);
    if (outputMask !== undefined) output = select(outputMask, output, taken);
    outputMask = mask !== undefined && outputMask !== undefined ? either(outputMask, mask) : undefined;
    output = extreme(output, taken);
  });
  return output;
}

function maskedExtremeOnnx(
  { operation }: Options,
  scope: OnnxScope,
  values: readonly string[],
  { masks }: FormCall<string>,
): string {
  const last = scope.integers([-1]);
  return maskedExtreme(
    values,
    masks.map((mask) => mask && scope.op('Unsqueeze', [mask, last])),
    (mask, value, other) => scope.op('Where', [mask, value, other]),
    (a, b) => scope.op('Or', [a, b]),
    (a, b) => scope.op(operation, [a, b]),
  );
}

function maskedExtremeTensorFlow(
  { operation }: Options,
  tf: TensorFlow,
  values: readonly Tensor[],
  { masks }: FormCall<Tensor>,
): Tensor {
  return maskedExtreme<Tensor>(
    values,
    masks.map((mask) => mask && tf.expandDims(mask, -1)),
    (mask, value, other) => tf.where(mask, value, other),
    (a, b) => tf.logicalOr(a, b),
    (a, b) => combine(tf, operation, a, b),
  );
}

/** An input counts as 1 where it is masked; where all are, the product is 0. */
function maskedProductOnnx(scope: OnnxScope, values: readonly string[], { masks }: FormCall<string>): string {
  const spread = masks.map((mask) => mask && scope.op('Unsqueeze', [mask, scope.integers([-1])]));
  const factors = values.map((value, index) => {
    const mask = spread[index];
    return mask === undefined ? value : scope.op('Where', [mask, value, scope.scalar(1)]);
  });
  const product = factors.reduce((a, b) => scope.op('Mul', [a, b]));
  const present = spread.flatMap((mask) => (mask === undefined ? [] : [mask]));
  if (present.length < masks.length) return product;
  return scope.op('Where', [present.reduce((a, b) => scope.op('Or', [a, b])), product, scope.scalar(0)]);
}

function maskedProductTensorFlow(tf: TensorFlow, values: readonly Tensor[], { masks }: FormCall<Tensor>): Tensor {
  const spread = masks.map((mask) => mask && tf.cast(tf.expandDims(mask, -1), 'float32'));
  const product = values
    .map((value, index) => {
      const mask = spread[index];
      return mask ? tf.add(tf.mul(value, mask), tf.sub(1, mask)) : value;
    })
    .reduce((a, b) => tf.mul(a, b));
  const present = spread.flatMap((mask) => (mask ? [mask] : []));
  if (present.length < masks.length) return product;
  return tf.mul(
    product,
    present.reduce((a, b) => tf.maximum(a, b)),
  );
}
