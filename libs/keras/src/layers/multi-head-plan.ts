/** What one application of MultiHeadAttention consists of: which tensors, which axes, which rules of its Keras. */
import { boundArgument, constantOf, inputsOf, type CallArguments } from '../call-arguments.js';
import { isAtLeast } from '../config/keras-version.js';
import type { LayerConfig } from '../config/layer-config.js';
import { axisIndex, elementCount, knownSize, type Shape } from '../shape.js';

export interface MultiHeadOptions {
  readonly config: LayerConfig;
  readonly heads: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly useBias: boolean;
  readonly useGate: boolean;
  readonly dropout: number;
  /** The shape of one output, where it is not that of a query. */
  readonly outputSizes: readonly number[] | undefined;
  readonly attentionAxes: readonly number[] | undefined;
  readonly slidingWindow: number | undefined;
}

export type Role = 'query' | 'value' | 'key';

/** One application, worked out. */
export interface MultiHeadPlan {
  readonly options: MultiHeadOptions;
  /** Where the tensors stand in the inputs. */
  readonly query: number;
  readonly key: number;
  readonly value: number;
  readonly attentionMask: number | undefined;
  /** Masks that are passed by themselves, which Keras 3 takes in the place of those of the tensors. */
  readonly givenMasks: Readonly<Partial<Record<Role, number>>>;
  readonly shapes: { readonly query: Shape; readonly key: Shape; readonly value: Shape };
  /** Axes of rows and of time of every tensor; the last axis holds the features. */
  readonly rowAxes: readonly number[];
  readonly timeAxes: readonly number[];
  readonly causal: boolean;
  readonly returnsScores: boolean;
  readonly outputSizes: readonly number[];
  /** Masks of the inputs count, from Keras 2.10 on. */
  readonly usesMasks: boolean;
  /** A query that may look at no key gets zeros instead of the average of all values. */
  readonly zeroWithoutKeys: boolean;
}

export function multiHeadPlan(
  options: MultiHeadOptions,
  inputShapes: readonly Shape[],
  args: CallArguments,
): MultiHeadPlan {
  const shapes = multiHeadShapes(options, inputShapes, args);
  const { config } = options;
  const scores = returnsScores(args);
  const timeAxes = timeAxesOf(options, shapes.query);
  return {
    options,
    ...multiHeadInputs(options, args),
    shapes,
    timeAxes,
    rowAxes: shapes.query
      .map((_, axis) => axis)
      .filter((axis) => !timeAxes.includes(axis) && axis < shapes.query.length - 1),
    causal: constantOf(args.keywords['use_causal_mask']) === true,
    returnsScores: scores,
    outputSizes: options.outputSizes ?? [knownSize(shapes.query, -1, config)],
    usesMasks: usesMasks(config),
    // Its Softmax layer does so from 3.10 on; the fused attention that Keras takes elsewhere does not.
    zeroWithoutKeys: isAtLeast(config.keras, 3, 10) && (options.dropout > 0 || scores || shapes.query.length !== 3),
  };
}

function multiHeadInputs(
  { config }: MultiHeadOptions,
  args: CallArguments,
): Pick<MultiHeadPlan, Role | 'attentionMask' | 'givenMasks'> {
  const tensor = (position: number, keyword: string): number | undefined => {
    const argument = boundArgument(args, position, keyword);
    if (argument === undefined) return undefined;
    if (argument.kind !== 'tensor') throw config.refuse('unsupported-option', `its ${keyword} is no tensor.`);
    return inputsOf(argument)[0];
  };
  const [query, value] = [tensor(0, 'query'), tensor(1, 'value')];
  if (query === undefined || value === undefined || args.positional.length > 3)
    throw config.refuse('invalid-config', 'it should be called with query, value and key; save the model again.');
  const byName = (keyword: string): number | undefined => tensor(Number.MAX_SAFE_INTEGER, keyword);
  // From 3.8 on a mask of the query that is passed is overlooked.
  const roles = isAtLeast(config.keras, 3, 8) ? (['value', 'key'] as const) : (['query', 'value', 'key'] as const);
  const masks = roles.map((role) => [role, byName(`${role}_mask`)] as const);
  return {
    query,
    value,
    key: tensor(2, 'key') ?? value,
    attentionMask: byName('attention_mask'),
    givenMasks: Object.fromEntries(masks.filter(([, input]) => input !== undefined)),
  };
}

export function multiHeadShapes(
  options: MultiHeadOptions,
  inputShapes: readonly Shape[],
  args: CallArguments,
): { query: Shape; key: Shape; value: Shape } {
  const { config } = options;
  const inputs = multiHeadInputs(options, args);
  const [query = [], key = [], value = []] = [inputs.query, inputs.key, inputs.value].map(
    (index) => inputShapes[index],
  );
  const rank = query.length;
  const fits =
    rank >= 3 &&
    key.length === rank &&
    value.length === rank &&
    key.slice(1, -1).every((size, index) => size === null || size === (value[index + 1] ?? size));
  if (!fits) throw config.refuse('shape-mismatch', 'its query, value and key do not fit each other.');
  const timeAxes = timeAxesOf(options, query);
  const rows = query.map((_, axis) => axis).filter((axis) => axis > 0 && axis < rank - 1 && !timeAxes.includes(axis));
  if (rows.some((axis) => query[axis] !== key[axis]))
    throw config.refuse('shape-mismatch', 'its query and key differ along an axis that is not attended to.');
  if (rank > 3) {
    [query, key, value].forEach((shape) => shape.slice(1).forEach((_, index) => knownSize(shape, index + 1, config)));
    requireSimpleCall(options, args);
  }
  requireAttentionMask(config, inputs.attentionMask === undefined ? undefined : inputShapes[inputs.attentionMask]);
  if (Object.values(inputs.givenMasks).some((input) => inputShapes[input]?.length !== 2))
    throw config.refuse('unsupported-option', 'a mask of its query, value or key should have a batch axis and time.');
  const time = (shape: Shape): number => elementCount(timeAxes.map((axis) => shape[axis] ?? 1));
  const elements = options.heads * elementCount(rows.map((axis) => query[axis] ?? 1)) * time(query) * time(key);
  if (elements > config.context.limits.maxTensorElements)
    throw config.refuse('too-large', `its scores would take ${elements} numbers for one row.`);
  return { query, key, value };
}

/** With more axes than those of a sequence of vectors, Keras' masks and scores have forms that are not read. */
function requireSimpleCall({ config, slidingWindow }: MultiHeadOptions, args: CallArguments): void {
  const keywords = ['attention_mask', 'query_mask', 'value_mask', 'key_mask', 'use_causal_mask'];
  const used = [...keywords, 'return_attention_scores'].filter((keyword) => {
    const argument = args.keywords[keyword];
    return argument !== undefined && (argument.kind !== 'constant' || argument.value === true);
  });
  if (slidingWindow !== undefined) used.push('sliding_window');
  if (used.length > 0) {
    const message = `${used.join(', ')} is not read for tensors of more than three axes; reshape its inputs.`;
    throw config.refuse('unsupported-option', message);
  }
}

/** `[batch, queries, keys]` */
function requireAttentionMask(config: LayerConfig, shape: Shape | undefined): void {
  if (shape && shape.length !== 3)
    throw config.refuse('unsupported-option', 'its attention_mask should have a batch axis, queries and keys.');
}

function timeAxesOf({ config, attentionAxes }: MultiHeadOptions, query: Shape): number[] {
  if (!attentionAxes) return Array.from({ length: query.length - 2 }, (_, index) => index + 1);
  // What earlier versions make of axes counted from the end is none of the two meanings that it could have.
  if (attentionAxes.some((axis) => axis < 0) && !isAtLeast(config.keras, 3, 12))
    throw config.refuse(
      'unsupported-option',
      'attention_axes counted from the end are not read; count from the start.',
    );
  const axes = attentionAxes.map((axis) => axisIndex(axis, query, config));
  const valid = axes.length > 0 && new Set(axes).size === axes.length;
  if (!valid || axes.some((axis) => axis === 0 || axis === query.length - 1))
    throw config.refuse('invalid-config', 'attention_axes should name axes between the batch and the features.');
  return axes;
}

export function returnsScores({ keywords }: CallArguments): boolean {
  return constantOf(keywords['return_attention_scores']) === true;
}

export function usesMasks({ keras }: LayerConfig): boolean {
  return isAtLeast(keras, 2, 10);
}

/** Which steps of the query, value and key count; a key that is the value again is not asked twice. */
export function stepMasks<Value>(
  plan: MultiHeadPlan,
  masks: readonly (Value | undefined)[],
  given: (input: number) => Value,
): Partial<Record<Role, Value | undefined>> {
  const maskOf = (role: Role): Value | undefined => {
    const input = plan.givenMasks[role];
    return input === undefined ? masks[plan[role]] : given(input);
  };
  const keyIsValue = plan.key === plan.value && plan.givenMasks.key === undefined;
  return { query: maskOf('query'), value: maskOf('value'), key: keyIsValue ? undefined : maskOf('key') };
}

/** With more axes than those of a sequence of vectors, masks would have to be spread in ways that Keras does not define. */
export function requireNoMasks({ options, shapes }: MultiHeadPlan, masks: readonly unknown[]): void {
  if (shapes.query.length > 3 && masks.some((mask) => mask !== undefined))
    throw options.config.refuse('unsupported-option', 'masks of tensors of more than three axes are not read.');
}

export type Projection<Stored> = { readonly kernel: Stored; readonly bias: Stored | undefined };

/** The weights by what they are for, in the order of the specs. */
export function projections<Stored>(
  { useBias, useGate }: MultiHeadOptions,
  weights: readonly Stored[],
): {
  query: Projection<Stored>;
  key: Projection<Stored>;
  value: Projection<Stored>;
  output: Projection<Stored>;
  gate?: Projection<Stored>;
} {
  const step = useBias ? 2 : 1;
  const at = (index: number): Projection<Stored> => {
    const kernel = weights[index * step];
    if (kernel === undefined) throw new RangeError('MultiHeadAttention without its weights');
    return { kernel, bias: useBias ? weights[index * step + 1] : undefined };
  };
  if (!useGate) return { query: at(0), key: at(1), value: at(2), output: at(3) };
  return { query: at(0), key: at(1), gate: at(2), value: at(3), output: at(4) };
}
