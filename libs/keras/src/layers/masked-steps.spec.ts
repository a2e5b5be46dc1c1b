/** What a recurrent layer makes of steps that do not count, and of the mask that it is handed. */
import { describe, expect, it } from 'vitest';
import {
  expectClose,
  graphOf,
  recurrentActivations,
  refusalOf,
  runBoth,
  savedInput,
  savedLayer,
  savedSequential,
  sines,
  withSteps,
  type TestTensor,
} from '../../../../test/setup/keras-graph.js';
import { parseKerasVersion } from '../config/keras-version.js';

const lstm = (options: object = {}): object => savedLayer('LSTM', { units: 3, ...recurrentActivations, ...options });

describe('a masked step', () => {
  it.each([
    ['LSTM', 'tanh'],
    ['LSTM', 'gelu'],
    ['GRU', 'tanh'],
    ['SimpleRNN', 'tanh'],
  ])('leaves the state of a %s of %s as if it were not there', async (kind, activation) => {
    const net = (length: number): object =>
      savedSequential(
        savedInput('x', length, 2),
        savedLayer('Masking', { mask_value: -9 }),
        savedLayer(kind, { units: 3, activation }),
      );
    const short = sines([2, 3, 2]);
    const at = [1, 3, 4];
    const long = { shape: [2, 6, 2], values: new Float32Array(24).fill(-9) };
    for (const row of [0, 1]) {
      at.forEach((to, from) => {
        long.values.set(short.values.subarray((row * 3 + from) * 2, (row * 3 + from) * 2 + 2), (row * 6 + to) * 2);
      });
    }
    expectClose(await runBoth(graphOf(net(6)), [long]), await runBoth(graphOf(net(3)), [short]));
  });

  it('repeats the output before it, or zeros where that is asked for', async () => {
    const answers = async (zero: boolean): Promise<TestTensor> => {
      const graph = graphOf(
        savedSequential(
          savedInput('x', 3, 2),
          savedLayer('Masking', { mask_value: 0 }),
          lstm({ units: 1, return_sequences: true, zero_output_for_mask: zero }),
        ),
      );
      const [answer] = await runBoth(graph, [withSteps(sines([1, 3, 2]), [[0, 1]])]);
      return answer as TestTensor;
    };
    const [repeated, zeroed] = [await answers(false), await answers(true)];
    expect(repeated.values[1]).toBeCloseTo(repeated.values[0] ?? NaN, 6);
    expect(zeroed.values[1]).toBe(0);
    expect(zeroed.values[2]).toBeCloseTo(repeated.values[2] ?? NaN, 6);
    expect(repeated.values[2]).not.toBeCloseTo(repeated.values[0] ?? NaN, 3);
  });

  it.each([
    ['LSTM', {}, 'repeated'],
    ['GRU', { reset_after: true }, 'repeated'],
    ['GRU', { reset_after: false }, 'zeroed'],
    ['LSTM', { recurrent_activation: 'hard_sigmoid' }, 'zeroed'],
    ['LSTM', { use_bias: false }, 'zeroed'],
    ['LSTM', { unroll: true }, 'zeroed'],
    ['LSTM', { recurrent_dropout: 0.1 }, 'zeroed'],
    ['SimpleRNN', {}, 'zeroed'],
  ])('of a Bidirectional %s of TensorFlow 2.1 with %j is %s, of 2.2 zeroed', async (kind, options, expected) => {
    const activations = kind === 'SimpleRNN' ? { activation: 'tanh' } : recurrentActivations;
    const layer = savedLayer(kind, { units: 1, return_sequences: true, ...activations, ...options });
    const model = savedSequential(
      savedInput('x', 3, 2),
      savedLayer('Masking', { mask_value: 0 }),
      savedLayer('Bidirectional', { layer }),
    );
    const answerOf = async (weightName: string): Promise<number[]> => {
      const keras = parseKerasVersion('2.3.0-tf', 'tensorflow', () => [weightName]);
      const [answer] = await runBoth(graphOf(model, keras), [withSteps(sines([1, 3, 2]), [[0, 1]])]);
      return [...(answer?.values ?? [])];
    };
    const ofTensorFlow21 = await answerOf('bidirectional/forward_layer/recurrent_kernel:0');
    const ofTensorFlow22 = await answerOf('bidirectional/forward_layer/lstm_cell_1/recurrent_kernel:0');
    // Per step, forwards and backwards: the masked one is the second.
    const [before, , , , , after] = ofTensorFlow22;
    expect(ofTensorFlow22.slice(2, 4)).toEqual([0, 0]);
    expect(ofTensorFlow21.slice(2, 4)).toEqual(expected === 'repeated' ? [before, after] : [0, 0]);
  });

  it.each(['2.15.0', '3.15.1'])(
    'is zeroed by Keras %s at the wrong end of an unrolled layer that runs backwards',
    async (version) => {
      const answers = async (options: object): Promise<number[]> => {
        const own = { units: 1, return_sequences: true, go_backwards: true, zero_output_for_mask: true, ...options };
        const model = savedSequential(savedInput('x', 3, 2), savedLayer('Masking', { mask_value: 0 }), lstm(own));
        const [answer] = await runBoth(graphOf(model, version), [withSteps(sines([1, 3, 2]), [[0, 0]])]);
        return [...(answer?.values ?? [])];
      };
      const [last = 0, middle = 0, none] = await answers({});
      expect(none).toBe(0);
      const [wrong, same = 0, repeated = 0] = await answers({ unroll: true });
      expect(wrong).toBe(0);
      expect(same).toBeCloseTo(middle, 6);
      expect(repeated).toBeCloseTo(middle, 6);
      expect(last).not.toBe(0);
    },
  );

  /** A GRU of the input `x` with a mask and initial states that are passed, then one of what it answers. */
  const passed = (): object => {
    const tensor = (name: string): object => ({
      class_name: '__keras_tensor__',
      config: { keras_history: [name, 0, 0] },
    });
    const inputs = [savedInput('x', 3, 2), savedInput('h', 2), savedInput('m', 3)].map((input, index) => ({
      ...input,
      name: ['x', 'h', 'm'][index],
      inbound_nodes: [],
    }));
    const gru = (name: string, options: object, call: object): object => ({
      ...savedLayer('GRU', { name, units: 2, ...options }),
      name,
      inbound_nodes: [call],
    });
    const kwargs = { sequences: tensor('x'), initial_state: tensor('h'), mask: tensor('m') };
    const layers = [
      ...inputs,
      gru('first', { return_sequences: true }, { args: [], kwargs }),
      gru('second', {}, { args: [tensor('first')], kwargs: {} }),
    ];
    const input_layers = ['x', 'h', 'm'].map((name) => [name, 0, 0]);
    const output_layers = ['first', 'second'].map((name) => [name, 0, 0]);
    return { class_name: 'Functional', config: { name: 'net', layers, input_layers, output_layers } };
  };
  const states = { shape: [1, 2], values: Float32Array.of(0.5, -0.5) };
  const late = { shape: [1, 3], values: Float32Array.of(0, 1, 1) };

  it('answers zeros in Keras 3 before the first step that counts, whatever its initial states are', async () => {
    const [answer] = await runBoth(graphOf(passed(), '3.15.1'), [sines([1, 3, 2]), states, late]);
    expect([...(answer?.values.subarray(0, 2) ?? [])]).toEqual([0, 0]);
    expect(answer?.values[2]).not.toBe(0);
  });

  it('that is passed goes on with the output, but for Keras 3.0 to 3.10', async () => {
    const last = async (version: string, mask: TestTensor): Promise<number> => {
      const answers = await runBoth(graphOf(passed(), version), [sines([1, 3, 2]), states, mask]);
      return answers[1]?.values[0] ?? NaN;
    };
    const early = { shape: [1, 3], values: Float32Array.of(1, 1, 0) };
    expect(await last('3.10.0', early)).not.toBeCloseTo(await last('3.11.0', early), 4);
  });

  it('has a step before the first that counts answer the initial state in Keras before 2.3, and zeros from then on', async () => {
    const model = {
      class_name: 'Model',
      config: {
        name: 'net',
        layers: [
          { ...savedInput('x', 3, 2), name: 'x', inbound_nodes: [] },
          { ...savedInput('h', 2), name: 'h', inbound_nodes: [] },
          { ...savedLayer('Masking', {}), name: 'masking', inbound_nodes: [[['x', 0, 0, {}]]] },
          {
            ...savedLayer('GRU', { units: 2, return_sequences: true, ...recurrentActivations }),
            name: 'gru',
            inbound_nodes: [[['masking', 0, 0, {}], ['h', 0, 0, {}]]], // prettier-ignore
          },
        ],
        input_layers: [['x', 0, 0], ['h', 0, 0]], // prettier-ignore
        output_layers: [['gru', 0, 0]],
      },
    };
    const state = sines([1, 2], 5);
    const inputs = [withSteps(sines([1, 3, 2]), [[0, 0]]), state]; // prettier-ignore
    const firstStep = async (version: string) =>
      (await runBoth(graphOf(model, version), inputs))[0]?.values.slice(0, 2);
    for (const version of ['2.2.4', '2.1.6-tf']) expect(await firstStep(version)).toEqual(state.values);
    expect(await firstStep('2.3.1')).toEqual(Float32Array.of(0, 0));
    expect(await firstStep('2.15.0')).toEqual(Float32Array.of(0, 0));
  });

  it('counts in Keras 3 for a layer with initial states, which is handed no mask there', async () => {
    const tensor = (name: string): object => ({
      class_name: '__keras_tensor__',
      config: { keras_history: [name, 0, 0] },
    });
    const model = (masking: boolean): object => ({
      class_name: 'Functional',
      config: {
        name: 'states',
        layers: [
          { ...savedInput('x', 4, 2), name: 'x', inbound_nodes: [] },
          { ...savedInput('h', 3), name: 'h', inbound_nodes: [] },
          {
            ...savedLayer(masking ? 'Masking' : 'Activation', { name: 'first', activation: 'linear' }),
            name: 'first',
            inbound_nodes: [{ args: [tensor('x')], kwargs: {} }],
          },
          {
            ...savedLayer('GRU', { name: 'gru', units: 3 }),
            name: 'gru',
            inbound_nodes: [{ args: [tensor('first')], kwargs: { initial_state: [tensor('h')] } }],
          },
        ],
        input_layers: [['x', 0, 0], ['h', 0, 0]], // prettier-ignore
        output_layers: [['gru', 0, 0]],
      },
    });
    const inputs = [withSteps(sines([2, 4, 2]), [[0, 1], [1, 3]]), sines([2, 3], 5)]; // prettier-ignore
    const plain = await runBoth(graphOf(model(false), '3.11.0'), inputs);
    expectClose(await runBoth(graphOf(model(true), '3.11.0'), inputs), plain);
    const masked = await runBoth(graphOf(model(true), '2.15.0'), inputs);
    expect(Math.abs((masked[0]?.values[0] ?? 0) - (plain[0]?.values[0] ?? 0))).toBeGreaterThan(1e-3);
  });

  it('is refused where it would lie within a timestep, but for Keras 3, which forgets it', () => {
    const deep = savedInput('x', 5, 4, 3);
    expect(refusalOf(savedSequential(deep, savedLayer('Masking', {}))).code).toBe('unsupported-option');
    const inner = savedLayer('Masking', { name: 'inner' });
    expect(refusalOf(savedSequential(deep, savedLayer('TimeDistributed', { layer: inner }))).code).toBe(
      'unsupported-option',
    );
    const outer = savedLayer('TimeDistributed', { layer: inner });
    expect(graphOf(savedSequential(deep, outer), '3.15.1').layerCount).toBe(2);
    const table = savedLayer('Embedding', { input_dim: 4, output_dim: 2, mask_zero: true });
    expect(refusalOf(savedSequential(savedInput('x', 5, 4), table)).code).toBe('unsupported-option');
  });
});
