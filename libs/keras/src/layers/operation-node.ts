/**
 * TensorFlowOpLayer: what Keras of TensorFlow 2.0 to 2.3 makes of `x + y` and of functions, an operation by its node with the
 * constants that it takes. Each is computed as the function that later versions write down for it.
 */
import { positionalInputs, type CallArgument, type CallArguments } from '../call-arguments.js';
import type { LayerConfig } from '../config/layer-config.js';
import type { Layer, LayerDefinition } from '../layer.js';

export const operationNodeClass = 'TensorFlowOpLayer';

/** An attribute of a node in the JSON of protocol buffers, which writes integers as texts. */
interface Attribute {
  readonly b?: boolean;
  readonly f?: number;
  readonly i?: string | number;
  readonly type?: string;
  readonly list?: { readonly i?: readonly (string | number)[] };
}

interface OperationNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute | undefined>>;
}

/** The function's name in TFOpLambda and how it is called; `inputs` are all of the operation's, constants in their places. */
interface Translation {
  readonly name: string;
  readonly call: (inputs: readonly CallArgument[], node: OperationNode) => CallArguments;
}

type Keywords = Readonly<Record<string, CallArgument | undefined>>;

/** The first input, and the others by name. */
function named(name: string, others: readonly string[] = [], more?: (node: OperationNode) => Keywords): Translation {
  return {
    name,
    call([x, ...rest], node) {
      const keywords = {
        ...Object.fromEntries(others.map((keyword, index) => [keyword, rest[index]])),
        ...more?.(node),
      };
      return called(x ? [x] : [], keywords);
    },
  };
}

/** All inputs by position. */
function positional(name: string): Translation {
  return { name, call: (inputs) => called(inputs) };
}

/** All inputs in a list. */
function listed(name: string, more?: (node: OperationNode) => Keywords): Translation {
  return { name, call: (inputs, node) => called([{ kind: 'list', items: inputs }], more?.(node)) };
}

function reduction(name: string): Translation {
  return named(name, ['axis'], (node) => ({ keepdims: flag(node, 'keep_dims') }));
}

function product(name: string, transposeA: string, transposeB: string): Translation {
  return {
    name,
    call: (inputs, node) =>
      called(inputs, { transpose_a: flag(node, transposeA), transpose_b: flag(node, transposeB) }),
  };
}

function called(inputs: readonly CallArgument[], keywords: Keywords = {}): CallArguments {
  const given = Object.entries(keywords).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { positional: inputs, keywords: Object.fromEntries(given) };
}

function constant(value: unknown): CallArgument {
  return { kind: 'constant', value };
}

function flag({ attributes }: OperationNode, name: string): CallArgument {
  return constant(attributes[name]?.b === true);
}

function integer({ attributes }: OperationNode, name: string): number {
  return Number(attributes[name]?.i ?? 0);
}

const floatTypes: Readonly<Record<string, string>> = { DT_FLOAT: 'float32', DT_DOUBLE: 'float64' };

/** `x[begin:end:stride]`, the bits of whose masks say what each entry is. */
const stridedSlice: Translation = {
  name: '__operators__.getitem',
  call([x, ...bounds], node) {
    const [begin, end, strides] = bounds.map(numbersOf);
    const has = (mask: string, entry: number): boolean => ((integer(node, mask) >> entry) & 1) === 1;
    const entries = begin?.map((start, entry): unknown => {
      if (has('ellipsis_mask', entry)) return { class_name: '__ellipsis__' };
      if (has('new_axis_mask', entry)) return null;
      if (has('shrink_axis_mask', entry)) return start;
      return {
        start: has('begin_mask', entry) ? null : start,
        stop: has('end_mask', entry) ? null : (end?.[entry] ?? null),
        step: strides?.[entry] ?? 1,
      };
    });
    return called(x ? [x] : [], { slice_spec: constant(entries) });
  },
};

/** A constant list; nothing for a tensor. */
function numbersOf(argument: CallArgument): readonly number[] | undefined {
  return argument.kind === 'constant' && Array.isArray(argument.value) ? (argument.value as number[]) : undefined;
}

const translations: Readonly<Record<string, Translation>> = {
  Add: positional('math.add'),
  AddV2: positional('math.add'),
  Sub: positional('math.subtract'),
  Mul: positional('math.multiply'),
  Div: positional('realdiv'),
  RealDiv: positional('realdiv'),
  FloorDiv: positional('math.floordiv'),
  Pow: positional('math.pow'),
  Maximum: positional('math.maximum'),
  Minimum: positional('math.minimum'),
  SquaredDifference: positional('math.squared_difference'),
  Greater: positional('math.greater'),
  GreaterEqual: positional('math.greater_equal'),
  Less: positional('math.less'),
  LessEqual: positional('math.less_equal'),
  Equal: positional('math.equal'),
  Select: positional('where'),
  SelectV2: positional('where'),
  Neg: positional('math.negative'),
  Abs: positional('math.abs'),
  Square: positional('math.square'),
  Sqrt: positional('math.sqrt'),
  Rsqrt: positional('math.rsqrt'),
  Exp: positional('math.exp'),
  Log: positional('math.log'),
  Log1p: positional('math.log1p'),
  Sign: positional('math.sign'),
  Floor: positional('math.floor'),
  Ceil: positional('math.ceil'),
  Reciprocal: positional('math.reciprocal'),
  Sin: positional('math.sin'),
  Cos: positional('math.cos'),
  Erf: positional('math.erf'),
  Tanh: positional('math.tanh'),
  Sigmoid: positional('math.sigmoid'),
  Relu: positional('nn.relu'),
  Relu6: positional('nn.relu6'),
  Elu: positional('nn.elu'),
  Selu: positional('nn.selu'),
  Softplus: positional('nn.softplus'),
  Softsign: positional('nn.softsign'),
  Softmax: positional('nn.softmax'),
  LogSoftmax: positional('nn.log_softmax'),
  LeakyRelu: named('nn.leaky_relu', [], ({ attributes }) => ({ alpha: constant(attributes['alpha']?.f) })),
  OnesLike: positional('ones_like'),
  ZerosLike: positional('zeros_like'),
  Identity: positional('identity'),
  StopGradient: positional('stop_gradient'),
  Cast: named('cast', [], ({ attributes }) => {
    const type = attributes['DstT']?.type ?? '';
    return { dtype: constant(floatTypes[type] ?? type) };
  }),
  Mean: reduction('math.reduce_mean'),
  Sum: reduction('math.reduce_sum'),
  Max: reduction('math.reduce_max'),
  Min: reduction('math.reduce_min'),
  Prod: reduction('math.reduce_prod'),
  MatMul: product('linalg.matmul', 'transpose_a', 'transpose_b'),
  BatchMatMul: product('linalg.matmul', 'adj_x', 'adj_y'),
  BatchMatMulV2: product('linalg.matmul', 'adj_x', 'adj_y'),
  AddN: listed('math.add_n'),
  Pack: listed('stack', (node) => ({ axis: constant(integer(node, 'axis')) })),
  ConcatV2: {
    name: 'concat',
    call: (inputs) => called([{ kind: 'list', items: inputs.slice(0, -1) }], { axis: inputs.at(-1) }),
  },
  Unpack: named('unstack', [], (node) => ({ axis: constant(integer(node, 'axis')) })),
  Split: {
    name: 'split',
    call: ([axis, x], node) => called(x ? [x] : [], { axis, num_or_size_splits: constant(integer(node, 'num_split')) }),
  },
  SplitV: named('split', ['num_or_size_splits', 'axis']),
  StridedSlice: stridedSlice,
  Reshape: named('reshape', ['shape']),
  Transpose: named('transpose', ['perm']),
  ExpandDims: named('expand_dims', ['axis']),
  Squeeze: named('squeeze', [], ({ attributes }) => ({
    axis: constant((attributes['squeeze_dims']?.list?.i ?? []).map(Number)),
  })),
  Tile: named('tile', ['multiples']),
  Pad: named('pad', ['paddings']),
  PadV2: named('pad', ['paddings', 'constant_values']),
  ReverseV2: named('reverse', ['axis']),
  GatherV2: named('gather', ['indices', 'axis'], (node) => ({ batch_dims: constant(integer(node, 'batch_dims')) })),
};

export const operationNodes: LayerDefinition = {
  classNames: Object.keys(translations).map((op) => `tf.raw_ops.${op}`),
  summary: 'what TensorFlow 2.0 to 2.3 write for `x + y` and for functions, as the functions above',
  read(config) {
    const node = operationNodeOf({ node_def: config.raw('node_def') });
    const translation = node && translations[node.op];
    if (!translation) throw config.refuse('unsupported-layer', 'its operation is not read.');
    const type = node.attributes['T']?.type;
    if (type !== undefined && !Object.hasOwn(floatTypes, type))
      throw config.refuse('unsupported-dtype', `it computes in ${type}; only float32 is read.`);
    const options = { name: config.name, function: translation.name };
    const layer = config.context.readLayer({ class_name: 'TFOpLambda', config: options });
    return translated(layer, (args) => {
      const { positional: inputs, keywords } = translation.call(inputsOfNode(node, args, config), node);
      return { positional: inputs, keywords: { ...keywords, ...args.keywords } };
    });
  },
};

/** No mask passes a TensorFlowOpLayer. */
function translated(layer: Layer, asCalled: (args: CallArguments) => CallArguments): Layer {
  return {
    name: layer.name,
    className: operationNodeClass,
    weights: (inputShapes, args) => layer.weights(inputShapes, asCalled(args)),
    outputShapes: (inputShapes, args) => layer.outputShapes(inputShapes, asCalled(args)),
    onnx: (scope, inputs, weights, call) =>
      layer
        .onnx(
          scope,
          inputs.map(({ value }) => ({ value })),
          weights,
          { ...call, arguments: asCalled(call.arguments) },
        )
        .map(({ value }) => ({ value })),
    tensorflow: (tf, inputs, weights, call) =>
      layer
        .tensorflow(
          tf,
          inputs.map(({ value }) => ({ value })),
          weights,
          { ...call, arguments: asCalled(call.arguments) },
        )
        .map(({ value }) => ({ value })),
  };
}

/** All inputs of the operation: constants stand beside the node by their number, tensors take the other places. */
function inputsOfNode({ inputs }: OperationNode, args: CallArguments, config: LayerConfig): CallArgument[] {
  const constants = (config.raw('constants') ?? {}) as Readonly<Record<string, unknown>>;
  const tensors = positionalInputs(args).map((input): CallArgument => ({ kind: 'tensor', input }));
  const count = inputs.filter((name) => !name.startsWith('^')).length;
  if (tensors.length + Object.keys(constants).length !== count)
    throw config.refuse('invalid-config', 'its operation takes another number of inputs; save the model again.');
  return Array.from({ length: count }, (_, place) =>
    Object.hasOwn(constants, String(place)) ? constant(constants[place]) : (tensors.shift() as CallArgument),
  );
}

/** The node of a TensorFlowOpLayer, which TensorFlow 2.0 writes as a text of JSON; `undefined` for anything else. */
export function operationNodeOf(options: Readonly<Record<string, unknown>>): OperationNode | undefined {
  const saved = parsed(options['node_def']);
  const { op, input, attr } = (saved ?? {}) as { op?: unknown; input?: unknown; attr?: unknown };
  if (typeof op !== 'string') return undefined;
  const inputs = Array.isArray(input) ? input.map(String) : [];
  return { op, inputs, attributes: (attr ?? {}) as OperationNode['attributes'] };
}

function parsed(node: unknown): unknown {
  if (typeof node !== 'string') return node;
  try {
    return JSON.parse(node);
  } catch {
    return undefined;
  }
}
