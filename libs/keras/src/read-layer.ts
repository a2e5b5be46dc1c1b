/** Reads the layers of one file: each by its class, nested models as layers of their own. */
import { requireFloatPolicy } from './config/dtype.js';
import type { KerasVersion } from './config/keras-version.js';
import { LayerConfig, type ReadingContext } from './config/layer-config.js';
import { readModelConfig } from './config/model-config.js';
import { isModelClass, readLayerIdentity, type ModelConfig, type SavedLayer } from './config/saved-config.js';
import { inputClass } from './build-structure.js';
import { KerasImportError } from './errors.js';
import { frozen } from './container/weight-spec.js';
import type { Layer } from './layer.js';
import { operationNodeClass, operationNodeOf } from './layers/operation-node.js';
import { isFunctionModule, isKerasFunction, layerDefinition } from './layers/registry.js';
import type { ImportLimits } from './limits.js';
import { modelLayer } from './model-layer.js';

/** Models in models, at most: every level costs a level of the call stack. */
const deepestModel = 64;

/** `depth`: how many models the layers to be read stand in, beyond the file's own. */
export function readingContext(keras: KerasVersion, limits: ImportLimits, depth = 0): ReadingContext {
  const context: ReadingContext = {
    keras,
    limits,
    readLayer(saved) {
      const identity = readLayerIdentity(saved);
      const given = (saved as { name?: unknown }).name;
      const name = typeof given === 'string' ? given : identity.name;
      if (!isModelClass(identity)) return withItsTraining(readDefined({ ...identity, name }, context), identity);
      if (depth >= deepestModel)
        throw new KerasImportError('too-large', `Models are nested more than ${deepestModel} deep.`, name);
      const within = readingContext(keras, limits, depth + 1);
      return withItsTraining(modelLayer(name, identity.className, readModel(identity.entry), within), identity);
    },
  };
  return context;
}

/**
 * A model's configuration, all of its classes known: a model is refused for the layer that is not read, and not for a
 * consequence of it. Throws `KerasImportError`.
 */
export function readModel(saved: unknown): ModelConfig {
  const model = readModelConfig(saved);
  for (const layer of model.layers) requireKnownClass(layer);
  return model;
}

function readDefined({ name, className, module, options }: SavedLayer, context: ReadingContext): Layer {
  const identity = { name, className, options, ...(module !== undefined && { module }) };
  requireKnownClass(identity, context.keras);
  const config = new LayerConfig(name, className, context, options);
  const definition = layerDefinition(identity, context.keras);
  if (!definition) throw config.refuse('unsupported-layer', 'an input cannot stand here; save the model again.');
  // What `dtype` means is a function's own matter: a mask is made of booleans.
  if (!isKerasFunction(definition)) requireFloatPolicy(config);
  return definition.read(config);
}

/** Whatever a layer stands in, the file lists its weights after all others where it is frozen. */
function withItsTraining(layer: Layer, { options }: SavedLayer): Layer {
  if (options['trainable'] !== false) return layer;
  return { ...layer, weights: (shapes, args) => frozen(layer.weights(shapes, args)) };
}

/** `keras`, where it is known, tells a function from a layer of its name. */
function requireKnownClass(
  layer: Pick<SavedLayer, 'name' | 'className' | 'module' | 'options'>,
  keras?: KerasVersion,
): void {
  const { name, className, module } = layer;
  if (className === inputClass || isModelClass(layer) || layerDefinition(layer, keras)) return;
  const operation = isFunctionModule(module) || layerDefinition(layer) !== undefined;
  const called = calledFunction(layer) ?? className;
  const what = operation || called !== className ? `the function ${called}` : `a ${className}`;
  throw new KerasImportError(
    'unsupported-layer',
    `Layer ${name} is ${what}, which is not read; rebuild the model with layers that are.`,
    name,
  );
}

/** Keras 2 writes functions of TensorFlow by name, and from 2.0 to 2.3 in TensorFlow by their node. */
function calledFunction({ className, options }: Pick<SavedLayer, 'className' | 'options'>): string | undefined {
  if (typeof options['function'] === 'string') return options['function'];
  if (className !== operationNodeClass) return undefined;
  const node = operationNodeOf(options);
  return node && `tf.raw_ops.${node.op}`;
}
