/**
 * What functions of `keras.ops` (Keras 3) and `tf` (Keras 2) are applied to: tensors and constants on either side, options
 * in the configuration or among the arguments. A function must answer every row by itself: what would mix rows is refused.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { constantOf, type CallArgument, type CallArguments } from '../call-arguments.js';
import { LayerConfig } from '../config/layer-config.js';
import type { TensorFlow } from '../layer.js';
import type { OnnxScope } from '../onnx/onnx-graph.js';
import { axisIndex, type Shape } from '../shape.js';

/** What an operator is known by: `keras.ops.Add`, `tf.math.add`. */
export interface Operator {
  readonly config: LayerConfig;
  readonly key: string;
}

export function readOperator(config: LayerConfig): Operator {
  const { className } = config;
  const ofTensorFlow = className === 'TFOpLambda' || className === 'SlicingOpLambda';
  return { config, key: ofTensorFlow ? `tf.${config.text('function')}` : `keras.ops.${className}` };
}

/** The entry of a table under `keras.ops.<Class>` or `tf.<function>`. */
export function entryOf<Entry>(table: Readonly<Record<string, Entry>>, { key, config }: Operator): Entry {
  const entry = Object.hasOwn(table, key) ? table[key] : undefined;
  if (entry === undefined) throw config.refuse('unsupported-layer', 'this function is not read.');
  return entry;
}

/**
 * An option of a function: in the configuration from Keras 3 on, among the keywords of the call before. `undefined` where
 * it is not given or None.
 */
export function functionOption({ config, key }: Operator, args: CallArguments, ...names: readonly string[]): unknown {
  for (const name of names) {
    // The configuration of a Keras 2 function is that of the layer around it.
    const value = (key.startsWith('keras.') ? config.raw(name) : undefined) ?? constantOf(args.keywords[name]);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The same as a layer's typed options. */
export function functionOptions(operator: Operator, args: CallArguments, names: readonly string[]): LayerConfig {
  const { name, className, context } = operator.config;
  const options = Object.fromEntries(names.map((option) => [option, functionOption(operator, args, option)]));
  return new LayerConfig(name, className, context, options);
}

export type Operand =
  | { readonly kind: 'tensor'; readonly input: number; readonly shape: Shape }
  | { readonly kind: 'constant'; readonly shape: readonly number[]; readonly values: Float32Array };

/** The operand at a position or under one of the keywords. Refuses what is neither a tensor nor an array of numbers. */
export function operandAt(
  { config }: Operator,
  args: CallArguments,
  inputShapes: readonly Shape[],
  position: number,
  ...keywords: readonly string[]
): Operand {
  const argument = args.positional[position] ?? keywords.map((name) => args.keywords[name]).find(Boolean);
  if (!argument || argument.kind === 'list') throw config.refuse('unsupported-option', 'an operand of it is not read.');
  return operandOf(argument, config, inputShapes);
}

function operandOf(
  argument: Exclude<CallArgument, { kind: 'list' }>,
  config: LayerConfig,
  inputShapes: readonly Shape[],
): Operand {
  if (argument.kind === 'tensor')
    return { kind: 'tensor', input: argument.input, shape: inputShapes[argument.input] ?? [] };
  const { name, className, context } = config;
  return {
    kind: 'constant',
    ...new LayerConfig(name, className, context, { operand: argument.value }).array('operand', true),
  };
}

/**
 * Refuses operands whose axes, aligned from the end, would bring the rows of one against another axis of the other: tensors
 * of different ranks, constants with an axis of their own where the batch is.
 */
export function requireAlignedRows({ config }: Operator, operands: readonly Operand[]): void {
  const ranks = operands.map(({ kind, shape }) => (kind === 'tensor' ? shape.length : 0));
  const rank = Math.max(...ranks);
  const mixed = operands.some(({ kind, shape }) =>
    kind === 'tensor' ? shape.length !== rank : shape.length > rank || (shape.length === rank && shape[0] !== 1),
  );
  if (mixed)
    throw config.refuse(
      'unsupported-option',
      'its operands have different axes, which mixes rows; reshape them before.',
    );
}

export function operandOnnx(scope: OnnxScope, operand: Operand, inputs: readonly string[]): string {
  return operand.kind === 'tensor' ? (inputs[operand.input] ?? '') : scope.floats(operand.values, operand.shape);
}

export function operandTensorFlow(tf: TensorFlow, operand: Operand, inputs: readonly Tensor[]): Tensor {
  if (operand.kind === 'constant') return tf.tensor(operand.values, [...operand.shape]);
  const tensor = inputs[operand.input];
  if (!tensor) throw new RangeError('a function without its operand');
  return tensor;
}

/** Axes in ascending order, none of them that of the batch. */
export function rowAxes(axes: readonly number[], shape: Shape, { config }: Operator): number[] {
  const indices = axes.map((axis) => axisIndex(axis, shape, config)).sort((a, b) => a - b);
  if (new Set(indices).size !== indices.length) throw config.refuse('invalid-config', 'it names an axis twice.');
  if (indices.includes(0))
    throw config.refuse('unsupported-option', 'it works along the batch axis, which mixes rows.');
  return indices;
}

/** The only tensor of a function of one tensor. */
export function onlyTensor(operator: Operator, args: CallArguments, inputShapes: readonly Shape[]): Shape {
  const operand = operandAt(
    operator,
    args,
    inputShapes,
    0,
    'x',
    'input',
    'inputs',
    'features',
    'tensor',
    'input_tensor',
  );
  if (operand.kind === 'constant' || inputShapes.length !== 1)
    throw operator.config.refuse('unsupported-option', 'it should be applied to one tensor.');
  return operand.shape;
}
