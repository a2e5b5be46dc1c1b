/** Recurrent layers beyond the golden vectors: both back ends on drawn options, what masks mean, what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectClose,
  graphOf,
  refusalOf,
  runBoth,
  runOnnx,
  runTensorFlow,
  savedInput,
  savedLayer,
  savedSequential,
  sines,
  type TestTensor,
} from '../../../../test/setup/keras-graph.js';
import { writeOnnx } from '../onnx/write-onnx.js';

const lstm = (options: object = {}): object => savedLayer('LSTM', { units: 3, ...recurrentActivations, ...options });
const recurrentActivations = { activation: 'tanh', recurrent_activation: 'sigmoid' };

/** `x` of `[rows, time, features]` with all features of the named steps at `value`. */
function withSteps(x: TestTensor, steps: readonly (readonly [row: number, time: number])[], value = 0): TestTensor {
  const [, time = 0, features = 0] = x.shape;
  const values = Float32Array.from(x.values);
  for (const [row, step] of steps) {
    const start = (row * time + step) * features;
    values.fill(value, start, start + features);
  }
  return { shape: x.shape, values };
}

describe('a recurrent layer', () => {
  const activation = fc.constantFrom(
    ...[
      'tanh',
      'relu',
      'linear',
      'sigmoid',
      'hard_sigmoid',
      'elu',
      'softplus',
      'softsign',
      'selu',
      'softmax',
      'sparsemax',
      'silu',
    ],
  );
  const options = {
    units: fc.integer({ min: 1, max: 5 }),
    activation,
    recurrent_activation: fc.constantFrom('sigmoid', 'hard_sigmoid', 'tanh', 'softmax', 'leaky_relu'),
    use_bias: fc.boolean(),
    return_sequences: fc.boolean(),
    return_state: fc.constant(false),
    go_backwards: fc.boolean(),
    unroll: fc.boolean(),
    zero_output_for_mask: fc.boolean(),
  };
  const drawn = fc.oneof(
    fc.record({ kind: fc.constantFrom('LSTM', 'SimpleRNN'), ...options }),
    fc.record({ kind: fc.constant('GRU'), reset_after: fc.boolean(), ...options }),
  );
  const wrapped = fc.record({
    recurrent: drawn,
    mergeMode: fc.option(fc.constantFrom('concat', 'sum', 'mul', 'ave'), { nil: undefined }),
  });

  it('answers alike on both back ends, whatever its options, with masks and without', async () => {
    const nets = fc.array(wrapped, { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(
        nets,
        fc.boolean(),
        fc.constantFrom(null, 5),
        fc.constantFrom('2.2.4', '2.15.0', '3.11.0'),
        async (net, masked, length, kerasVersion) => {
          const layers = net.map(({ recurrent: { kind, ...own }, mergeMode }, index) => {
            const inner = { ...own, return_sequences: own.return_sequences || index < net.length - 1 };
            if (mergeMode === undefined) return savedLayer(kind, { ...inner, name: `layer_${index}` });
            const layer = savedLayer(kind, { ...inner, name: 'both' });
            return savedLayer('Bidirectional', { name: `layer_${index}`, merge_mode: mergeMode, layer });
          });
          const before = masked ? [savedLayer('Masking', { mask_value: 0 })] : [];
          const graph = graphOf(savedSequential(savedInput('x', length, 3), ...before, ...layers), kerasVersion);
          const steps = [[0, 3], [0, 4], [1, 0], [1, 2], [2, 0], [2, 1], [2, 2], [2, 3], [2, 4]] as const; // prettier-ignore
          const [answer] = await runBoth(graph, [withSteps(sines([4, 5, 3]), steps)], 2e-5);
          expect(answer?.shape.length).toBe(graph.outputs[0]?.tensor.shape.length);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  }, 120_000);

  it.each(['LSTM', 'GRU', 'SimpleRNN'])('is one operator of ONNX where there is one: %s', (kind) => {
    const model = (options: object): string =>
      Buffer.from(
        writeOnnx(graphOf(savedSequential(savedInput('x', 5, 3), savedLayer(kind, { units: 2, ...options })))),
      ).toString('latin1');
    expect(model({})).not.toContain('Scan');
    expect(model({ activation: 'relu', recurrent_activation: 'hard_sigmoid' })).not.toContain('Scan');
    expect(model({ activation: 'gelu' })).toContain('Scan');
  });

  it('writes its weights once where it is applied twice', () => {
    const call = (name: string): unknown[] => [[name, 0, 0, {}]];
    const shared = graphOf({
      class_name: 'Functional',
      config: {
        name: 'shared',
        layers: [
          { ...savedInput('a', 4, 8), name: 'a', inbound_nodes: [] },
          { ...savedInput('b', 6, 8), name: 'b', inbound_nodes: [] },
          { ...lstm({ units: 32 }), name: 'lstm', inbound_nodes: [call('a'), call('b')] },
        ],
        input_layers: [['a', 0, 0], ['b', 0, 0]], // prettier-ignore
        output_layers: [['lstm', 0, 0], ['lstm', 1, 0]], // prettier-ignore
      },
    });
    const copies = writeOnnx(shared).length / (4 * shared.parameterCount);
    expect(copies).toBeLessThan(1.5);
  });

  it('run backwards is run forwards over the sequence from its end', async () => {
    const net = (options: object): object =>
      savedSequential(savedInput('x', 5, 3), lstm({ return_sequences: true, ...options }));
    const x = sines([2, 5, 3]);
    const steps = Array.from({ length: 10 }, (_, step) => x.values.slice(step * 3, step * 3 + 3));
    const turned = [0, 1].flatMap((row) => steps.slice(row * 5, row * 5 + 5).toReversed());
    const values = Float32Array.from(turned.flatMap((step) => [...step]));
    const backwards = await runBoth(graphOf(net({ go_backwards: true })), [x]);
    expectClose(backwards, await runBoth(graphOf(net({})), [{ shape: x.shape, values }]));
  });

  it('reads its defaults where a configuration leaves them out, as the Keras of the time had them', async () => {
    const bare = savedSequential(savedInput('x', 5, 3), savedLayer('LSTM', { units: 3 }));
    const said = (recurrent_activation: string): object =>
      savedSequential(savedInput('x', 5, 3), lstm({ recurrent_activation }));
    for (const [kerasVersion, standard] of [
      ['2.1.6', 'hard_sigmoid'],
      ['2.15.0', 'sigmoid'],
      ['3.11.0', 'sigmoid'],
    ] as const) {
      // prettier-ignore
      const x = [sines([2, 5, 3])];
      const answer = await runBoth(graphOf(bare, kerasVersion), x);
      expectClose(answer, await runBoth(graphOf(said(standard), kerasVersion), x));
    }
  });

  it('is refused for what it does not read', () => {
    const refused = (...layers: object[]): unknown => {
      const { code } = refusalOf(savedSequential(savedInput('x', 5, 3), ...layers));
      return code;
    };
    expect(refused(lstm({ time_major: true }))).toBe('unsupported-option');
    expect(refused(lstm({ num_constants: 1 }))).toBe('unsupported-option');
    expect(refused(lstm({ units: 0 }))).toBe('invalid-config');
    expect(refused(lstm({ units: 1e12 }))).toBe('too-large');
    expect(refused(lstm({ activation: 'glu' }))).toBe('unsupported-activation');
    expect(refused(savedLayer('Flatten', {}), lstm())).toBe('shape-mismatch');
    expect(refused(savedLayer('ConvLSTM2D', { filters: 2 }))).toBe('unsupported-layer');
    expect(refused(savedLayer('RNN', { cell: savedLayer('PeepholeLSTMCell', { units: 2 }) }))).toBe(
      'unsupported-layer',
    );
    expect(refused(savedLayer('RNN', { cell: savedLayer('StackedRNNCells', { cells: [] }) }))).toBe('invalid-config');
    expect(refused(savedLayer('Bidirectional', { layer: savedLayer('Dense', { units: 2 }) }))).toBe(
      'unsupported-layer',
    );
    expect(refused(savedLayer('Bidirectional', { layer: lstm(), merge_mode: 'max' }))).toBe('invalid-config');
    const apart = { layer: lstm(), backward_layer: lstm({ units: 2, go_backwards: true }), merge_mode: 'sum' };
    expect(refused(savedLayer('Bidirectional', apart))).toBe('shape-mismatch');
  });

  it.each([lstm(), savedLayer('Bidirectional', { layer: lstm() })])(
    'is refused where it is given no sequence',
    (net) => {
      const layers = [
        { ...savedInput('x', 4, 2), name: 'x', inbound_nodes: [] },
        { ...net, name: 'net', inbound_nodes: [{ args: [], kwargs: {} }] },
      ];
      const ends = { input_layers: [['x', 0, 0]], output_layers: [['net', 0, 0]] };
      const model = { class_name: 'Functional', config: { name: 'none', layers, ...ends } };
      expect(refusalOf(model, '3.15.1')).toMatchObject({ code: 'invalid-config', layer: 'net' });
    },
  );

  it('is refused initial states that do not fit it', () => {
    const model = (states: unknown[]): object => ({
      class_name: 'Functional',
      config: {
        name: 'states',
        layers: [
          { ...savedInput('x', 4, 2), name: 'x', inbound_nodes: [] },
          { ...savedInput('h', 3), name: 'h', inbound_nodes: [] },
          { ...savedInput('c', 4), name: 'c', inbound_nodes: [] },
          { ...lstm(), name: 'lstm', inbound_nodes: [[['x', 0, 0, {}], ...states]] },
        ],
        input_layers: [['x', 0, 0], ['h', 0, 0], ['c', 0, 0]], // prettier-ignore
        output_layers: [['lstm', 0, 0]],
      },
    });
    expect(refusalOf(model([['h', 0, 0, {}], ['c', 0, 0, {}]]))).toMatchObject({ code: 'shape-mismatch', layer: 'lstm' }); // prettier-ignore
  });
});

describe('initial states', () => {
  const net = (layer: object, call: unknown[], ...states: [string, number][]): object => ({
    class_name: 'Functional',
    config: {
      name: 'states',
      layers: [
        ...[savedInput('x', 4, 2), ...states.map(([name, size]) => savedInput(name, size))].map((input) => ({
          ...input,
          name: (input as { config: { name: string } }).config.name,
          inbound_nodes: [],
        })),
        { ...layer, name: 'rnn', inbound_nodes: [call] },
      ],
      input_layers: ['x', ...states.map(([name]) => name)].map((name) => [name, 0, 0]),
      output_layers: [['rnn', 0, 0]],
    },
  });

  it('of a stack of cells are read in lists of their own, as of one cell after the other', async () => {
    const cells = [savedLayer('LSTMCell', { name: 'a', units: 3 }), savedLayer('GRUCell', { name: 'b', units: 2 })];
    const stack = savedLayer('RNN', { cell: savedLayer('StackedRNNCells', { cells }) });
    const states: [string, number][] = [['h', 3], ['c', 3], ['g', 2]]; // prettier-ignore
    const reference = (name: string): unknown => [name, 0, 0, {}];
    const nested = [reference('x'), [reference('h'), reference('c')], [reference('g')]];
    const inputs = [sines([2, 4, 2]), sines([2, 3], 1), sines([2, 3], 2), sines([2, 2], 3)];
    const expected = await runBoth(graphOf(net(stack, ['x', 'h', 'c', 'g'].map(reference), ...states)), inputs);
    expectClose(await runBoth(graphOf(net(stack, nested, ...states)), inputs), expected);
  });

  it('and masks that are numbers of the file are refused', () => {
    for (const keywords of [{ initial_state: [[[0, 0, 0]]] }, { mask: [[true, false, true, true]] }]) {
      const model = net(savedLayer('GRU', { units: 3 }), [['x', 0, 0, keywords]]);
      expect(refusalOf(model)).toMatchObject({ code: 'unsupported-option', layer: 'rnn' });
    }
  });
});

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

describe('TimeDistributed', () => {
  it.each([5, null])('computes a layer for every one of %s steps', async (length) => {
    const dense = savedLayer('Dense', { units: 2, activation: 'tanh' });
    const direct = graphOf(savedSequential(savedInput('x', length, 3), dense));
    const wrapped = savedSequential(savedInput('x', length, 3), savedLayer('TimeDistributed', { layer: dense }));
    const x = [sines([2, 5, 3])];
    expectClose(await runBoth(graphOf(wrapped), x), await runBoth(direct, x));
  });

  it('carries a model, and a mask past it', async () => {
    const inner = savedSequential(savedInput('step', 3), savedLayer('Dense', { units: 2, activation: 'tanh' }));
    const net = (length: number): object =>
      savedSequential(
        savedInput('x', length, 3),
        savedLayer('Masking', { mask_value: 0 }),
        savedLayer('TimeDistributed', { layer: inner }),
        lstm(),
      );
    const x = sines([1, 3, 3]);
    const padded = { shape: [1, 4, 3], values: Float32Array.from([...x.values, 0, 0, 0]) };
    expectClose(await runBoth(graphOf(net(4)), [padded]), await runBoth(graphOf(net(3)), [x]));
  });
});

describe('Embedding', () => {
  const graph = graphOf(savedSequential(savedInput('x', 2), savedLayer('Embedding', { input_dim: 3, output_dim: 2 })));
  const numbers = (...values: number[]): TestTensor[] => [{ shape: [1, 2], values: Float32Array.from(values) }];

  it('answers rows of its table', async () => {
    const [answer] = await runBoth(graph, numbers(2, 0));
    const table = graph.weights[0]?.values ?? new Float32Array();
    expect([...(answer?.values ?? [])]).toEqual([...table.slice(4, 6), ...table.slice(0, 2)]);
  });

  it('answers nothing for a number outside of its table', async () => {
    for (const outside of [3, -1]) {
      await expect(runOnnx(graph, numbers(outside, 0))).rejects.toThrow(/out of/);
      await expect(runTensorFlow(graph, numbers(outside, 0))).rejects.toThrow(/index/);
    }
  });
});
