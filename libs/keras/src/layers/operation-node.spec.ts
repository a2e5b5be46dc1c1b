/** Operations of TensorFlow 2.0 to 2.3 by their nodes, against the functions that later versions write for the same. */
import { describe, expect, it } from 'vitest';
import { expectClose, graphOf, refusalOf, runBoth, savedInput, sines } from '../../../../test/setup/keras-graph.js';

/** A model of one layer of the inputs `x` and `y`, `[batch, 4, 3]`. */
function modelOf(layer: object, call: unknown, outputs = 1): object {
  return {
    class_name: 'Model',
    config: {
      name: 'net',
      layers: [
        { ...savedInput('x', 4, 3), name: 'x', inbound_nodes: [] },
        { ...savedInput('y', 4, 3), name: 'y', inbound_nodes: [] },
        { ...layer, name: 'f', inbound_nodes: [call] },
      ],
      input_layers: [['x', 0, 0], ['y', 0, 0]], // prettier-ignore
      output_layers: Array.from({ length: outputs }, (_, output) => ['f', 0, output]),
    },
  };
}

interface Node {
  readonly op: string;
  readonly tensors: readonly string[];
  readonly constants?: Readonly<Record<number, unknown>>;
  readonly attr?: object;
}

function operation({ op, tensors, constants = {}, attr = {} }: Node, outputs = 1, asText = false): object {
  const count = tensors.length + Object.keys(constants).length;
  const input = Array.from({ length: count }, (_, place) => `input_${place}`);
  const node = { name: 'f', op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } };
  const config = { name: 'f', trainable: true, node_def: asText ? JSON.stringify(node) : node, constants };
  const calls = tensors.map((name) => [name, 0, 0, {}]);
  return modelOf({ class_name: 'TensorFlowOpLayer', config }, calls, outputs);
}

function lambda(name: string, call: unknown, outputs = 1): object {
  const className = name.endsWith('getitem') ? 'SlicingOpLambda' : 'TFOpLambda';
  return modelOf({ class_name: className, config: { name: 'f', function: name } }, call, outputs);
}

const inputs = [sines([2, 4, 3]), sines([2, 4, 3], 4)];

async function expectSame(node: object, called: object): Promise<void> {
  expectClose(await runBoth(graphOf(node, '2.2.4-tf'), inputs), await runBoth(graphOf(called), inputs));
}

describe('TensorFlowOpLayer', () => {
  it.each([false, true])('reads its node, as a text: %s', async (asText) => {
    const node = { op: 'AddV2', tensors: ['x', 'y'] };
    await expectSame(operation(node, 1, asText), lambda('math.add', ['x', 0, 0, { y: ['y', 0, 0] }]));
  });

  it('puts constants in their places', async () => {
    const rest = operation({ op: 'Sub', tensors: ['x'], constants: { 0: 2 } });
    await expectSame(rest, lambda('math.subtract', ['_CONSTANT_VALUE', -1, 2, { y: ['x', 0, 0] }]));
    const infinite = operation({ op: 'Minimum', tensors: ['x'], constants: { 1: Infinity } });
    await expectSame(infinite, lambda('identity', ['x', 0, 0, {}]));
  });

  it('reads axes from constants and options from attributes', async () => {
    const mean = operation({ op: 'Mean', tensors: ['x'], constants: { 1: [1] }, attr: { keep_dims: { b: true } } });
    await expectSame(mean, lambda('math.reduce_mean', ['x', 0, 0, { axis: [1], keepdims: true }]));
    const squeezed = { squeeze_dims: { list: { i: ['1'] } } };
    const refusal = refusalOf(operation({ op: 'Squeeze', tensors: ['x'], attr: squeezed }));
    expect(refusal.code).toBe('shape-mismatch');
    const product = operation({ op: 'BatchMatMulV2', tensors: ['x', 'y'], attr: { adj_y: { b: true } } });
    await expectSame(product, lambda('linalg.matmul', ['x', 0, 0, { b: ['y', 0, 0], transpose_b: true }]));
    const joined = operation({ op: 'ConcatV2', tensors: ['x', 'y'], constants: { 2: -1 }, attr: { N: { i: '2' } } });
    await expectSame(joined, lambda('concat', [['x', 0, 0, { axis: -1 }], ['y', 0, 0, { axis: -1 }]])); // prettier-ignore
  });

  it('reads the masks of a slice', async () => {
    // x[:, -1, None, ..., ::2]
    const slice = operation({
      op: 'StridedSlice',
      tensors: ['x'],
      constants: { 1: [0, -1, 0, 0, 0], 2: [0, 0, 0, 0, 0], 3: [1, 1, 1, 1, 2] },
      attr: {
        begin_mask: { i: '17' },
        end_mask: { i: '17' },
        shrink_axis_mask: { i: '2' },
        new_axis_mask: { i: '4' },
        ellipsis_mask: { i: '8' },
      },
    });
    const whole = { start: null, stop: null, step: null };
    const spec = [whole, -1, null, { class_name: '__ellipsis__' }, { ...whole, step: 2 }];
    await expectSame(slice, lambda('__operators__.getitem', ['x', 0, 0, { slice_spec: spec }]));
  });

  it('has several outputs', async () => {
    const split = operation({ op: 'Split', tensors: ['x'], constants: { 0: 2 }, attr: { num_split: { i: '3' } } }, 3);
    await expectSame(split, lambda('split', ['x', 0, 0, { num_or_size_splits: 3, axis: 2 }], 3));
  });

  it('is refused where it is not read, where it computes integers, and where its inputs do not add up', () => {
    const unread = refusalOf(operation({ op: 'Einsum', tensors: ['x', 'y'] }));
    expect(unread).toMatchObject({ code: 'unsupported-layer', layer: 'f' });
    expect(unread.message).toContain('tf.raw_ops.Einsum');
    const integers = { T: { type: 'DT_INT32' } };
    expect(refusalOf(operation({ op: 'Mul', tensors: ['x', 'y'], attr: integers })).code).toBe('unsupported-dtype');
    const cast = operation({ op: 'Cast', tensors: ['x'], attr: { DstT: { type: 'DT_INT32' } } });
    expect(refusalOf(cast).code).toBe('unsupported-dtype');
    const lacking = modelOf(
      { class_name: 'TensorFlowOpLayer', config: { name: 'f', node_def: { op: 'Mul', input: ['a', 'b'] } } },
      [['x', 0, 0, {}]],
    );
    expect(refusalOf(lacking).code).toBe('invalid-config');
  });
});
