/** Attention beyond the golden vectors: both back ends on drawn options, masks by version, what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, graphOf, refusalOf, runBoth, sines } from '../../../../test/setup/keras-graph.js';

interface Layer {
  readonly name: string;
  readonly className: string;
  readonly options?: object;
  readonly args: unknown[];
  readonly kwargs?: object;
}

const tensor = (name: string): object => ({ class_name: '__keras_tensor__', config: { keras_history: [name, 0, 0] } });

/** A model as Keras 3 writes it, of the inputs `q` and `v`; its outputs are those named. */
function model(
  shapes: Readonly<Record<string, (number | null)[]>>,
  layers: readonly Layer[],
  ...outputs: string[]
): object {
  return {
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [
        ...Object.entries(shapes).map(([name, shape]) => ({
          class_name: 'InputLayer',
          name,
          config: { name, batch_shape: [null, ...shape] },
          inbound_nodes: [],
        })),
        ...layers.map(({ name, className, options, args, kwargs = {} }) => ({
          class_name: className,
          module: 'keras.layers',
          name,
          config: { name, trainable: true, ...options },
          inbound_nodes: [{ args, kwargs }],
        })),
      ],
      input_layers: Object.keys(shapes).map((name) => [name, 0, 0]),
      output_layers: outputs.map((name) => [name, 0, 0]),
    },
  };
}

const masking = (name: string, of: string): Layer => ({
  name,
  className: 'Masking',
  options: { mask_value: 0 },
  args: [tensor(of)],
});

/** With the features of the named steps of the first row at zero. */
function withGaps(
  shape: readonly [number, number, number],
  gaps: readonly number[],
  seed: number,
): ReturnType<typeof sines> {
  const values = Float32Array.from(sines(shape, seed).values);
  for (const step of gaps) values.fill(0, step * shape[2], (step + 1) * shape[2]);
  return { shape, values };
}

describe('attention', () => {
  const version = fc.constantFrom('2.15.0', '3.3.3', '3.9.2', '3.15.1');
  const gaps = fc.subarray([0, 1, 2, 3]);

  it('answers alike on both back ends, whatever its scores, with masks and without', async () => {
    const options = fc.record({ use_scale: fc.boolean(), score_mode: fc.constantFrom('dot', 'concat') });
    const className = fc.constantFrom('Attention', 'AdditiveAttention');
    await fc.assert(
      fc.asyncProperty(
        version,
        className,
        options,
        fc.boolean(),
        gaps,
        gaps,
        async (keras, name, given, causal, q, v) => {
          const layers: Layer[] = [
            masking('mq', 'q'),
            masking('mv', 'v'),
            {
              name: 'attention',
              className: name,
              options: given,
              args: [[tensor('mq'), tensor('mv')]],
              kwargs: { use_causal_mask: causal },
            },
          ];
          const graph = graphOf(model({ q: [4, 3], v: [null, 3] }, layers, 'attention'), keras);
          const [answer] = await runBoth(graph, [withGaps([2, 4, 3], q, 0), withGaps([2, 4, 3], v, 1)]);
          expect(answer?.shape).toEqual([2, 4, 3]);
        },
      ),
      { seed: 2, numRuns: 60 },
    );
  });

  it('of several heads answers alike on both back ends, whatever its sizes', async () => {
    const size = fc.integer({ min: 1, max: 4 });
    const options = fc.record({
      num_heads: size,
      key_dim: size,
      value_dim: fc.option(size),
      use_bias: fc.boolean(),
      use_gate: fc.boolean(),
      output_shape: fc.constantFrom(null, 3, [2, 2]),
      sliding_window: fc.constantFrom(null, 2),
      dropout: fc.constantFrom(0, 0.2),
    });
    await fc.assert(
      fc.asyncProperty(version, options, fc.boolean(), gaps, gaps, async (keras, given, causal, q, v) => {
        const layers: Layer[] = [
          masking('mq', 'q'),
          masking('mv', 'v'),
          {
            name: 'heads',
            className: 'MultiHeadAttention',
            options: given,
            args: [tensor('mq'), tensor('mv')],
            kwargs: { use_causal_mask: causal },
          },
        ];
        const graph = graphOf(model({ q: [4, 3], v: [null, 2] }, layers, 'heads'), keras);
        const [answer] = await runBoth(graph, [withGaps([2, 4, 3], q, 0), withGaps([2, 4, 2], v, 1)]);
        const shape = given.output_shape === null ? [3] : [given.output_shape].flat();
        expect(answer?.shape).toEqual([2, 4, ...shape]);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('gives a query without keys the average of the values, or zeros where Keras does', async () => {
    const heads = (dropout: number): object =>
      model(
        { q: [2, 1], v: [2, 1] },
        [
          masking('mv', 'v'),
          {
            name: 'heads',
            className: 'MultiHeadAttention',
            options: { num_heads: 1, key_dim: 1, use_bias: false, dropout },
            args: [tensor('q'), tensor('mv')],
          },
        ],
        'heads',
      );
    const inputs = [sines([1, 2, 1]), { shape: [1, 2, 1], values: new Float32Array(2) }];
    const zeros = { shape: [1, 2, 1], values: new Float32Array(2) };
    for (const dropout of [0, 0.1]) expectClose(await runBoth(graphOf(heads(dropout), '3.15.1'), inputs), [zeros]);
    const biased = (dropout: number): object =>
      JSON.parse(JSON.stringify(heads(dropout)).replace('"use_bias":false', '"use_bias":true')) as object;
    const [fused] = await runBoth(graphOf(biased(0), '3.15.1'), inputs);
    const [softmax] = await runBoth(graphOf(biased(0.1), '3.15.1'), inputs);
    expect(fused?.values[0]).not.toBeCloseTo(softmax?.values[0] ?? 0, 5);
  });

  it('takes the masks of its inputs away from later layers, from Keras 3.8 on', async () => {
    const layers: Layer[] = [
      masking('m', 'q'),
      {
        name: 'heads',
        className: 'MultiHeadAttention',
        options: { num_heads: 1, key_dim: 2 },
        args: [tensor('m'), tensor('m')],
      },
      { name: 'sum', className: 'Add', args: [[tensor('m'), tensor('heads')]] },
      { name: 'average', className: 'GlobalAveragePooling1D', args: [tensor('sum')] },
      { name: 'all', className: 'Identity', args: [tensor('sum')] },
    ];
    const net = model({ q: [3, 1] }, layers, 'average', 'all');
    const inputs = [{ shape: [1, 3, 1], values: Float32Array.of(0.5, -0.8, 0) }];
    const averageOf = async (keras: string, steps: number): Promise<void> => {
      const [average, all] = await runBoth(graphOf(net, keras), inputs);
      const values = [...(all?.values ?? [])].slice(0, steps);
      expect(average?.values[0]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / steps, 5);
    };
    await averageOf('3.6.0', 2);
    await averageOf('3.15.1', 3);
  });

  it('reads masks that are passed by hand like those of its inputs', async () => {
    const shapes = { q: [2, 3], v: [4, 3], mq: [2], mv: [4] };
    const attend = (args: unknown[], kwargs: object): Layer => ({ name: 'a', className: 'Attention', args, kwargs });
    const pair = [[tensor('q'), tensor('v')]];
    const given = (mask: unknown): object => model(shapes, [attend(pair, { mask })], 'a');
    const masks = [Float32Array.of(1, 0), Float32Array.of(1, 0, 1, 0)].map((values) => ({
      shape: [1, values.length],
      values,
    }));
    const inputs = [sines([1, 2, 3]), sines([1, 4, 3], 1), ...masks];
    const carried = model({ q: [2, 3], v: [4, 3] }, [masking('m', 'v'), attend([[tensor('q'), tensor('m')]], {})], 'a');
    const values = Float32Array.from(inputs[1]?.values ?? []);
    [1, 3].forEach((step) => values.fill(0, step * 3, step * 3 + 3));
    const [expected] = await runBoth(graphOf(carried), [sines([1, 2, 3]), { shape: [1, 4, 3], values }]);
    const [keys] = await runBoth(graphOf(given([null, tensor('mv')])), inputs);
    expectClose([keys ?? sines([1])], [expected ?? sines([1])]);
    const [both] = await runBoth(graphOf(given([tensor('mq'), tensor('mv')])), inputs);
    expect([...(both?.values ?? [])].slice(3).map(Math.abs)).toEqual([0, 0, 0]);
    const constant = refusalOf(given([null, [[true, false, true, false]]]));
    expect(constant).toMatchObject({ code: 'unsupported-option', layer: 'a' });
  });

  const shapes = { q: [4, 3], v: [5, 3], m: [4], n: [5] };
  const steps = (...values: number[]): ReturnType<typeof sines> => ({
    shape: [1, values.length],
    values: Float32Array.from(values),
  });
  const answersOf = async (layer: Omit<Layer, 'name'>, version: string): Promise<number[]> => {
    const graph = graphOf(model(shapes, [{ name: 'a', ...layer }], 'a'), version);
    const inputs = [sines([1, 4, 3]), sines([1, 5, 3], 3), steps(1, 1, 0, 1), steps(0, 1, 1, 0, 1)];
    const [answer] = await runBoth(graph, inputs);
    return [...(answer?.values ?? [])];
  };

  it('takes masks that it is passed, of query and value or of the value alone', async () => {
    const inputs = [tensor('q'), tensor('v')];
    const answers = (mask: unknown[] | null): Promise<number[]> =>
      answersOf({ className: 'Attention', args: [], kwargs: { inputs, mask } }, '3.15.1');
    const [none, value, both] = [
      await answers(null),
      await answers([null, tensor('n')]),
      await answers([tensor('m'), tensor('n')]),
    ];
    expect(value[0]).not.toBeCloseTo(none[0] ?? NaN, 4);
    expect(both.slice(0, 6)).toEqual(value.slice(0, 6));
    expect(both.slice(6, 9).map(Math.abs)).toEqual([0, 0, 0]);
  });

  it('of several heads takes masks that it is passed, from Keras 3.8 on none of the query', async () => {
    const options = { num_heads: 2, key_dim: 2 };
    const named = { query: tensor('q'), value: tensor('v') };
    const answers = (version: string, masks: object): Promise<number[]> =>
      answersOf({ className: 'MultiHeadAttention', options, args: [], kwargs: { ...named, ...masks } }, version);
    const without = await answers('3.15.1', {});
    expect(await answers('3.15.1', { query_mask: tensor('m') })).toEqual(without);
    const masked = await answers('3.7.0', { query_mask: tensor('m') });
    expect(masked.slice(0, 6)).toEqual(without.slice(0, 6));
    expect(masked[6]).not.toBeCloseTo(without[6] ?? NaN, 4);
    for (const masks of [{ value_mask: tensor('n') }, { key_mask: tensor('n') }])
      expect((await answers('3.15.1', masks))[0]).not.toBeCloseTo(without[0] ?? NaN, 4);
  });

  it('is refused for calls and sizes that are not read', () => {
    const refusal = (layer: Omit<Layer, 'name'>, shapes: Record<string, number[]> = { q: [4, 3], v: [5, 3] }): object =>
      refusalOf(model(shapes, [{ name: 'attention', ...layer }], 'attention'), '3.15.1');
    const pair = [[tensor('q'), tensor('v')]];
    const heads = { className: 'MultiHeadAttention', options: { num_heads: 2, key_dim: 2 } };
    expect(refusal({ className: 'Attention', options: { score_mode: 'cosine' }, args: pair })).toMatchObject({
      code: 'invalid-config',
    });
    expect(refusal({ className: 'Attention', args: pair }, { q: [4, 3], v: [5, 2] })).toMatchObject({
      code: 'shape-mismatch',
      layer: 'attention',
    });
    expect(
      refusal({ ...heads, options: { num_heads: 0, key_dim: 2 }, args: [tensor('q'), tensor('v')] }),
    ).toMatchObject({
      code: 'invalid-config',
    });
    const fourAxes = { q: [2, 4, 3], v: [2, 4, 3] };
    const causal = { ...heads, args: [tensor('q'), tensor('v')], kwargs: { use_causal_mask: true } };
    expect(refusal(causal, fourAxes)).toMatchObject({ code: 'unsupported-option' });
    const mask = { ...heads, args: [tensor('q'), tensor('v')], kwargs: { value_mask: tensor('q') } };
    expect(refusal(mask)).toMatchObject({ code: 'unsupported-option' });
    const large = { q: [40_000, 1], v: [40_000, 1] };
    expect(refusal({ className: 'Attention', args: pair }, large)).toMatchObject({ code: 'too-large' });
  });
});
