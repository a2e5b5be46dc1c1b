/**
 * The recurrent operators of ONNX (LSTM, GRU, RNN), which compute all steps in one node. Their gates stand in another
 * order than Keras', their matrices are transposed, and they take the activations of a short list.
 */
import type { Activation } from '../activations/activation.js';
import type { Weight } from '../container/weight-spec.js';
import type { OnnxAttributeValue, OnnxScope } from '../onnx/onnx-graph.js';

/** An activation as the operators name it. */
interface OperatorActivation {
  readonly name: string;
  readonly alpha?: number;
  readonly beta?: number;
}

export interface RecurrentOperator {
  readonly opType: 'LSTM' | 'GRU' | 'RNN';
  readonly units: number;
  /** Which of Keras' gates stands at each place of the operator's. */
  readonly gates: readonly number[];
  readonly activations: readonly OperatorActivation[];
  readonly attributes?: Readonly<Record<string, OnnxAttributeValue>>;
}

export interface OperatorCall {
  /** `[time, batch, features]` */
  readonly sequence: string;
  /** `[batch, units]` each; none: zeros. */
  readonly states: readonly string[];
  readonly reverse: boolean;
  /** int32 `[batch]`, steps to compute of each row; absent: all. */
  readonly lengths?: string | undefined;
}

/** All outputs `[time, 1, batch, units]`, in the order of time, and the states after the last step, `[1, batch, units]`. */
export interface OperatorAnswer {
  readonly outputs: string;
  readonly states: readonly string[];
}

/**
 * The operator's name for an activation that is one node without parameters of its own or none at all: found by what the
 * activation writes. `undefined` for every other.
 */
export function operatorActivation(activation: Activation): OperatorActivation | undefined {
  const written: { opType: string; attributes: Readonly<Record<string, OnnxAttributeValue>> }[] = [];
  const probe: OnnxScope = {
    within: () => probe,
    op(opType, inputs, attributes = {}) {
      written.push({ opType: inputs.length === 1 ? opType : '', attributes });
      return 'answer';
    },
    ops: (opType) => {
      written.push({ opType: '', attributes: {} }, { opType, attributes: {} });
      return [];
    },
    scan: () => {
      written.push({ opType: '', attributes: {} });
      return { states: [], outputs: [] };
    },
    floats: () => 'constant',
    scalar: () => 'constant',
    integers: () => 'constant',
  };
  activation.onnx(probe, 'x');
  const [node, ...more] = written;
  if (!node) return { name: 'Affine', alpha: 1, beta: 0 };
  if (more.length > 0 || !operatorActivations.has(node.opType)) return undefined;
  const float = (name: string): number | undefined => {
    const value = node.attributes[name];
    return value && 'float' in value ? value.float : undefined;
  };
  const [alpha, beta] = [float('alpha'), float('beta')];
  return { name: node.opType, ...(alpha !== undefined && { alpha }), ...(beta !== undefined && { beta }) };
}

const operatorActivations = new Set([
  'Relu',
  'Tanh',
  'Sigmoid',
  'HardSigmoid',
  'Elu',
  'LeakyRelu',
  'Softsign',
  'Softplus',
]);

/** The operator for activations that are all of its list, else `undefined`. */
export function recurrentOperator(
  operator: Omit<RecurrentOperator, 'activations'>,
  activations: readonly Activation[],
): RecurrentOperator | undefined {
  const named = activations.map(operatorActivation);
  const known = named.filter((activation) => activation !== undefined);
  return known.length === named.length ? { ...operator, activations: known } : undefined;
}

/** Writes one node. `bias` is that of the input's part, followed or not by that of the states' part. */
export function writeOperator(
  operator: RecurrentOperator,
  scope: OnnxScope,
  [kernel, recurrentKernel, bias]: readonly Weight[],
  { sequence, states, reverse, lengths }: OperatorCall,
): OperatorAnswer {
  if (!kernel || !recurrentKernel) throw new RangeError(`${operator.opType} without its kernels`);
  const { opType, units, gates, activations } = operator;
  const rows = gates.length * units;
  const given = states.map((state) => scope.op('Unsqueeze', [state, scope.integers([0])]));
  const inputs = [
    sequence,
    scope.floats(reordered(kernel, operator), [1, rows, kernel.shape[0] ?? 0]),
    scope.floats(reordered(recurrentKernel, operator), [1, rows, units]),
    bias ? scope.floats(reorderedBias(bias, operator), [1, 2 * rows]) : '',
    lengths ?? '',
    ...given,
  ];
  const count = opType === 'LSTM' ? 3 : 2;
  const numbers = (key: 'alpha' | 'beta'): number[] =>
    activations.map((activation) => activation[key]).filter((value) => value !== undefined);
  const [outputs, ...finalStates] = scope.ops(
    opType,
    inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1),
    {
      hidden_size: { int: units },
      activations: { strings: activations.map(({ name }) => name) },
      ...(numbers('alpha').length > 0 && { activation_alpha: { floats: numbers('alpha') } }),
      ...(numbers('beta').length > 0 && { activation_beta: { floats: numbers('beta') } }),
      ...(reverse && { direction: { string: 'reverse' } }),
      ...operator.attributes,
    },
    count,
  );
  return {
    outputs: outputs as string,
    states: finalStates,
  };
}

/**
 * What a weight became for an operator. A layer that is applied twice then writes the same constant twice, which the
 * graph keeps once.
 */
const reorderings = new WeakMap<Float32Array, Map<string, Float32Array>>();

function once(values: Float32Array, key: string, compute: () => Float32Array): Float32Array {
  const known = reorderings.get(values) ?? new Map<string, Float32Array>();
  reorderings.set(values, known);
  const result = known.get(key) ?? compute();
  known.set(key, result);
  return result;
}

/** Keras' `[inputs, gates · units]` as `[gates · units, inputs]`, the gates in the operator's order. */
function reordered({ values, shape }: Weight, { gates, units }: RecurrentOperator): Float32Array {
  const inputs = shape[0] ?? 0;
  const columns = gates.length * units;
  return once(values, gates.join(), () => {
    const result = new Float32Array(values.length);
    gates.forEach((gate, place) => {
      for (let unit = 0; unit < units; unit++) {
        const row = (place * units + unit) * inputs;
        const column = gate * units + unit;
        for (let input = 0; input < inputs; input++) result[row + input] = values[input * columns + column] ?? 0;
      }
    });
    return result;
  });
}

/** `[gates · units]` or `[2, gates · units]` as `[2 · gates · units]`, the gates in the operator's order. */
function reorderedBias({ values }: Weight, { gates, units }: RecurrentOperator): Float32Array {
  const columns = gates.length * units;
  return once(values, `bias ${gates.join()}`, () => {
    const result = new Float32Array(2 * columns);
    for (let half = 0; half * columns < values.length; half++) {
      gates.forEach((gate, place) => {
        const from = half * columns + gate * units;
        result.set(values.subarray(from, from + units), half * columns + place * units);
      });
    }
    return result;
  });
}
