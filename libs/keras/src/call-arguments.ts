/** How a layer is called: positional and keyword arguments, as Keras was given them. */
import type { LayerConfig } from './config/layer-config.js';

export type CallArgument =
  /** A tensor, by its index in the inputs of the call. Its type stands in files of Keras 3 only: `float32`, `bool`, … */
  | { readonly kind: 'tensor'; readonly input: number; readonly dtype?: string }
  /** Items of a dictionary have a key each. */
  | { readonly kind: 'list'; readonly items: readonly CallArgument[]; readonly keys?: readonly string[] }
  /** Anything else, as JSON gives it. */
  | { readonly kind: 'constant'; readonly value: unknown };

export interface CallArguments {
  readonly positional: readonly CallArgument[];
  readonly keywords: Readonly<Record<string, CallArgument>>;
}

export const noArguments: CallArguments = { positional: [], keywords: {} };

/** Indices of all tensors in positional arguments, lists opened. */
export function positionalInputs({ positional }: CallArguments): number[] {
  return positional.flatMap(inputsOf);
}

/** Indices of all tensors in an argument, lists opened; none in an argument that is not there. */
export function inputsOf(argument: CallArgument | undefined): number[] {
  if (argument?.kind === 'tensor') return [argument.input];
  return argument?.kind === 'list' ? argument.items.flatMap(inputsOf) : [];
}

/**
 * The argument that Python would bind to a parameter: by position, else by keyword. `undefined` where neither is there or
 * it is None.
 */
export function boundArgument(args: CallArguments, position: number, keyword: string): CallArgument | undefined {
  const argument = args.positional[position] ?? args.keywords[keyword];
  return argument?.kind === 'constant' && (argument.value ?? null) === null ? undefined : argument;
}

/** The value of a constant, `undefined` for anything else. */
export function constantOf(argument: CallArgument | undefined): unknown {
  return argument?.kind === 'constant' ? argument.value : undefined;
}

/**
 * Refuses arithmetic on nothing but booleans, which are numbers here: for Keras 3 true + true is true, not 2. Throws
 * `unsupported-dtype`.
 */
export function requireNumbers({ positional, keywords }: CallArguments, layer: LayerConfig): void {
  const operands = [...positional, ...Object.values(keywords)].flatMap((argument) =>
    argument.kind === 'list' ? argument.items : [argument],
  );
  const booleans = operands.filter((operand) => operand.kind === 'tensor' && operand.dtype === 'bool');
  if (booleans.length > 1 && booleans.length === operands.length)
    throw layer.refuse('unsupported-dtype', 'it adds up booleans; make float32 of them before.');
}

/** What a layer reads there are tensors; numbers in their place, which Keras takes as well, would be passed over. */
const tensorKeywords = new Set(['mask', 'initial_state']);

/**
 * What a layer is told beside its tensors changes what it computes: only tensors, what has no effect on an answer and
 * what the layer reads itself may pass. Throws `unsupported-option`.
 */
export function requireReadableArguments(args: CallArguments, read: readonly string[], layer: LayerConfig): void {
  const refuse = (what: string): Error =>
    layer.refuse('unsupported-option', `it is called with ${what}, which is not read; pass tensors only.`);
  for (const argument of args.positional) {
    if (!read.includes('*') && holdsConstant(argument)) throw refuse('something that is no tensor');
  }
  for (const [keyword, argument] of Object.entries(args.keywords)) {
    const value = constantOf(argument);
    const harmless = argument.kind === 'constant' && (isNone(value) || (keyword === 'training' && value === false));
    if (harmless) continue;
    if (!read.includes(keyword)) throw refuse(`the argument ${keyword}`);
    if (tensorKeywords.has(keyword) && holdsConstant(argument)) throw refuse(`a constant as ${keyword}`);
  }
}

/** Whether there is a constant other than None in it: trailing Nones are what an argument not given looks like. */
function holdsConstant(argument: CallArgument): boolean {
  if (argument.kind === 'list') return argument.items.some(holdsConstant);
  return argument.kind === 'constant' && !isNone(argument.value);
}

/** None, or a list or dictionary of nothing else: the masks of several inputs that have none. */
function isNone(value: unknown): boolean {
  return (value ?? null) === null || (typeof value === 'object' && Object.values(value as object).every(isNone));
}
