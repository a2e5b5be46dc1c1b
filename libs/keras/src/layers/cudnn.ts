/**
 * CuDNNLSTM and CuDNNGRU of Keras 2: LSTM and GRU with cuDNN's weights. Of every gate the memory of Keras' `[inputs, units]`
 * holds cuDNN's `[units, inputs]`, and each gate has two biases, for the input's part and for the state's.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { LayerConfig } from '../config/layer-config.js';
import type { Weight } from '../container/weight-spec.js';
import type { TensorFlow } from '../layer.js';
import { gruCell } from './gru-cell.js';
import { readLstmCell } from './lstm-cell.js';
import { defineRecurrence } from './recurrence.js';
import { required, type RecurrentCell } from './recurrent-cell.js';

export const cudnn = defineRecurrence(
  ['CuDNNLSTM', 'CuDNNGRU'],
  'as the LSTM and the GRU that Keras 2 loads them as on other processors',
  (config) => {
    const options = { units: config.raw('units'), activation: 'tanh', recurrent_activation: 'sigmoid' };
    const plain = new LayerConfig(config.name, config.className, config.context, options);
    return config.className === 'CuDNNLSTM'
      ? withCudnnWeights(readLstmCell(plain), 4)
      : withCudnnWeights(gruCell(plain, true), 3);
  },
);

function withCudnnWeights(cell: RecurrentCell, gates: number): RecurrentCell {
  const biasSize = 2 * gates * cell.outputSize;
  return {
    ...cell,
    weights: (inputSize) =>
      cell.weights(inputSize).map((spec) => (spec.name === 'bias' ? { name: 'bias', shape: [biasSize] } : spec)),
    stored: {
      onnx: ([kernel, recurrentKernel, bias]) => [
        transposedGates(required(kernel), gates),
        transposedGates(required(recurrentKernel), gates),
        keptOrSummed(required(bias), gates),
      ],
      tensorflow: (tf, [kernel, recurrentKernel, bias]) => [
        transposedTensors(tf, required(kernel), gates),
        transposedTensors(tf, required(recurrentKernel), gates),
        halves(tf, required(bias), gates),
      ],
    },
  };
}

function transposedGates({ name, shape, values }: Weight, gates: number): Weight {
  const [inputs = 0, columns = 0] = shape;
  const units = columns / gates;
  const result = new Float32Array(values.length);
  for (let gate = 0; gate < gates; gate++) {
    for (let element = 0; element < inputs * units; element++) {
      const [row, column] = [Math.floor(element / units), element % units];
      const [unit, input] = [Math.floor(element / inputs), element % inputs];
      result[input * columns + gate * units + unit] = values[row * columns + gate * units + column] ?? 0;
    }
  }
  return { name, shape, values: result };
}

/** An LSTM has one bias, the sum of both; a GRU with reset_after keeps them apart. */
function keptOrSummed({ name, values }: Weight, gates: number): Weight {
  const half = values.length / 2;
  if (gates === 3) return { name, shape: [2, half], values };
  const sums = values.subarray(0, half).map((value, index) => value + (values[half + index] ?? 0));
  return { name, shape: [half], values: sums };
}

function transposedTensors(tf: TensorFlow, kernel: Tensor, gates: number): Tensor {
  const [inputs = 0] = kernel.shape;
  const parts = tf.split(kernel, gates, 1);
  return tf.concat(
    parts.map((part) => tf.transpose(tf.reshape(part, [-1, inputs]))),
    1,
  );
}

function halves(tf: TensorFlow, bias: Tensor, gates: number): Tensor {
  const rows = tf.reshape(bias, [2, -1]);
  return gates === 3 ? rows : tf.sum(rows, 0);
}
