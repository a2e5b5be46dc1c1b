/**
 * Functional: layers name the tensors they take, in nested lists (Keras 2) or as serialised tensors in calls (Keras 3).
 */
import { KerasImportError } from '../errors.js';
import { withCallsOfThisModel } from './call-numbers.js';
import {
  isSerialisedCall,
  readLayerIdentity,
  requireList,
  requireObject,
  type JsonObject,
  type LayerEntry,
  type ModelConfig,
  type ModelEnd,
  type SavedArgument,
  type SavedCall,
  type TensorReference,
} from './saved-config.js';

/** Arguments nest a list of states in a list of tensors, and no deeper. */
const maxArgumentDepth = 8;

export function readFunctional(model: JsonObject): ModelConfig {
  const options = requireObject(model['config'], 'the model');
  const saved = requireList(options['layers'], 'The list of layers').map((layer) => {
    const identity = readLayerIdentity(layer);
    return typeof identity.entry['name'] === 'string' ? { ...identity, name: identity.entry['name'] } : identity;
  });
  const names = new Set(saved.map(({ name }) => name));
  const layers = saved.map((identity): LayerEntry => {
    const nodes = requireList(identity.entry['inbound_nodes'] ?? [], `The list of calls of layer ${identity.name}`);
    const calls = nodes.map((node) => readCall(node, identity.name, names));
    // Keras gives inputs no call; their one application takes nothing.
    return { ...identity, calls: calls.length > 0 ? calls : [noCall] };
  });
  const config = {
    name: typeof options['name'] === 'string' ? options['name'] : 'model',
    layers,
    inputs: readEnds(options['input_layers'], 'input_layers'),
    outputs: readEnds(options['output_layers'], 'output_layers'),
  };
  return withCallsOfThisModel(config);
}

const noCall: SavedCall = { positional: [], keywords: {} };

function readCall(node: unknown, layer: string, names: ReadonlySet<string>): SavedCall {
  if (Array.isArray(node)) return listCall(node as unknown[], layer, names);
  const call = requireObject(node, `a call of layer ${layer}`);
  return isSerialisedCall(call) ? serialisedCall(call, layer) : dictionaryCall(call, layer, names);
}

/**
 * Keras 2: `[["dense", 0, 0, {}], …]`, or the bare `["dense", 0, 0, {…}]` of functions. Keywords stand with each tensor;
 * those of the first count, as Keras reads them back. A first argument that is no tensor is `["_CONSTANT_VALUE", -1, 2.0,
 * {…}]`. The states of a stack of cells stand in lists of their own, which tell nothing that their order does not.
 */
function listCall(node: readonly unknown[], layer: string, names: ReadonlySet<string>): SavedCall {
  const items = openLists(node, `A call of layer ${layer}`, 0);
  const keywords: Record<string, SavedArgument> = {};
  for (const [, , , saved] of items.toReversed()) {
    for (const [keyword, value] of Object.entries(requireObject(saved ?? {}, `a call of layer ${layer}`)))
      keywords[keyword] = listArgument(value, names, 0);
  }
  const tensors = items.map(([name, call, output]): SavedArgument => {
    if (name === '_CONSTANT_VALUE' && call === -1) return { kind: 'constant', value: output };
    return { kind: 'tensor', reference: reference(name, call, output, layer) };
  });
  const [only] = tensors;
  if (tensors.length === 1 && only) return { positional: [only], keywords };
  return { positional: [{ kind: 'list', items: tensors }], keywords };
}

/** The tensors in nested lists: a list that begins with a name is a tensor. */
function openLists(node: readonly unknown[], what: string, depth: number): (readonly unknown[])[] {
  if (typeof node[0] === 'string' || depth > maxArgumentDepth) return [node];
  return node.flatMap((item) => openLists(requireList(item, what), what, depth + 1));
}

/** Keras 2, a model whose inputs are a dictionary: `{key: ["dense", 0, 0, {}], …}`. */
function dictionaryCall(node: JsonObject, layer: string, names: ReadonlySet<string>): SavedCall {
  const calls = Object.values(node).map((item) => listCall([item], layer, names));
  const items = calls.flatMap(({ positional }) => positional);
  return { positional: [{ kind: 'list', items, keys: Object.keys(node) }], keywords: calls[0]?.keywords ?? {} };
}

/** A keyword of Keras 2: tensors are `["layer", 0, 0]`, told from other lists by the layer's name. */
function listArgument(value: unknown, names: ReadonlySet<string>, depth: number): SavedArgument {
  if (!Array.isArray(value) || depth > maxArgumentDepth) return { kind: 'constant', value };
  const [name, call, output] = value as unknown[];
  if (name === '_CONSTANT_VALUE' && call === -1) return { kind: 'constant', value: output };
  if (typeof name === 'string' && names.has(name) && Number.isSafeInteger(call) && Number.isSafeInteger(output)) {
    return { kind: 'tensor', reference: { layer: name, call: call as number, output: output as number } };
  }
  const items = value.map((item) => listArgument(item, names, depth + 1));
  return items.some(({ kind }) => kind !== 'constant') ? { kind: 'list', items } : { kind: 'constant', value };
}

/** What the first parameter of a layer or a model is called. */
const firstParameters = ['inputs', 'sequences', 'sequence', 'query'];

/**
 * Keras 3: `{args: [argument, …], kwargs: {name: argument, …}}`, as the layer was called: what it takes first may stand
 * under its name, and is brought to its position.
 */
function serialisedCall(node: JsonObject, layer: string): SavedCall {
  const args = requireList(node['args'] ?? [], `A call of layer ${layer}`);
  const keywords = Object.entries(requireObject(node['kwargs'] ?? {}, `a call of layer ${layer}`));
  const [named] = args.length === 0 ? keywords.filter(([keyword]) => firstParameters.includes(keyword)) : [];
  return {
    positional: (named ? [named[1]] : args).map((argument) => serialisedArgument(argument, layer, 0)),
    keywords: Object.fromEntries(
      keywords
        .filter((entry) => entry !== named)
        .map(([keyword, argument]) => [keyword, serialisedArgument(argument, layer, 0)]),
    ),
  };
}

/** A tensor is `{class_name: "__keras_tensor__", config: {keras_history}}`. */
function serialisedArgument(value: unknown, layer: string, depth: number): SavedArgument {
  if (Array.isArray(value) && depth < maxArgumentDepth) {
    const items = value.map((item) => serialisedArgument(item, layer, depth + 1));
    return items.some(({ kind }) => kind !== 'constant') ? { kind: 'list', items } : { kind: 'constant', value };
  }
  const tensor = value as { class_name?: unknown; config?: { keras_history?: unknown; dtype?: unknown } } | null;
  if (tensor?.class_name !== '__keras_tensor__') return serialisedDictionary(value, layer, depth);
  const [name, call, output] = requireList(tensor.config?.keras_history, `A call of layer ${layer}`);
  const dtype = tensor.config?.dtype;
  return {
    kind: 'tensor',
    reference: reference(name, call, output, layer),
    ...(typeof dtype === 'string' && { dtype }),
  };
}

/** What a model is given whose inputs are a dictionary; anything without a tensor in it is a constant. */
function serialisedDictionary(value: unknown, layer: string, depth: number): SavedArgument {
  if (typeof value !== 'object' || value === null || depth >= maxArgumentDepth) return { kind: 'constant', value };
  const items = Object.values(value).map((item) => serialisedArgument(item, layer, depth + 1));
  const holdsTensor = items.some(({ kind }) => kind !== 'constant');
  return holdsTensor ? { kind: 'list', items, keys: Object.keys(value) } : { kind: 'constant', value };
}

/** `["x", 0, 0]`, `[["x", 0, 0], …]` or, for models of named inputs and outputs, `{key: ["x", 0, 0]}`. */
function readEnds(saved: unknown, what: string, name?: string): ModelEnd[] {
  if (typeof saved === 'object' && saved !== null && !Array.isArray(saved)) {
    return Object.entries(saved).flatMap(([key, item]) => readEnds(item, what, key));
  }
  const list = requireList(saved, what);
  if (typeof list[0] === 'string') {
    const end = reference(list[0], list[1], list[2], what);
    return [name === undefined ? { name: end.layer, reference: end } : { name, reference: end, isNamed: true }];
  }
  const ends = list.flatMap((item) => readEnds(item, what, name));
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
