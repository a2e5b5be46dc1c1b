/** One step of a fully connected RNN (Elman 1990): h' = a(x·W + h·U + b). */
import type { LayerConfig } from '../config/layer-config.js';
import { projected, readCellActivations, readUnits, required, type RecurrentCell } from './recurrent-cell.js';
import { recurrentOperator } from './recurrent-operator.js';

export function readSimpleRnnCell(config: LayerConfig): RecurrentCell {
  const units = readUnits(config);
  const useBias = config.boolean('use_bias', true);
  const { activation } = readCellActivations(config);
  const operator = recurrentOperator({ opType: 'RNN', units, gates: [0] }, [activation]);
  return {
    outputSize: units,
    stateSizes: [units],
    outputState: 0,
    weights: (inputSize) => [
      { name: 'kernel', shape: [inputSize, units] },
      { name: 'recurrent_kernel', shape: [units, units] },
      ...(useBias ? [{ name: 'bias', shape: [units] }] : []),
    ],
    onnxInput: (scope, sequence, [kernel, , bias]) => projected(scope, sequence, required(kernel), bias?.values),
    onnxStep: (scope, input, [h], [, recurrentKernel]) => [
      activation.onnx(scope, scope.op('Add', [input, projected(scope, required(h), required(recurrentKernel))])),
    ],
    tensorflowStep(tf, input, [h], [kernel, recurrentKernel, bias]) {
      const sum = tf.add(tf.matMul(input, required(kernel)), tf.matMul(required(h), required(recurrentKernel)));
      return [activation.tensorflow(tf, bias ? tf.add(sum, bias) : sum)];
    },
    ...(operator && { operator }),
  };
}
