/**
 * What a layer is to the importer: its options as read, the weights it expects, its shape rule and its two forms. A new
 * layer is one file in `layers/` that calls `defineLayer`, and one line in `layers/registry.ts`.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  inputsOf,
  noArguments,
  positionalInputs,
  requireReadableArguments,
  type CallArguments,
} from './call-arguments.js';
import { isAtLeast, type KerasVersion } from './config/keras-version.js';
import type { LayerConfig } from './config/layer-config.js';
import type { Weight, WeightSpec } from './container/weight-spec.js';
import type { OnnxScope } from './onnx/onnx-graph.js';
import { tensorType } from './onnx/onnx-schema.js';
import type { Shape } from './shape.js';

/** The functions of `@tensorflow/tfjs-core`; the caller brings them, so that this library depends on no back end. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');

/**
 * A value with the mask that Keras carries beside it: booleans `[batch, time]`, true where a timestep counts. `Value` is
 * the name of an ONNX value or a tensor of TensorFlow.js.
 */
export interface Masked<Value> {
  readonly value: Value;
  readonly mask?: Value | undefined;
}

/** What is known about one application of a layer. Batch is axis 0 of every shape. */
export interface LayerCall {
  /** Of all tensors the layer is given, positional ones first. */
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  /** How the layer was called; tensors stand in it by their index in the inputs. */
  readonly arguments: CallArguments;
}

/** A call as the forms of a layer see it: with the masks of its inputs, `undefined` where there is none. */
export interface FormCall<Value> extends LayerCall {
  readonly masks: readonly (Value | undefined)[];
}

/** A layer of a model, its options read. */
export interface Layer {
  readonly name: string;
  readonly className: string;
  weights(inputShapes: readonly Shape[], args: CallArguments): readonly WeightSpec[];
  outputShapes(inputShapes: readonly Shape[], args: CallArguments): readonly Shape[];
  /** As many values as `outputShapes`. */
  onnx(
    scope: OnnxScope,
    inputs: readonly Masked<string>[],
    weights: readonly Weight[],
    call: LayerCall,
  ): Masked<string>[];
  /** `weights` hold the same values as for ONNX, in the same order. The caller disposes of intermediate tensors. */
  tensorflow(
    tf: TensorFlow,
    inputs: readonly Masked<Tensor>[],
    weights: readonly Tensor[],
    call: LayerCall,
  ): Masked<Tensor>[];
  /** Whether what it was given has no mask any more for layers that are carried out after it. */
  readonly forgetsInputMasks?: boolean;
  /** How many layers stand in it, for models and for layers around models; absent: one. */
  layerCount?(inputShapes: readonly Shape[], args: CallArguments): number;
}

/** How a layer computes the mask of its output; `undefined` for an output without one. */
export interface MaskForms<Options> {
  readonly onnx: (
    options: Options,
    scope: OnnxScope,
    inputs: readonly string[],
    call: FormCall<string>,
  ) => string | undefined | (string | undefined)[];
  readonly tensorflow: (
    options: Options,
    tf: TensorFlow,
    inputs: readonly Tensor[],
    call: FormCall<Tensor>,
  ) => Tensor | undefined | (Tensor | undefined)[];
}

/**
 * `pass`: the mask of the first input is that of the output, as Keras' `supports_masking` does by itself. `stop`: the
 * output has none.
 */
export type Masking<Options> = 'pass' | 'stop' | MaskForms<Options>;

/** The forms of a layer class, with the options that its `read` returns. */
export interface LayerForms<Options> {
  /**
   * Keras' class names; for functions `keras.ops.<Class>` (the classes of `keras.src.ops`) and `tf.<function>` (what
   * Keras 2 writes as TFOpLambda).
   */
  readonly classNames: readonly string[];
  /** What is read and what is refused, for the table of layers. */
  readonly summary: string;
  readonly read: (config: LayerConfig) => Options;
  readonly weights?: (options: Options, inputShapes: readonly Shape[], args: CallArguments) => readonly WeightSpec[];
  /** Absent, like `outputShapes`: the shape of the first input. */
  readonly outputShape?: (options: Options, inputShapes: readonly Shape[], args: CallArguments) => Shape;
  /** For layers of several outputs. */
  readonly outputShapes?: (options: Options, inputShapes: readonly Shape[], args: CallArguments) => readonly Shape[];
  readonly onnx: (
    options: Options,
    scope: OnnxScope,
    inputs: readonly string[],
    weights: readonly Weight[],
    call: FormCall<string>,
  ) => string | string[];
  readonly tensorflow: (
    options: Options,
    tf: TensorFlow,
    inputs: readonly Tensor[],
    weights: readonly Tensor[],
    call: FormCall<Tensor>,
  ) => Tensor | Tensor[];
  /** Absent: `stop`, as for every layer of Keras that does not declare `supports_masking`. */
  readonly masking?: Masking<Options> | ((options: Options) => Masking<Options>);
  /** How many tensors the layer takes in its positional arguments; absent: exactly one. `any`: it checks by itself. */
  readonly inputs?: 'one' | 'many' | 'any';
  /**
   * Keywords of a call that the layer reads itself, such as `initial_state`; any other with an effect is refused. A
   * tensor under `mask` takes the place of the first input's mask, a list of them that of the masks of all inputs.
   */
  readonly keywords?: readonly string[];
  /** Whether it takes the masks of its inputs away from the layers after it, as MultiHeadAttention does; absent: no. */
  readonly forgetsInputMasks?: (options: Options) => boolean;
  readonly layerCount?: (options: Options, inputShapes: readonly Shape[], args: CallArguments) => number;
}

export interface LayerDefinition {
  readonly classNames: readonly string[];
  readonly summary: string;
  readonly read: (config: LayerConfig) => Layer;
}

/** Binds the forms of a layer class together. */
export function defineLayer<Options>(forms: LayerForms<Options>): LayerDefinition {
  return {
    classNames: forms.classNames,
    summary: forms.summary,
    read(config) {
      const options = forms.read(config);
      const masking = typeof forms.masking === 'function' ? forms.masking(options) : (forms.masking ?? 'stop');
      return {
        name: config.name,
        className: config.className,
        forgetsInputMasks: forms.forgetsInputMasks?.(options) ?? false,
        weights: (inputShapes, args) => forms.weights?.(options, inputShapes, args) ?? [],
        outputShapes(inputShapes, args) {
          requireReadableArguments(args, forms.keywords ?? [], config);
          requireInputs(forms.inputs ?? 'one', args, config);
          return (
            forms.outputShapes?.(options, inputShapes, args) ?? [
              forms.outputShape?.(options, inputShapes, args) ?? first(inputShapes),
            ]
          );
        },
        onnx(scope, inputs, weights, call) {
          const values = inputs.map(({ value }) => value);
          const seen = withMasks(inputs, call, (value) => scope.op('Cast', [value], { to: { int: tensorType.bool } }));
          const outputs = listOf(forms.onnx(options, scope, values, weights, seen));
          const after = outputCall(inputs, seen, config);
          return withOutputMasks(outputs, masking, after, (rule) => rule.onnx(options, scope, values, after));
        },
        tensorflow(tf, inputs, weights, call) {
          const values = inputs.map(({ value }) => value);
          const seen = withMasks(inputs, call, (value) => tf.notEqual(tf.cast(value, 'float32'), 0));
          const outputs = listOf(forms.tensorflow(options, tf, values, weights, seen));
          const after = outputCall(inputs, seen, config);
          return withOutputMasks(outputs, masking, after, (rule) => rule.tensorflow(options, tf, values, after));
        },
        ...(forms.layerCount && {
          layerCount: (inputShapes, args = noArguments) => forms.layerCount?.(options, inputShapes, args) ?? 1,
        }),
      };
    },
  };
}

function requireInputs(expected: 'one' | 'many' | 'any', args: CallArguments, config: LayerConfig): void {
  const { length } = positionalInputs(args);
  if (expected === 'any' || (expected === 'one' ? length === 1 : length >= 1)) return;
  throw config.refuse('invalid-config', `it cannot take ${length} inputs.`);
}

function withMasks<Value>(
  inputs: readonly Masked<Value>[],
  call: LayerCall,
  toBooleans: (value: Value) => Value,
): FormCall<Value> {
  const masks = inputs.map(({ mask }) => mask);
  givenMasks(inputs, call.arguments, toBooleans)?.forEach((mask, index) => {
    masks[index] = mask;
  });
  return { ...call, masks };
}

/**
 * The masks that a call passes by hand, which are tensors like any other, of numbers. `undefined` where it passes none and
 * the inputs' own count.
 */
export function givenMasks<Value>(
  inputs: readonly Masked<Value>[],
  { keywords }: CallArguments,
  toBooleans: (value: Value) => Value,
): (Value | undefined)[] | undefined {
  const given = keywords['mask'];
  if (given === undefined || inputsOf(given).length === 0) return undefined;
  const items = given.kind === 'list' ? given.items : [given];
  return items.map((item) => {
    const value = item.kind === 'tensor' ? inputs[item.input]?.value : undefined;
    return value === undefined ? undefined : toBooleans(value);
  });
}

/** The call as the mask of the output is made from it: where one that is passed does not count, by the tensors' own. */
function outputCall<Value>(
  inputs: readonly Masked<Value>[],
  call: FormCall<Value>,
  { keras }: LayerConfig,
): FormCall<Value> {
  return passesGivenMasks(keras) ? call : { ...call, masks: inputs.map(({ mask }) => mask) };
}

/** Whether a mask that a layer is passed is that of its output too; Keras 3.0 to 3.10 go by its tensor's own alone. */
export function passesGivenMasks(keras: KerasVersion): boolean {
  return keras.major < 3 || isAtLeast(keras, 3, 11);
}

function withOutputMasks<Value, Options>(
  values: readonly Value[],
  masking: Masking<Options>,
  call: FormCall<Value>,
  compute: (rule: MaskForms<Options>) => Value | undefined | (Value | undefined)[],
): Masked<Value>[] {
  if (masking === 'stop') return values.map((value) => ({ value }));
  const masks = masking === 'pass' ? [call.masks[0]] : listOf(compute(masking));
  return values.map((value, index) => ({ value, mask: masks[index] }));
}

function listOf<T>(one: T | T[]): T[] {
  return Array.isArray(one) ? one : [one];
}

/** The first of a list that is known not to be empty. */
export function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new RangeError('an empty list has no first item');
  return item;
}
