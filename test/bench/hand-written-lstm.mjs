/** An LSTM and a dense layer as ONNX, written down node by node as its author would: what the importer's file is measured against. */
import { attributeType, encodeOnnxModel, tensorType } from '../../dist/libs/keras/src/onnx/onnx-schema.js';

/** Keras has the gates as input, forget, cell, output; ONNX as input, output, forget, cell. */
const GATES = [0, 3, 1, 2];

const floats = (name, dims, values) => ({
  name,
  dims,
  dataType: tensorType.float,
  rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});
const ints = (name, values) => ({ name, type: attributeType.ints, ints: values });
const port = (name, shape) => ({
  name,
  type: {
    tensorType: {
      elemType: tensorType.float,
      shape: { dim: shape.map((size) => (size === null ? { dimParam: 'batch' } : { dimValue: size })) },
    },
  },
});

/** Keras' [rows, 4 × units] as ONNX' [1, 4 × units, rows]. */
function gatesOf(values, rows, units) {
  const turned = new Float32Array(values.length);
  GATES.forEach((kerasGate, gate) => {
    for (let unit = 0; unit < units; unit += 1) {
      for (let row = 0; row < rows; row += 1)
        turned[(gate * units + unit) * rows + row] = values[row * 4 * units + kerasGate * units + unit];
    }
  });
  return turned;
}

/**
 * From a graph of one LSTM layer, which answers its last state, and one dense layer with softmax.
 * @param activation of cell and answer, by ONNX' name
 */
export function handWrittenLstm(graph, activation) {
  const weights = graph.nodes.flatMap((node) => node.weights);
  const [kernel, recurrent, bias, dense, denseBias] = weights.map(({ values }) => values);
  const [features, gates] = weights[0].shape;
  const units = gates / 4;
  const classes = weights[3].shape[1];
  const [, samples] = graph.inputs[0].tensor.shape;
  const bothBiases = new Float32Array(8 * units);
  bothBiases.set(gatesOf(bias, 1, units));
  const node = (opType, input, output, attribute = []) => ({
    name: output[0] || output[1],
    opType,
    input,
    output,
    attribute,
  });
  return encodeOnnxModel({
    irVersion: 8,
    producerName: 'bench',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'lstm',
      node: [
        node('Transpose', ['x'], ['steps'], [ints('perm', [1, 0, 2])]),
        node(
          'LSTM',
          ['steps', 'w', 'r', 'b'],
          ['', 'state'],
          [
            { name: 'hidden_size', type: attributeType.int, i: units },
            {
              name: 'activations',
              type: attributeType.strings,
              strings: ['Sigmoid', activation, activation].map((name) => Buffer.from(name)),
            },
          ],
        ),
        node('Squeeze', ['state', 'first'], ['last']),
        node('Gemm', ['last', 'dense', 'denseBias'], ['logits']),
        node('Softmax', ['logits'], ['y'], [{ name: 'axis', type: attributeType.int, i: -1 }]),
      ],
      initializer: [
        floats('w', [1, gates, features], gatesOf(kernel, features, units)),
        floats('r', [1, gates, units], gatesOf(recurrent, units, units)),
        floats('b', [1, 8 * units], bothBiases),
        floats('dense', [units, classes], dense),
        floats('denseBias', [classes], denseBias),
        { name: 'first', dims: [1], dataType: tensorType.int64, rawData: new Uint8Array(8) },
      ],
      input: [port('x', [null, samples, features])],
      output: [port('y', [null, classes])],
    },
  });
}
