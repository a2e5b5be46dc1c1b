/** Public names of the Keras importer. */
export { buildKerasGraph, importKeras, readKeras, type KerasContents } from './import-keras.js';
export { listRefusals } from './list-refusals.js';
export { KerasImportError, kerasRefusals, onOneLine, type KerasRefusal } from './errors.js';
export { defaultImportLimits, type ImportLimits } from './limits.js';
export { containerKind, type ContainerKind } from './container/signature.js';
export type { Weight, WeightSpec } from './container/weight-spec.js';
export type { GraphNode, GraphPort, GraphTensor, KerasGraph } from './graph.js';
export type { KerasVersion } from './config/keras-version.js';
export type { Layer, LayerDefinition, TensorFlow } from './layer.js';
export { layerDefinitions } from './layers/registry.js';
export type { Shape } from './shape.js';
export { writeOnnx } from './onnx/write-onnx.js';
export { buildTensorFlowModel, type TensorFlowModel } from './tensorflow/tensorflow-model.js';
