/**
 * One step of a GRU (Cho et al. 2014) as Keras computes it: z, r = s(x·W + h·U + b), h' = z h + (1 - z) h̃, gates in the
 * order z, r, h. h̃ is a(x·W + (r h)·U + b), or with `reset_after`, as cuDNN has it, a(x·W + b + r (h·U + b')).
 */
import type { LayerConfig } from '../config/layer-config.js';
import {
  projected,
  readCellActivations,
  readUnits,
  required,
  splitGates,
  type RecurrentCell,
} from './recurrent-cell.js';
import { recurrentOperator } from './recurrent-operator.js';

export function readGruCell(config: LayerConfig): RecurrentCell {
  // Keras 2 writes the option since it has it; Keras 3 has it on by default.
  return gruCell(config, config.boolean('reset_after', config.keras.major >= 3));
}

/** With `resetAfter` the bias is `[2, 3 · units]`: of the input's part, then of the state's. */
export function gruCell(config: LayerConfig, resetAfter: boolean): RecurrentCell {
  const units = readUnits(config);
  const useBias = config.boolean('use_bias', true);
  const { activation, recurrentActivation } = readCellActivations(config);
  const operator = recurrentOperator(
    {
      opType: 'GRU',
      units,
      gates: [0, 1, 2],
      attributes: { linear_before_reset: { int: resetAfter ? 1 : 0 } },
    },
    [recurrentActivation, activation],
  );
  return {
    outputSize: units,
    stateSizes: [units],
    outputState: 0,
    weights: (inputSize) => [
      { name: 'kernel', shape: [inputSize, 3 * units] },
      { name: 'recurrent_kernel', shape: [units, 3 * units] },
      ...(useBias ? [{ name: 'bias', shape: resetAfter ? [2, 3 * units] : [3 * units] }] : []),
    ],
    onnxInput: (scope, sequence, [kernel, , bias]) =>
      projected(scope, sequence, required(kernel), bias?.values.subarray(0, 3 * units)),
    onnxStep(scope, input, [state], [, recurrentKernel, bias]) {
      const h = required(state);
      const recurrent = required(recurrentKernel);
      const [xz, xr, xh] = splitGates(scope, input, 3) as [string, string, string];
      const gate = (x: string, inner: string): string => recurrentActivation.onnx(scope, scope.op('Add', [x, inner]));
      let z: string;
      let candidate: string;
      if (resetAfter) {
        const inner = projected(scope, h, recurrent, bias?.values.subarray(3 * units));
        const [hz, hr, hh] = splitGates(scope, inner, 3) as [string, string, string];
        z = gate(xz, hz);
        candidate = scope.op('Add', [xh, scope.op('Mul', [gate(xr, hr), hh])]);
      } else {
        const [uz, ur, uh] = splitGates(scope, scope.floats(recurrent.values, recurrent.shape), 3) as [
          string,
          string,
          string,
        ];
        z = gate(xz, scope.op('MatMul', [h, uz]));
        const r = gate(xr, scope.op('MatMul', [h, ur]));
        candidate = scope.op('Add', [xh, scope.op('MatMul', [scope.op('Mul', [r, h]), uh])]);
      }
      const fresh = activation.onnx(scope, candidate);
      const kept = scope.op('Mul', [z, h]);
      return [scope.op('Add', [kept, scope.op('Mul', [scope.op('Sub', [scope.scalar(1), z]), fresh])])];
    },
    tensorflowStep(tf, input, [state], [kernel, recurrentKernel, bias]) {
      const h = required(state);
      const recurrent = required(recurrentKernel);
      const rows = bias && tf.reshape(bias, [-1, 3 * units]);
      const fromInput = tf.matMul(input, required(kernel));
      const x = rows ? tf.add(fromInput, tf.slice(rows, [0, 0], [1, -1])) : fromInput;
      const part = (value: typeof x, index: number) => tf.slice(value, [0, index * units], [-1, units]);
      const inner = (value: typeof x, index: number) => {
        const product = tf.matMul(value, part(recurrent, index));
        return rows && resetAfter ? tf.add(product, tf.slice(rows, [1, index * units], [1, units])) : product;
      };
      const z = recurrentActivation.tensorflow(tf, tf.add(part(x, 0), inner(h, 0)));
      const r = recurrentActivation.tensorflow(tf, tf.add(part(x, 1), inner(h, 1)));
      const reset = resetAfter ? tf.mul(r, inner(h, 2)) : inner(tf.mul(r, h), 2);
      const fresh = activation.tensorflow(tf, tf.add(part(x, 2), reset));
      return [tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), fresh))];
    },
    ...(operator && { operator }),
  };
}
