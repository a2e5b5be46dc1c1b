/** Layers of several inputs beyond the golden vectors: masks as each Keras joins them, ranks, what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, graphOf, refusalOf, runBoth, savedLayer, sines } from '../../../../test/setup/keras-graph.js';

type Node = [name: string, layer: object, ...from: string[]];

/** A functional model of the inputs `a` and `b`, whose last node is the output. */
function merged(shapes: readonly [number[], number[]], ...nodes: Node[]): object {
  const inputs = ['a', 'b'].map((name, index) => ({
    class_name: 'InputLayer',
    name,
    config: { name, batch_input_shape: [null, ...(shapes[index] ?? [])] },
    inbound_nodes: [],
  }));
  const layers = nodes.map(([name, layer, ...from]) => {
    const saved = layer as { config: object };
    const inbound = [from.map((input) => [input, 0, 0, {}])];
    return { ...saved, name, config: { ...saved.config, name, trainable: true }, inbound_nodes: inbound };
  });
  return {
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [...inputs, ...layers],
      input_layers: [
        ['a', 0, 0],
        ['b', 0, 0],
      ],
      output_layers: [[nodes.at(-1)?.[0], 0, 0]],
    },
  };
}

/** Masked sequences of one feature, joined, and their average over the steps that count. */
const averaged = (className: string, options: object = {}): object =>
  merged(
    [
      [3, 1],
      [3, 1],
    ],
    ['mask_a', savedLayer('Masking', { mask_value: 0 }), 'a'],
    ['mask_b', savedLayer('Masking', { mask_value: 0 }), 'b'],
    ['joined', savedLayer(className, options), 'mask_a', 'mask_b'],
    ['average', savedLayer('GlobalAveragePooling1D', {}), 'joined'],
  );
const a = { shape: [1, 3, 1], values: Float32Array.of(2, 4, 0) };
const b = { shape: [1, 3, 1], values: Float32Array.of(0, 6, 8) };
const one = (value: number): { shape: number[]; values: Float32Array } => ({
  shape: [1, 1],
  values: Float32Array.of(value),
});

describe('masks of several inputs', () => {
  it.each([
    // Both inputs count in the second step alone; from 3.4 on every step counts in one of them.
    ['Add', '2.15.0', 10],
    ['Add', '3.15.1', (2 + 10 + 8) / 3],
    ['Add', '3.3.3', (2 + 10 + 8) / 3],
    ['Multiply', '2.15.0', 24],
    ['Multiply', '3.3.3', 24 / 3],
    // An input counts as 1 where it is masked.
    ['Multiply', '3.15.1', (2 + 24 + 8) / 3],
    ['Minimum', '2.15.0', 4],
    ['Minimum', '3.3.3', 4 / 3],
    // The extreme of a step is that of the inputs that count there.
    ['Minimum', '3.15.1', (2 + 4 + 8) / 3],
    ['Maximum', '3.15.1', (2 + 6 + 8) / 3],
  ])('of %s in Keras %s average to %f', async (className, kerasVersion, expected) => {
    expectClose(await runBoth(graphOf(averaged(className), kerasVersion), [a, b]), [one(expected)]);
  });

  it('are joined along time with their tensors', async () => {
    const expected = (2 + 4 + 6 + 8) / 4;
    for (const kerasVersion of ['2.15.0', '3.15.1']) {
      const graph = graphOf(averaged('Concatenate', { axis: 1 }), kerasVersion);
      expectClose(await runBoth(graph, [a, b]), [one(expected)]);
    }
    const forgotten = graphOf(averaged('Concatenate', { axis: 1 }), '3.0.5');
    expectClose(await runBoth(forgotten, [a, b]), [one(20 / 6)]);
  });
});

describe('merging tensors', () => {
  it('gives those of fewer axes theirs after the batch', async () => {
    const graph = graphOf(merged([[2, 3], [3]], ['sum', savedLayer('Add', {}), 'a', 'b']));
    const [x, y] = [sines([2, 2, 3]), sines([2, 3], 1)];
    const [sum] = await runBoth(graph, [x, y]);
    expect(sum?.values[3]).toBeCloseTo((x.values[3] ?? 0) + (y.values[0] ?? 0), 5);
    expect(sum?.values[9]).toBeCloseTo((x.values[9] ?? 0) + (y.values[3] ?? 0), 5);
  });

  it('multiplies along any axes, alike on both back ends', async () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(shape, shape, fc.nat(), fc.nat(), fc.boolean(), async (left, right, i, j, normalize) => {
        const axes = [(i % left.length) + 1, (j % right.length) + 1] as const;
        right[axes[1] - 1] = left[axes[0] - 1] ?? 1;
        const graph = graphOf(merged([left, right], ['dot', savedLayer('Dot', { axes, normalize }), 'a', 'b']));
        const [dot] = await runBoth(graph, [sines([2, ...left]), sines([2, ...right], 1)]);
        expect(dot?.shape).toEqual([2, ...(graph.outputs[0]?.tensor.shape.slice(1) ?? [])]);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('is refused where it would mix rows or shapes do not fit', () => {
    const shapes: [number[], number[]] = [
      [2, 3],
      [2, 4],
    ];
    const refusal = (className: string, options: object): object =>
      refusalOf(merged(shapes, ['joined', savedLayer(className, options), 'a', 'b']));
    expect(refusal('Add', {})).toMatchObject({ code: 'shape-mismatch', layer: 'joined' });
    expect(refusal('Concatenate', { axis: 0 })).toMatchObject({ code: 'unsupported-option' });
    expect(refusal('Dot', { axes: 0 })).toMatchObject({ code: 'unsupported-option' });
    expect(refusal('Dot', { axes: 2 })).toMatchObject({ code: 'shape-mismatch' });
    const third: Node = ['joined', savedLayer('Subtract', {}), 'a', 'b', 'a'];
    expect(refusalOf(merged(shapes, third))).toMatchObject({ code: 'invalid-config' });
  });
});
