/**
 * One step of an LSTM (Hochreiter and Schmidhuber 1997) as Keras computes it:
 * i, f, o = r(x·W + h·U + b), c' = f c + i a(x·W + h·U + b), h' = o a(c'), gates in the order i, f, c, o.
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

export function readLstmCell(config: LayerConfig): RecurrentCell {
  const units = readUnits(config);
  const useBias = config.boolean('use_bias', true);
  const { activation, recurrentActivation } = readCellActivations(config);
  const operator = recurrentOperator({ opType: 'LSTM', units, gates: [0, 3, 1, 2] }, [
    recurrentActivation,
    activation,
    activation,
  ]);
  return {
    outputSize: units,
    stateSizes: [units, units],
    outputState: 0,
    weights: (inputSize) => [
      { name: 'kernel', shape: [inputSize, 4 * units] },
      { name: 'recurrent_kernel', shape: [units, 4 * units] },
      ...(useBias ? [{ name: 'bias', shape: [4 * units] }] : []),
    ],
    onnxInput: (scope, sequence, [kernel, , bias]) => projected(scope, sequence, required(kernel), bias?.values),
    onnxStep(scope, input, [h, c], [, recurrentKernel]) {
      const sum = scope.op('Add', [input, projected(scope, required(h), required(recurrentKernel))]);
      const [i, f, candidate, o] = splitGates(scope, sum, 4) as [string, string, string, string];
      const kept = scope.op('Mul', [recurrentActivation.onnx(scope, f), required(c)]);
      const added = scope.op('Mul', [recurrentActivation.onnx(scope, i), activation.onnx(scope, candidate)]);
      const carry = scope.op('Add', [kept, added]);
      const output = scope.op('Mul', [recurrentActivation.onnx(scope, o), activation.onnx(scope, carry)]);
      return [output, carry];
    },
    tensorflowStep(tf, input, [h, c], [kernel, recurrentKernel, bias]) {
      const fromInput = tf.matMul(input, required(kernel));
      let sum = tf.add(fromInput, tf.matMul(required(h), required(recurrentKernel)));
      if (bias) sum = tf.add(sum, bias);
      const gate = (index: number) => tf.slice(sum, [0, index * units], [-1, units]);
      const [i, f, o] = [0, 1, 3].map((index) => recurrentActivation.tensorflow(tf, gate(index)));
      const candidate = activation.tensorflow(tf, gate(2));
      const carry = tf.add(tf.mul(required(f), required(c)), tf.mul(required(i), candidate));
      const output = tf.mul(required(o), activation.tensorflow(tf, carry));
      return [output, carry];
    },
    ...(operator && { operator }),
  };
}
