/** CategoryEncoding beyond the golden vectors: its modes, its shapes by version, what is refused. */
import { describe, expect, it } from 'vitest';
import {
  graphOf,
  refusalOf,
  runBoth,
  savedInput,
  savedLayer,
  savedSequential,
  type TestTensor,
} from '../../../../test/setup/keras-graph.js';

const encoding = (shape: number[], options: object): object =>
  savedSequential(savedInput('ids', ...shape), savedLayer('CategoryEncoding', options));

async function answerOf(model: object, ids: TestTensor, version?: string): Promise<TestTensor | undefined> {
  const [answer] = await runBoth(graphOf(model, version), [ids]);
  return answer;
}

describe('CategoryEncoding', () => {
  const ids = (shape: number[], ...values: number[]): TestTensor => ({ shape, values: Float32Array.from(values) });

  it('marks ids, or counts them', async () => {
    const pair = ids([2, 2], 0, 2, 1, 1);
    const multi = await answerOf(encoding([2], { num_tokens: 3, output_mode: 'multi_hot' }), pair);
    expect(multi).toEqual({ shape: [2, 3], values: Float32Array.of(1, 0, 1, 0, 1, 0) });
    const count = await answerOf(encoding([2], { num_tokens: 3, output_mode: 'count' }), pair);
    expect(count?.values).toEqual(Float32Array.of(1, 0, 1, 0, 2, 0));
    const one = await answerOf(encoding([1], { num_tokens: 3, output_mode: 'one_hot' }), ids([2, 1], 2, 0));
    expect(one).toEqual({ shape: [2, 3], values: Float32Array.of(0, 0, 1, 1, 0, 0) });
  });

  it('calls the number of its tokens as Keras 2.4 does', async () => {
    const model = encoding([2], { max_tokens: 3, output_mode: 'binary' });
    expect((await answerOf(model, ids([1, 2], 0, 2), '2.4.0'))?.values).toEqual(Float32Array.of(1, 0, 1));
    const learnt = { max_tokens: null, output_mode: 'binary' };
    expect(refusalOf(encoding([2], learnt), '2.4.0').code).toBe('unsupported-option');
  });

  it('counts an id outside of its tokens for nothing', async () => {
    const outside = await answerOf(encoding([3], { num_tokens: 2, output_mode: 'count' }), ids([1, 3], -1, 1, 2));
    expect(outside?.values).toEqual(Float32Array.of(0, 1));
  });

  it('counts by weights that are passed beside the ids', async () => {
    const model = (output_mode: string): object => ({
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [
          { ...savedInput('ids', 3), name: 'ids', inbound_nodes: [] },
          { ...savedInput('weights', 3), name: 'weights', inbound_nodes: [] },
          {
            ...savedLayer('CategoryEncoding', { num_tokens: 3, output_mode }),
            name: 'counts',
            inbound_nodes: [[['ids', 0, 0, { count_weights: ['weights', 0, 0] }]]],
          },
        ],
        input_layers: [['ids', 0, 0], ['weights', 0, 0]], // prettier-ignore
        output_layers: [['counts', 0, 0]],
      },
    });
    const [answer] = await runBoth(graphOf(model('count')), [ids([1, 3], 2, 0, 2), ids([1, 3], 0.5, 3, 2)]);
    expect(answer?.values).toEqual(Float32Array.of(3, 0, 2.5));
    expect(refusalOf(model('multi_hot'))).toMatchObject({ code: 'unsupported-option', layer: 'counts' });
  });

  it('encodes several ids one by one in Keras 3', async () => {
    const model = encoding([2], { num_tokens: 2, output_mode: 'one_hot' });
    expect(await answerOf(model, ids([1, 2], 1, 0), '3.15.1')).toEqual({
      shape: [1, 2, 2],
      values: Float32Array.of(0, 1, 1, 0),
    });
    expect(refusalOf(model, '2.15.0')).toMatchObject({ code: 'invalid-config' });
  });

  it('keeps the axis of a single id in Keras 3.0 to 3.3', async () => {
    const model = encoding([1], { num_tokens: 3, output_mode: 'one_hot' });
    const values = Float32Array.of(0, 0, 1, 1, 0, 0);
    expect(await answerOf(model, ids([2, 1], 2, 0), '3.3.3')).toEqual({ shape: [2, 1, 3], values });
    expect(await answerOf(model, ids([2, 1], 2, 0), '3.4.0')).toEqual({ shape: [2, 3], values });
  });

  const weighted = (options: object): object => {
    const tensor = (name: string): object => ({
      class_name: '__keras_tensor__',
      config: { keras_history: [name, 0, 0] },
    });
    const encoder = savedLayer('CategoryEncoding', { name: 'c', num_tokens: 3, ...options });
    const call = { args: [], kwargs: { inputs: tensor('ids'), count_weights: tensor('w') } };
    const layers = [
      { ...savedInput('ids', 2), name: 'ids', inbound_nodes: [] },
      { ...savedInput('w', 2), name: 'w', inbound_nodes: [] },
      { ...encoder, name: 'c', inbound_nodes: [call] },
    ];
    const ends = { input_layers: [['ids', 0, 0], ['w', 0, 0]], output_layers: ['c', 0, 0] }; // prettier-ignore
    return { class_name: 'Functional', config: { name: 'net', layers, ...ends } };
  };

  it('counts ids by their weights, where it is called by the names of its parameters', async () => {
    const graph = graphOf(weighted({ output_mode: 'count' }), '3.15.1');
    const [answer] = await runBoth(graph, [ids([2, 2], 0, 2, 1, 1), ids([2, 2], 0.5, -1, 2, 0.25)]);
    expect(answer?.values).toEqual(Float32Array.of(0.5, 0, -1, 0, 2.25, 0));
    for (const [mode, version] of [
      ['multi_hot', '3.15.1'],
      ['count', '3.3.3'],
    ] as const)
      expect(refusalOf(weighted({ output_mode: mode }), version)).toMatchObject({ code: 'unsupported-option' });
  });

  it.each([
    [[2], { num_tokens: 3, output_mode: 'multi_hot', sparse: true }, '2.15.0', 'unsupported-option'],
    [[2], { num_tokens: 3, output_mode: 'tf_idf' }, '2.15.0', 'unsupported-option'],
    [[2, 2], { num_tokens: 3, output_mode: 'count' }, '3.15.1', 'unsupported-option'],
    [[2], { num_tokens: 0 }, '2.15.0', 'invalid-config'],
    [[2], { num_tokens: 1e9 }, '2.15.0', 'too-large'],
  ])('of %j with %j in Keras %s is refused: %s', (shape, options, version, code) => {
    expect(refusalOf(encoding(shape, options), version)).toMatchObject({ code });
  });
});
