/** Sequential: a chain. Its input is a layer of its own, or only a shape on the first layer or on the model. */
import { KerasImportError } from '../errors.js';
import {
  readLayerIdentity,
  requireList,
  requireObject,
  type JsonObject,
  type LayerEntry,
  type ModelConfig,
  type SavedLayer,
} from './saved-config.js';

export function readSequential(model: JsonObject): ModelConfig {
  const config = model['config'];
  // Keras 2.0 and 2.1 write the bare list of layers.
  const options: JsonObject = Array.isArray(config) ? { layers: config } : requireObject(config, 'the model');
  const saved = requireList(options['layers'], 'The list of layers').map(readLayerIdentity);
  const [first] = saved;
  if (!first) throw new KerasImportError('invalid-config', 'The model has no layers.');

  const layers: LayerEntry[] = [];
  if (first.className !== 'InputLayer') layers.push(implicitInput(first, options, model));
  for (const { name, className, module, options: layerOptions } of saved) {
    const previous = layers.at(-1);
    const calls = previous ? [[{ layer: previous.name, call: 0, output: 0 }]] : [[]];
    layers.push({ name, className, ...(module !== undefined && { module }), options: layerOptions, calls });
  }
  const [input, last] = [layers[0], layers.at(-1)];
  if (!input || !last) throw new KerasImportError('invalid-config', 'The model has no layers.');
  return {
    name: typeof options['name'] === 'string' ? options['name'] : 'sequential',
    layers,
    inputs: [{ layer: input.name, call: 0, output: 0 }],
    outputs: [{ layer: last.name, call: 0, output: 0 }],
  };
}

function implicitInput(first: SavedLayer, model: JsonObject, saved: JsonObject): LayerEntry {
  const built = (saved['build_config'] as { input_shape?: unknown } | undefined)?.input_shape;
  const shape =
    first.options['batch_input_shape'] ?? first.options['batch_shape'] ?? model['build_input_shape'] ?? built;
  if (!Array.isArray(shape) && ['Sequential', 'Functional', 'Model'].includes(first.className)) {
    throw new KerasImportError(
      'unsupported-layer',
      `Layer ${first.name} is itself a model, which is not read; rebuild the model without nesting.`,
      first.name,
    );
  }
  if (!Array.isArray(shape)) {
    const message =
      'The model was saved before it knew the shape of its input; call it once or give its first layer an input_shape, and save it again.';
    throw new KerasImportError('invalid-config', message, first.name);
  }
  const options = { name: `${first.name}_input`, batch_input_shape: shape, dtype: first.options['dtype'] };
  return { name: options.name, className: 'InputLayer', options, calls: [[]] };
}
