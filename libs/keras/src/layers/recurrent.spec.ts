/** Recurrent layers beyond the golden vectors: both back ends on drawn options, what masks mean, what is refused. */
import fc from 'fast-check';
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
} from '../../../../test/setup/keras-graph.js';
import { writeOnnx } from '../onnx/write-onnx.js';

const lstm = (options: object = {}): object => savedLayer('LSTM', { units: 3, ...recurrentActivations, ...options });

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
