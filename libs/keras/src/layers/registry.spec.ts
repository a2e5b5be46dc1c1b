import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../../test/setup/keras-graph.js';
import { layerDefinitions } from './registry.js';

describe('the registry of layers', () => {
  it('knows every class name once', () => {
    const names = layerDefinitions.flatMap(({ classNames }) => classNames);
    expect(names.length).toBeGreaterThan(150);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each([
    ['as text', '{\n  "name": "mul",\n  "op": "Mul",\n  "input": ["x", "mul/y"]\n}'],
    ['as an object', { name: 'mul', op: 'Mul', input: ['x', 'mul/y'] }],
  ])('refuses an operation of TensorFlow 2.0 to 2.3 by its own name, %s', (_form, node) => {
    const layers = [
      { class_name: 'InputLayer', name: 'x', config: { name: 'x', batch_input_shape: [null, 3] }, inbound_nodes: [] },
      {
        class_name: 'TensorFlowOpLayer',
        name: 'tf_op_layer_mul',
        config: { name: 'mul', node_def: node, constants: { 1: 2 } },
        inbound_nodes: [[['x', 0, 0, {}]]],
      },
    ];
    const ends = { input_layers: [['x', 0, 0]], output_layers: [['tf_op_layer_mul', 0, 0]] };
    const model = { class_name: 'Model', config: { name: 'net', layers, ...ends } };
    const refusal = refusalOf(model, '2.3.0-tf');
    expect(refusal).toMatchObject({ code: 'unsupported-layer', layer: 'tf_op_layer_mul' });
    expect(refusal.message).toContain('tf.raw_ops.Mul');
  });
});
