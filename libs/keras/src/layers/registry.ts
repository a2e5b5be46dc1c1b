/** Every layer that is read, by Keras' class name. A new one is a file beside this one and a line here. */
import type { KerasVersion } from '../config/keras-version.js';
import type { SavedLayer } from '../config/saved-config.js';
import type { LayerDefinition } from '../layer.js';
import { activation } from './activation.js';
import { attention } from './attention.js';
import { batchNormalization } from './batch-normalization.js';
import { bidirectional } from './bidirectional.js';
import { categoryEncoding } from './category-encoding.js';
import { concatenate } from './concatenate.js';
import { convTranspose } from './conv-transpose.js';
import { conv } from './conv.js';
import { cropping } from './cropping.js';
import { cudnn } from './cudnn.js';
import { dense } from './dense.js';
import { depthwiseConv } from './depthwise-conv.js';
import { dot } from './dot.js';
import { embedding } from './embedding.js';
import { flatten } from './flatten.js';
import { globalPooling } from './global-pooling.js';
import { groupNormalization } from './group-normalization.js';
import { gru } from './gru.js';
import { identity } from './identity.js';
import { layerNormalization } from './layer-normalization.js';
import { lstm } from './lstm.js';
import { anyOrAll, constantMasks, logical } from './mask-functions.js';
import { masking } from './masking.js';
import { merge } from './merge.js';
import { multiHeadAttention } from './multi-head-attention.js';
import { normalization } from './normalization.js';
import { operationNodeClass, operationNodeOf, operationNodes } from './operation-node.js';
import { binaryFunctions, choosingFunctions } from './operators-binary.js';
import { elementwiseFunctions } from './operators-elementwise.js';
import { concatFunctions, splitFunctions, stackFunctions, sumFunctions } from './operators-join.js';
import { matrixProducts, unitLengthFunctions } from './operators-matmul.js';
import { reducingFunctions } from './operators-reduce.js';
import { shapeFunctions } from './operators-shape.js';
import { slicing } from './operators-slice.js';
import { permute } from './permute.js';
import { pooling } from './pooling.js';
import { prelu } from './prelu.js';
import { repeatVector } from './repeat-vector.js';
import { rescaling } from './rescaling.js';
import { reshape } from './reshape.js';
import { rmsNormalization } from './rms-normalization.js';
import { rnn } from './rnn.js';
import { separableConv } from './separable-conv.js';
import { simpleRnn } from './simple-rnn.js';
import { softmaxLayer } from './softmax.js';
import { timeDistributed } from './time-distributed.js';
import { unitNormalization } from './unit-normalization.js';
import { upSampling } from './up-sampling.js';
import { zeroPadding } from './zero-padding.js';

export const layerDefinitions: readonly LayerDefinition[] = [
  activation,
  anyOrAll,
  attention,
  batchNormalization,
  bidirectional,
  binaryFunctions,
  categoryEncoding,
  choosingFunctions,
  concatenate,
  concatFunctions,
  constantMasks,
  conv,
  convTranspose,
  cropping,
  cudnn,
  dense,
  depthwiseConv,
  dot,
  elementwiseFunctions,
  embedding,
  flatten,
  globalPooling,
  groupNormalization,
  gru,
  identity,
  layerNormalization,
  logical,
  lstm,
  masking,
  matrixProducts,
  merge,
  multiHeadAttention,
  normalization,
  operationNodes,
  permute,
  pooling,
  prelu,
  reducingFunctions,
  repeatVector,
  rescaling,
  reshape,
  rmsNormalization,
  rnn,
  separableConv,
  shapeFunctions,
  simpleRnn,
  slicing,
  splitFunctions,
  stackFunctions,
  sumFunctions,
  softmaxLayer,
  timeDistributed,
  unitLengthFunctions,
  unitNormalization,
  upSampling,
  zeroPadding,
];

const byClassName = new Map(
  layerDefinitions.flatMap((definition) => definition.classNames.map((name) => [name, definition] as const)),
);

/**
 * The definition of a layer as a file names it. Functions are saved beside layers, under classes of the same names or of
 * one name for all: `Add` of `keras.src.ops.numpy` is `keras.ops.Add` here, TFOpLambda with the function `math.add` is
 * `tf.math.add`.
 */
export function layerDefinition(
  { className, module, options }: Pick<SavedLayer, 'className' | 'module' | 'options'>,
  keras?: KerasVersion,
): LayerDefinition | undefined {
  if (isFunctionModule(module)) return byClassName.get(`keras.ops.${className}`);
  if (className === 'TFOpLambda' || className === 'SlicingOpLambda') {
    return byClassName.get(`tf.${String(options['function'])}`);
  }
  if (className === operationNodeClass) return byClassName.get(`tf.raw_ops.${operationNodeOf(options)?.op}`);
  // Keras 3 writes no modules into .h5 files; there a function is told by its name, or by its lack of a layer's options.
  const called = module === undefined ? byClassName.get(`keras.ops.${className}`) : undefined;
  const withoutModule = module === undefined && keras?.major === 3 && options['trainable'] === undefined;
  if (withoutModule && (called || namesOfOtherFunctions.has(className))) return called;
  return byClassName.get(className) ?? called;
}

/** Functions of `keras.ops` that are not read, and have the names of layers that are. */
const namesOfOtherFunctions = new Set(['Average', 'Dot']);

/** Whether a module defines functions: those of `keras.ops`, and activations that are applied to a tensor themselves. */
export function isFunctionModule(module: string | undefined): boolean {
  return module !== undefined && /(^|\.)(ops|activations)(\.|$)/.test(module);
}

/** Whether a definition is that of functions of `keras.ops`. */
export function isKerasFunction({ classNames }: LayerDefinition): boolean {
  return (
    classNames.every((name) => /^(keras\.ops|tf)\./.test(name)) && classNames.some((name) => name.startsWith('keras.'))
  );
}
