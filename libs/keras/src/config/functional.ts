/**
 * Functional: layers name the tensors they take, in nested lists (Keras 2) or as serialised tensors in calls (Keras 3).
 */
import { KerasImportError } from '../errors.js';
import {
  readLayerIdentity,
  requireList,
  requireObject,
  type JsonObject,
  type LayerEntry,
  type ModelConfig,
  type TensorReference,
} from './saved-config.js';

export function readFunctional(model: JsonObject): ModelConfig {
  const options = requireObject(model['config'], 'the model');
  const layers = requireList(options['layers'], 'The list of layers').map(readLayer);
  return {
    name: typeof options['name'] === 'string' ? options['name'] : 'model',
    layers,
    inputs: readEnds(options['input_layers'], 'input_layers'),
    outputs: readEnds(options['output_layers'], 'output_layers'),
  };
}

function readLayer(saved: unknown): LayerEntry {
  const { name: optionName, className, module, options, entry } = readLayerIdentity(saved);
  const name = typeof entry['name'] === 'string' ? entry['name'] : optionName;
  const nodes = requireList(entry['inbound_nodes'] ?? [], `The list of calls of layer ${name}`);
  const calls = nodes.map((node) =>
    Array.isArray(node)
      ? listCall(node as unknown[], name)
      : serialisedCall(requireObject(node, `a call of layer ${name}`), name),
  );
  // Keras 2 gives inputs no call, Keras 3 likewise; their one application takes nothing.
  return { name, className, ...(module !== undefined && { module }), options, calls: calls.length > 0 ? calls : [[]] };
}

/** Keras 2: `[["dense", 0, 0, {}], …]`, or the bare `["dense", 0, 0, {…}]` of functions. */
function listCall(node: readonly unknown[], layer: string): TensorReference[] {
  const tensors = typeof node[0] === 'string' ? [node] : node;
  return tensors.map((item) => {
    const [name, call, output, keywords] = requireList(item, `A call of layer ${layer}`);
    if (keywords !== undefined) requirePlainKeywords(requireObject(keywords, `a call of layer ${layer}`), layer);
    return reference(name, call, output, layer);
  });
}

/**
 * Keras 3: `{args: [tensor | [tensor, …]], kwargs: {}}`, a tensor being `{class_name: "__keras_tensor__", config:
 * {keras_history}}`.
 */
function serialisedCall(node: JsonObject, layer: string): TensorReference[] {
  requirePlainKeywords(requireObject(node['kwargs'] ?? {}, `a call of layer ${layer}`), layer);
  const found: TensorReference[] = [];
  const visit = (argument: unknown, depth: number): void => {
    if (Array.isArray(argument) && depth < 3) {
      for (const item of argument as unknown[]) visit(item, depth + 1);
      return;
    }
    const tensor = argument as { class_name?: unknown; config?: { keras_history?: unknown } } | null;
    if (tensor?.class_name !== '__keras_tensor__') throw unreadableCall(layer);
    const [name, call, output] = requireList(tensor.config?.keras_history, `A call of layer ${layer}`);
    found.push(reference(name, call, output, layer));
  };
  visit(requireList(node['args'], `A call of layer ${layer}`), 0);
  return found;
}

/** What a layer is told beside its tensors changes what it computes: only what has no effect on an answer may pass. */
function requirePlainKeywords(keywords: JsonObject, layer: string): void {
  for (const [keyword, value] of Object.entries(keywords)) {
    const harmless = value === null || (keyword === 'training' && value === false);
    if (!harmless) throw unreadableCall(layer, keyword);
  }
}

function unreadableCall(layer: string, keyword?: string): KerasImportError {
  const argument = keyword === undefined ? 'something that is no tensor' : `the argument ${keyword}`;
  const message = `Layer ${layer} is called with ${argument}, which is not read; pass tensors only and save the model again.`;
  return new KerasImportError('unsupported-option', message, layer);
}

/** `["x", 0, 0]`, `[["x", 0, 0], …]` or, for models of named inputs, `{key: ["x", 0, 0]}`. */
function readEnds(saved: unknown, what: string): TensorReference[] {
  if (typeof saved === 'object' && saved !== null && !Array.isArray(saved)) {
    return Object.values(saved).flatMap((item) => readEnds(item, what));
  }
  const list = requireList(saved, what);
  if (typeof list[0] === 'string') return [reference(list[0], list[1], list[2], what)];
  const ends = list.flatMap((item) => readEnds(item, what));
  if (ends.length === 0) throw new KerasImportError('invalid-config', `${what} is empty; save the model again.`);
  return ends;
}

function reference(name: unknown, call: unknown, output: unknown, where: string): TensorReference {
  if (typeof name !== 'string' || !Number.isSafeInteger(call) || !Number.isSafeInteger(output)) {
    throw new KerasImportError(
      'invalid-config',
      `${where} refers to a tensor that is not described; save the model again.`,
    );
  }
  return { layer: name, call: call as number, output: output as number };
}
