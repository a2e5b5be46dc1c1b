/** What Sequential and Functional have in common: how one layer is written down, and the form both are brought to. */
import { KerasImportError } from '../errors.js';

/** Output `output` of the `call`-th application of a layer. */
export interface TensorReference {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

/** An argument of a call as the file has it. */
export type SavedArgument =
  | { readonly kind: 'tensor'; readonly reference: TensorReference; readonly dtype?: string }
  /** Items of a dictionary have a key each. */
  | { readonly kind: 'list'; readonly items: readonly SavedArgument[]; readonly keys?: readonly string[] }
  | { readonly kind: 'constant'; readonly value: unknown };

/** One application of a layer. */
export interface SavedCall {
  readonly positional: readonly SavedArgument[];
  readonly keywords: Readonly<Record<string, SavedArgument>>;
}

export interface LayerEntry extends SavedLayer {
  /** Empty arguments for an input. */
  readonly calls: readonly SavedCall[];
}

/** An input or output of a model, under the name that the model gives it. */
export interface ModelEnd {
  readonly name: string;
  readonly reference: TensorReference;
  /** Whether the name is a key: the model takes or answers a dictionary. */
  readonly isNamed?: boolean;
}

export interface ModelConfig {
  readonly name: string;
  readonly layers: readonly LayerEntry[];
  readonly inputs: readonly ModelEnd[];
  readonly outputs: readonly ModelEnd[];
}

export type JsonObject = Readonly<Record<string, unknown>>;

export interface SavedLayer {
  readonly name: string;
  readonly className: string;
  /** Where Keras defines the class, from 2.12 on: `Concatenate` of `keras.src.ops.numpy` is no layer `Concatenate`. */
  readonly module?: string;
  readonly options: JsonObject;
  /** The whole entry, for what stands beside the options. */
  readonly entry: JsonObject;
}

/** Name, class and options of one entry of `layers`. Throws for classes that are not Keras' own. */
export function readLayerIdentity(saved: unknown): SavedLayer {
  const entry = requireObject(saved, 'a layer');
  const className = entry['class_name'];
  // Keras 2.0 and 2.1 write a nested Sequential as the bare list of its layers.
  const bareList = className === 'Sequential' && Array.isArray(entry['config']);
  const options = bareList ? {} : requireObject(entry['config'], 'the config of a layer');
  const name = options['name'] ?? entry['name'] ?? (bareList ? 'sequential' : undefined);
  if (typeof className !== 'string' || typeof name !== 'string') {
    throw new KerasImportError('invalid-config', 'A layer has no class or no name; save the model again.');
  }
  if (className === 'Lambda') {
    const message = `Layer ${name} is a Lambda, which is Python code and is never run here; replace it by layers of Keras and save the model again.`;
    throw new KerasImportError('lambda-layer', message, name);
  }
  const module = entry['module'];
  if (isAuthorsOwn(entry)) {
    const message = `Layer ${name} is a ${className}, a class of its author's own that Keras does not have; replace it by layers of Keras and save the model again.`;
    throw new KerasImportError('unknown-layer', message, name);
  }
  return { name, className, options, entry, ...(typeof module === 'string' && { module }) };
}

/**
 * Whether a serialised object is of a class that its author wrote. `Package>Class` marks classes registered by their
 * author; Keras' own are registered without a package or below keras.
 */
export function isAuthorsOwn(saved: { class_name?: unknown; registered_name?: unknown; module?: unknown }): boolean {
  const { class_name: className, registered_name: registered, module } = saved;
  const packaged = [className, registered].some((name) => typeof name === 'string' && name.includes('>'));
  return packaged || (typeof module === 'string' && !/^(tf_)?keras(\.|$)/.test(module));
}

/** Whether a call is `{args, kwargs}`, as Keras 3 writes it; Keras 2 writes lists, or a dictionary of them. */
export function isSerialisedCall(call: unknown): boolean {
  return typeof call === 'object' && call !== null && 'args' in call && 'kwargs' in call;
}

/** All tensors of a call in the order of its inputs: positional arguments, then keywords. */
export function referencesOf({ positional, keywords }: SavedCall): TensorReference[] {
  const visit = (argument: SavedArgument): TensorReference[] => {
    if (argument.kind === 'tensor') return [argument.reference];
    return argument.kind === 'list' ? argument.items.flatMap(visit) : [];
  };
  return [...positional, ...Object.values(keywords)].flatMap(visit);
}

/** Whether a layer is a model of its own. */
export function isModelClass({ className }: Pick<SavedLayer, 'className'>): boolean {
  return className === 'Sequential' || className === 'Functional' || className === 'Model';
}

export function requireObject(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new KerasImportError(
      'invalid-config',
      `The configuration of ${what} is not an object; save the model again.`,
    );
  }
  return value as JsonObject;
}

export function requireList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value))
    throw new KerasImportError('invalid-config', `${what} is not a list; save the model again.`);
  return value as unknown[];
}
