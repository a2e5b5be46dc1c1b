/** RNN around cells, and the layers of CuDNN, which keep their weights otherwise. */
import { describe, expect, it } from 'vitest';
import {
  expectClose,
  graphOf,
  recurrentActivations,
  runBoth,
  savedInput,
  savedLayer,
  savedSequential,
  sines,
  withSteps,
  type TestTensor,
} from '../../../../test/setup/keras-graph.js';
import { writeOnnx } from '../onnx/write-onnx.js';

const lstm = (options: object = {}): object => savedLayer('LSTM', { units: 3, ...recurrentActivations, ...options });

describe('RNN around cells', () => {
  const cell = (className: string, units: number): object => savedLayer(className, { units, ...recurrentActivations });

  it('computes a stack of cells as a stack of layers', async () => {
    const stack = graphOf(
      savedSequential(
        savedInput('x', 5, 3),
        savedLayer('RNN', {
          return_sequences: true,
          cell: savedLayer('StackedRNNCells', { cells: [cell('LSTMCell', 4), cell('GRUCell', 2)] }),
        }),
      ),
    );
    const layers = graphOf(
      savedSequential(
        savedInput('x', 5, 3),
        lstm({ units: 4, return_sequences: true }),
        savedLayer('GRU', { units: 2, return_sequences: true }),
      ),
      '2.15.0',
      stack.weights,
    );
    const x = [sines([2, 5, 3])];
    expectClose(await runBoth(stack, x), await runBoth(layers, x));
  });

  describe('of Keras without TensorFlow', () => {
    /** The output of all steps and the states of two cells. */
    const stackOf = (className: string, ...units: [number, number]): object => ({
      class_name: 'Model',
      config: {
        name: 'net',
        layers: [
          { ...savedInput('x', 4, 3), name: 'x', inbound_nodes: [] },
          { ...savedLayer('Masking', {}), name: 'masking', inbound_nodes: [[['x', 0, 0, {}]]] },
          {
            ...savedLayer('RNN', {
              return_sequences: true,
              return_state: true,
              cell: savedLayer('StackedRNNCells', { cells: units.map((size) => cell(className, size)) }),
            }),
            name: 'rnn',
            inbound_nodes: [[['masking', 0, 0, {}]]],
          },
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [0, 1, 2].map((output) => ['rnn', 0, output]),
      },
    });
    const inputs = [withSteps(sines([1, 4, 3]), [[0, 3]])]; // prettier-ignore
    const lastOf = (answer: TestTensor | undefined): Float32Array | undefined => answer?.values.slice(-2);

    it('answers the states of the lowest cell first from 2.2.3 on', async () => {
      const sizes = (version: string) =>
        graphOf(stackOf('GRUCell', 4, 2), version).outputs.map(({ tensor }) => tensor.shape.at(-1));
      expect(sizes('2.2.2')).toEqual([2, 2, 4]);
      expect(sizes('2.2.3')).toEqual([2, 4, 2]);
    });

    it('answers the first of the states for a masked step', async () => {
      for (const version of ['2.2.2', '2.2.3']) {
        const [output, first] = await runBoth(graphOf(stackOf('GRUCell', 2, 2), version), inputs);
        expect(lastOf(output)).toEqual(first?.values);
      }
      const [output, , second] = await runBoth(graphOf(stackOf('GRUCell', 2, 2), '2.15.0'), inputs);
      expect(lastOf(output)).toEqual(second?.values);
    });

    it('is refused where that state is none of the topmost cell', () => {
      const graph = graphOf(stackOf('GRUCell', 4, 2), '2.2.4');
      expect(() => writeOnnx(graph)).toThrow(/its cells differ in size/);
    });
  });

  it('computes one cell as the layer of its name', async () => {
    const x = [sines([2, 5, 3])];
    const around = graphOf(savedSequential(savedInput('x', 5, 3), savedLayer('RNN', { cell: cell('LSTMCell', 3) })));
    expectClose(await runBoth(around, x), await runBoth(graphOf(savedSequential(savedInput('x', 5, 3), lstm())), x));
  });
});

describe('CuDNNLSTM and CuDNNGRU', () => {
  it.each(['CuDNNLSTM', 'CuDNNGRU'])('%s answers alike on both back ends', async (kind) => {
    const layer = savedLayer(kind, { units: 4, return_sequences: true });
    const graph = graphOf(savedSequential(savedInput('x', 5, 3), layer), '2.2.4');
    const [answer] = await runBoth(graph, [sines([2, 5, 3])]);
    expect(answer?.shape).toEqual([2, 5, 4]);
  });

  it('has a bias for the input and one for the state, which an LSTM adds up', async () => {
    // Of one input and one unit there is nothing to transpose.
    const small = (kind: string, options: object = {}): object =>
      savedSequential(savedInput('x', 5, 1), savedLayer(kind, { units: 1, ...options }));
    const cudnn = graphOf(small('CuDNNLSTM'), '2.2.4');
    const [kernel, recurrentKernel, bias] = cudnn.weights;
    if (!kernel || !recurrentKernel || !bias) throw new Error('no weights');
    const sum = bias.values.subarray(0, 4).map((value, gate) => value + (bias.values[4 + gate] ?? NaN));
    const weights = [kernel, recurrentKernel, { name: 'bias', shape: [4], values: sum }];
    const plain = graphOf(small('LSTM', recurrentActivations), '2.2.4', weights);
    const x = [sines([2, 5, 1])];
    expectClose(await runBoth(cudnn, x), await runBoth(plain, x));
  });
});
