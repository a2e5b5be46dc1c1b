/** Calls and ends that the golden vectors have none of: dictionaries of tensors, booleans. */
import { describe, expect, it } from 'vitest';
import { expectClose, graphOf, refusalOf, runBoth, sines } from '../../../../test/setup/keras-graph.js';

const k3 = '3.15.1';
const input = (name: string, size: number): object => ({
  class_name: 'InputLayer',
  name,
  config: { name, batch_shape: [null, size] },
  inbound_nodes: [],
});
const tensor = (name: string, output = 0, dtype = 'float32'): object => ({
  class_name: '__keras_tensor__',
  config: { keras_history: [name, 0, output], dtype },
});
const layer = (className: string, name: string, calls: unknown[], config: object = {}): object => ({
  class_name: className,
  name,
  config: { name, ...config },
  inbound_nodes: calls,
});
const functional = (name: string, layers: object[], inputs: unknown, outputs: unknown): object => ({
  class_name: 'Functional',
  config: { name, layers, input_layers: inputs, output_layers: outputs },
});

/** Takes `{b: [3], a: [2]}`, answers `{z: tanh(b), y: a}` with layers that only the order of their calls tells apart. */
const inner = (calls: unknown[][]): object =>
  functional(
    'inner',
    [
      input('first', 3),
      input('second', 2),
      layer('Activation', 'squashed', calls[0] ?? [], { activation: 'tanh' }),
      layer('Activation', 'kept', calls[1] ?? [], { activation: 'linear' }),
    ],
    { b: ['first', 0, 0], a: ['second', 0, 0] },
    { z: ['squashed', 0, 0], y: ['kept', 0, 0] },
  );

describe('a nested model of named inputs and outputs', () => {
  const [three, two] = [sines([4, 3]), sines([4, 2])];
  const expected = [
    { shape: [4, 2], values: two.values },
    { shape: [4, 3], values: three.values.map((value) => Math.tanh(value)) },
  ];
  const ends = [
    ['three', 0, 0],
    ['two', 0, 0],
  ];

  it('is given them by their keys and answers in the order of its keys, in Keras 3', async () => {
    const nested = inner([
      [{ args: [tensor('first')], kwargs: {} }],
      [{ args: [tensor('second')], kwargs: {} }],
    ]) as Record<string, unknown>;
    const call = { args: [{ a: tensor('two'), b: tensor('three') }], kwargs: { mask: { a: null, b: null } } };
    const model = functional(
      'net',
      [input('three', 3), input('two', 2), { ...nested, name: 'inner', inbound_nodes: [call] }],
      ends,
      // The making of the model is its call 0.
      [
        ['inner', 1, 0],
        ['inner', 1, 1],
      ],
    );
    expectClose(await runBoth(graphOf(model, k3), [three, two]), expected);
  });

  it('is given them by their keys and answers in the order of its keys, in Keras 2', async () => {
    const nested = inner([[[['first', 0, 0, {}]]], [[['second', 0, 0, {}]]]]) as Record<string, unknown>;
    const call = { a: ['two', 0, 0, {}], b: ['three', 0, 0, {}] };
    const layers = [input('three', 3), input('two', 2), { ...nested, name: 'inner', inbound_nodes: [call] }];
    const outputs = [
      ['inner', 1, 0],
      ['inner', 1, 1],
    ];
    expectClose(await runBoth(graphOf(functional('net', layers, ends, outputs)), [three, two]), expected);
  });

  it('is refused when one of them is missing', () => {
    const nested = inner([[[['first', 0, 0, {}]]], [[['second', 0, 0, {}]]]]) as Record<string, unknown>;
    const call = { a: ['two', 0, 0, {}], c: ['three', 0, 0, {}] };
    const layers = [input('three', 3), input('two', 2), { ...nested, name: 'inner', inbound_nodes: [call] }];
    const refusal = refusalOf(functional('net', layers, ends, [['inner', 1, 0]]));
    expect(refusal).toMatchObject({ code: 'invalid-config', layer: 'inner' });
  });
});

describe('booleans', () => {
  const compared = (className: string): object =>
    layer(className, className.toLowerCase(), [{ args: [tensor('x'), 0], kwargs: {} }]);
  const joined = (className: string, args: unknown[], module?: string): object =>
    functional(
      'net',
      [
        input('x', 3),
        { ...compared('Greater'), module: 'keras.src.ops.numpy' },
        { ...compared('Less'), module: 'keras.src.ops.numpy' },
        { ...layer(className, 'joined', [{ args, kwargs: {} }]), module },
      ],
      ['x', 0, 0],
      ['joined', 0, 0],
    );
  const booleans = [tensor('greater', 0, 'bool'), tensor('less', 0, 'bool')];

  it('are not added up: for Keras true + true is true', () => {
    const operator = refusalOf(joined('Add', booleans, 'keras.src.ops.numpy'), k3);
    expect(operator).toMatchObject({ code: 'unsupported-dtype', layer: 'joined' });
    expect(refusalOf(joined('Add', [booleans], 'keras.layers'), k3)).toMatchObject({ code: 'unsupported-dtype' });
  });

  it('are numbers beside numbers', async () => {
    const model = joined('Add', [booleans[0], tensor('x')], 'keras.src.ops.numpy');
    const x = sines([2, 3]);
    const values = x.values.map((value) => value + (value > 0 ? 1 : 0));
    expectClose(await runBoth(graphOf(model, k3), [x]), [{ shape: [2, 3], values }]);
  });
});
