/** Sequential: a chain. Its input is a layer of its own, or only a shape on the first layer or on the model. */
import { KerasImportError } from '../errors.js';
import {
  isModelClass,
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
  for (const identity of saved) {
    const previous = layers.at(-1);
    const call = previous ? [{ kind: 'tensor', reference: { layer: previous.name, call: 0, output: 0 } } as const] : [];
    layers.push({ ...identity, calls: [{ positional: call, keywords: {} }] });
  }
  const [input, last] = [layers[0], layers.at(-1)];
  if (!input || !last) throw new KerasImportError('invalid-config', 'The model has no layers.');
  const end = ({ name }: LayerEntry) => ({ name, reference: { layer: name, call: 0, output: 0 } });
  return {
    name: typeof options['name'] === 'string' ? options['name'] : 'sequential',
    layers,
    inputs: [end(input)],
    outputs: [end(last)],
  };
}

/** A nested model is told its shape by the call; a model of its own must say it, or its first layer must. */
function implicitInput(first: SavedLayer, model: JsonObject, saved: JsonObject): LayerEntry {
  const name = `${first.name}_input`;
  const shape = declaredShape(first, 0) ?? model['build_input_shape'] ?? builtShape(saved);
  const options = { name, batch_input_shape: shape };
  return { name, className: 'InputLayer', options, entry: {}, calls: [{ positional: [], keywords: {} }] };
}

function builtShape(saved: JsonObject): unknown {
  return (saved['build_config'] as { input_shape?: unknown } | undefined)?.input_shape ?? undefined;
}

/** The shape that a first layer declares, or, where it is a model, that of its own first layer. */
function declaredShape(layer: SavedLayer, depth: number): unknown {
  const declared = layer.options['batch_input_shape'] ?? layer.options['batch_shape'] ?? builtShape(layer.entry);
  if (declared !== undefined || !isModelClass(layer) || depth > 16) return declared;
  const config: unknown = layer.entry['config'];
  const nested = Array.isArray(config) ? config : (config as JsonObject)['layers'];
  const [first] = requireList(nested, 'The list of layers');
  return first === undefined ? undefined : declaredShape(readLayerIdentity(first), depth + 1);
}
