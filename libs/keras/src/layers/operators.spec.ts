/** Functions of Keras 2 and 3 beyond the golden vectors: constants on either side, indexing, what would mix rows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, graphOf, refusalOf, runBoth, sines } from '../../../../test/setup/keras-graph.js';

const tensor = (name: string): object => ({ class_name: '__keras_tensor__', config: { keras_history: [name, 0, 0] } });
const x = tensor('x');

/** A Keras 3 model of one function of the input `x`. */
function applied(className: string, options: object, args: unknown[], shape: (number | null)[] = [4, 3]): object {
  return {
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [
        {
          class_name: 'InputLayer',
          name: 'x',
          config: { name: 'x', batch_shape: [null, ...shape] },
          inbound_nodes: [],
        },
        {
          class_name: className,
          module: 'keras.src.ops.numpy',
          name: 'f',
          config: { name: 'f', ...options },
          inbound_nodes: [{ args, kwargs: {} }],
        },
      ],
      input_layers: ['x', 0, 0],
      output_layers: ['f', 0, 0],
    },
  };
}

/** A Keras 2 model of one function of the input `x`. */
function appliedLambda(name: string, call: unknown[], className = 'TFOpLambda'): object {
  return {
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [
        {
          class_name: 'InputLayer',
          name: 'x',
          config: { name: 'x', batch_input_shape: [null, 4, 3] },
          inbound_nodes: [],
        },
        {
          class_name: className,
          name: 'f',
          config: { name: 'f', dtype: 'float32', function: name },
          inbound_nodes: [call],
        },
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['f', 0, 0]],
    },
  };
}

const k3 = '3.15.1';
const rows = sines([2, 4, 3]);
const mapped = (f: (value: number) => number): { shape: number[]; values: Float32Array } => ({
  shape: [2, 4, 3],
  values: rows.values.map(f),
});

describe('a constant', () => {
  it('stands on either side of a function of Keras 3', async () => {
    const array = { class_name: '__numpy__', config: { value: [1, 2, 3], dtype: 'float32' } };
    expectClose(await runBoth(graphOf(applied('Subtract', {}, [2, x]), k3), [rows]), [mapped((value) => 2 - value)]);
    expectClose(await runBoth(graphOf(applied('Power', {}, [x, 2]), k3), [rows]), [mapped((value) => value ** 2)]);
    const [sum] = await runBoth(graphOf(applied('Add', {}, [array, x]), k3), [rows]);
    expect(sum?.values[5]).toBeCloseTo((rows.values[5] ?? 0) + 3, 5);
  });

  it('stands on either side of a function of Keras 2', async () => {
    const left = appliedLambda('math.truediv', ['_CONSTANT_VALUE', -1, 1, { y: ['x', 0, 0], name: null }]);
    expectClose(await runBoth(graphOf(left), [rows]), [mapped((value) => 1 / value)], 1e-4);
    const right = appliedLambda('__operators__.add', ['x', 0, 0, { y: [1, 1, 1], name: null }]);
    expectClose(await runBoth(graphOf(right), [rows]), [mapped((value) => value + 1)]);
  });
});

describe('a function', () => {
  it('is told from a layer of its name where a file names no modules', async () => {
    const { config } = applied('Add', {}, [x, 1]) as { config: { layers: { module?: string }[] } };
    config.layers.forEach((layer) => delete layer.module);
    const graph = graphOf({ class_name: 'Functional', config }, k3);
    expectClose(await runBoth(graph, [rows]), [mapped((value) => value + 1)]);
  });

  it.each<[string, object, (row: number[], index: number) => number]>([
    ['math.not_equal', { y: 0 }, (row, index) => Number(row[index] !== 0)],
    ['math.divide_no_nan', { y: ['x', 0, 0] }, (row, index) => Number(row[index] !== 0)],
    ['math.expm1', {}, (row, index) => Math.expm1(row[index] ?? 0)],
    ['math.atan', {}, (row, index) => Math.atan(row[index] ?? 0)],
    ['math.round', {}, (row, index) => Math.round(row[index] ?? 0)],
    ['cast', { dtype: 'bool' }, (row, index) => Number(row[index] !== 0)],
    ['ones_like', {}, () => 1],
    ['math.logical_not', {}, (row, index) => Number(row[index] === 0)],
    ['math.logical_and', { y: ['x', 0, 0] }, (row, index) => Number(row[index] !== 0)],
    ['nn.bias_add', { bias: [1, 2, 3] }, (row, index) => (row[index] ?? 0) + (index % 3) + 1],
    ['math.cumsum', { axis: 2, reverse: true }, (row, index) =>
      row.slice(index, index - (index % 3) + 3).reduce((sum, value) => sum + value, 0)], // prettier-ignore
    ['ensure_shape', { shape: [null, 4, 3] }, (row, index) => row[index] ?? 0],
  ])('of TensorFlow is read: %s %j', async (name, keywords, expected) => {
    const values = Float32Array.from(rows.values, (value, index) => (index % 5 === 0 ? 0 : value));
    const row = (index: number): number[] => [...values].slice(index < 12 ? 0 : 12, index < 12 ? 12 : 24);
    expectClose(await runBoth(graphOf(appliedLambda(name, ['x', 0, 0, keywords])), [{ shape: [2, 4, 3], values }]), [
      { shape: [2, 4, 3], values: values.map((_, index) => expected(row(index), index % 12)) },
    ]);
  });

  it('of TensorFlow that takes a part of a row, or asks whether any of it holds, is read', async () => {
    const part = appliedLambda('slice', ['x', 0, 0, { begin: [0, 1, 1], size: [-1, 2, -1] }]);
    const taken = [4, 5, 7, 8, 16, 17, 19, 20].map((index) => rows.values[index] ?? 0);
    expectClose(await runBoth(graphOf(part), [rows]), [{ shape: [2, 2, 2], values: Float32Array.from(taken) }]);
    const beyond = appliedLambda('slice', ['x', 0, 0, { begin: [0, 3, 0], size: [-1, 2, -1] }]);
    expect(refusalOf(beyond)).toMatchObject({ code: 'shape-mismatch' });
    const any = appliedLambda('math.reduce_any', ['x', 0, 0, { axis: -1 }]);
    const masked = { shape: [1, 4, 3], values: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 2, 2) };
    expectClose(await runBoth(graphOf(any), [masked]), [{ shape: [1, 4], values: Float32Array.of(0, 1, 0, 1) }]);
    const flat = await runBoth(graphOf(appliedLambda('keras.backend.batch_flatten', ['x', 0, 0, {}])), [rows]);
    expectClose(flat, [{ ...rows, shape: [2, 12] }]);
  });

  it.each(['Average', 'Dot'])('is no layer of its name where a file names no modules: %s', (className) => {
    const { config } = applied(className, { axis: 1 }, [x]) as { config: { layers: { module?: string }[] } };
    config.layers.forEach((layer) => delete layer.module);
    const refusal = refusalOf({ class_name: 'Functional', config }, k3);
    expect(refusal).toMatchObject({ code: 'unsupported-layer', layer: 'f' });
    expect(refusal.message).toContain(`the function ${className}`);
  });

  it('that is an activation with options answers without a mask, unlike the layer of its name', async () => {
    const model = applied('ReLU', { negative_slope: 0.5, max_value: 0.4, threshold: 0.1 }, [x]) as {
      config: { layers: { module?: string; inbound_nodes: object[] }[]; output_layers: unknown };
    };
    const [input, f] = model.config.layers;
    if (!input || !f) throw new Error('the model has two layers');
    f.module = 'keras.src.activations.activations';
    const expected = mapped((value) => (value > 0.1 ? Math.min(value, 0.4) : 0.5 * (value - 0.1)));
    expectClose(await runBoth(graphOf(model, k3), [rows]), [expected]);

    const masking = { class_name: 'Masking', name: 'm', config: { name: 'm' }, inbound_nodes: f.inbound_nodes };
    f.inbound_nodes = [{ args: [tensor('m')], kwargs: {} }];
    const pool = {
      class_name: 'GlobalAveragePooling1D',
      name: 'pool',
      config: { name: 'pool' },
      inbound_nodes: [{ args: [tensor('f')], kwargs: {} }],
    };
    model.config.layers = [input, masking as never, f, pool as never];
    model.config.output_layers = ['pool', 0, 0];
    const gap = { shape: rows.shape, values: rows.values.map((value, index) => (index < 3 ? 0 : value)) };
    const [pooled] = await runBoth(graphOf(model, k3), [gap]);
    const relu = (value: number): number => (value > 0.1 ? Math.min(value, 0.4) : 0.5 * (value - 0.1));
    const mean = [0, 3, 6, 9].reduce((sum, index) => sum + relu(gap.values[index] ?? 0), 0) / 4;
    expect(pooled?.values[0]).toBeCloseTo(mean, 5);
  });

  it('indexes like Python, on both back ends', async () => {
    const bound = fc.option(fc.integer({ min: -5, max: 5 }));
    const slice = fc
      .record({ start: bound, stop: bound, step: fc.constantFrom(null, 1, 2, -1, -2) })
      .map((config) => ({ class_name: '__slice__', config }));
    const item = fc.oneof(slice, fc.integer({ min: -3, max: 2 }), fc.constant(null));
    const whole = { class_name: '__slice__', config: { start: null, stop: null, step: null } };
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 4 }), async (items) => {
        fc.pre(items.filter((given) => given !== null).length <= 2);
        const model = applied('GetItem', {}, [x, [whole, ...items]]);
        let graph;
        try {
          graph = graphOf(model, k3);
        } catch (error) {
          // Nothing is left of an axis.
          expect(error).toMatchObject({ code: 'shape-mismatch' });
          return;
        }
        const [answer] = await runBoth(graph, [rows]);
        expect(answer?.shape).toEqual([2, ...(graph.outputs[0]?.tensor.shape.slice(1) ?? [])]);
      }),
      { seed: 8, numRuns: 80 },
    );
  });

  it('indexes backwards and picks the last', async () => {
    const model = appliedLambda(
      '__operators__.getitem',
      ['x', 0, 0, { slice_spec: [{ start: null, stop: null, step: null }, -1, { start: null, stop: null, step: -1 }] }],
      'SlicingOpLambda',
    );
    const last = [11, 10, 9, 23, 22, 21].map((index) => rows.values[index] ?? 0);
    expectClose(await runBoth(graphOf(model), [rows]), [{ shape: [2, 3], values: Float32Array.from(last) }]);
  });

  it('compares and chooses, also by what a comparison answered', async () => {
    expectClose(await runBoth(graphOf(applied('GreaterEqual', {}, [x, 0.25]), k3), [rows]), [
      mapped((value) => (value >= 0.25 ? 1 : 0)),
    ]);
    const chosen = appliedLambda('where', ['x', 0, 0, { x: 2, y: ['x', 0, 0], name: null }]);
    const gaps = { shape: rows.shape, values: rows.values.map((value, index) => (index % 3 === 0 ? 0 : value)) };
    expectClose(await runBoth(graphOf(chosen), [gaps]), [
      { shape: [2, 4, 3], values: gaps.values.map((value) => (value === 0 ? 0 : 2)) },
    ]);
  });

  const whole = { start: null, stop: null, step: null };
  it.each([
    ['Mean', { axis: null }, [x]],
    ['Mean', { axis: 0 }, [x]],
    ['Softmax', { axis: null }, [x]],
    ['Reshape', { newshape: [-1, 3] }, [x]],
    ['Reshape', { newshape: [4, -1] }, [x]],
    ['Transpose', { axes: [1, 0, 2] }, [x]],
    ['Transpose', { axes: null }, [x]],
    ['ExpandDims', { axis: 0 }, [x]],
    ['Squeeze', { axis: null }, [x]],
    ['Flip', { axis: null }, [x]],
    ['Concatenate', { axis: 0 }, [[x, x]]],
    ['Stack', { axis: 0 }, [[x, x]]],
    ['GetItem', {}, [x, 0]],
    ['GetItem', {}, [x, [{ class_name: '__slice__', config: { ...whole, start: 1 } }]]],
    ['Add', {}, [x, { class_name: '__numpy__', config: { value: [[[1]], [[2]]] } }]],
    ['Matmul', {}, [{ class_name: '__numpy__', config: { value: [[[1, 2, 3, 4]]] } }, x]],
    ['Split', { indices_or_sections: 2, axis: 0 }, [x]],
  ])('that would mix rows is refused: %s %j', (className, options, args) => {
    expect(refusalOf(applied(className, options, args), k3)).toMatchObject({ code: 'unsupported-option', layer: 'f' });
  });

  it('that is not read is refused by its name', () => {
    expect(refusalOf(applied('Einsum', { subscripts: 'abc->ab' }, [x]), k3)).toMatchObject({
      code: 'unsupported-layer',
      layer: 'f',
    });
    const refusal = refusalOf(appliedLambda('linalg.inv', ['x', 0, 0, {}]));
    expect(refusal.code).toBe('unsupported-layer');
    expect(refusal.message).toContain('linalg.inv');
  });

  it('that makes other numbers than float32 is refused', () => {
    expect(refusalOf(applied('Cast', { dtype: 'int32' }, [x]), k3)).toMatchObject({ code: 'unsupported-dtype' });
    const cast = appliedLambda('cast', ['x', 0, 0, { dtype: 'float16' }]);
    expect(refusalOf(cast)).toMatchObject({ code: 'unsupported-dtype' });
  });
});
