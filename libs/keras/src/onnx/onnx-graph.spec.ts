import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { OnnxGraph, type OnnxScan } from './onnx-graph.js';
import { encodeOnnxModel, tensorType } from './onnx-schema.js';

/** Runs a Scan over `[1, time, 1]`; answers its last state and its outputs. */
async function runScan(loop: Omit<OnnxScan, 'sequences' | 'states'>, values: number[]): Promise<[number[], number[]]> {
  const graph = new OnnxGraph();
  const input = graph.unique('x');
  const scope = graph.scope('sum');
  const { states, outputs } = scope.scan({
    ...loop,
    states: [scope.floats([0], [1, 1])],
    sequences: [{ value: input, type: 'float' }],
  });
  const port = (name: string, rank: number) => ({
    name,
    type: {
      tensorType: {
        elemType: tensorType.float,
        shape: { dim: Array.from({ length: rank }, (_, axis) => ({ dimParam: `${name}_${axis}` })) },
      },
    },
  });
  const names = [graph.rename(states[0] as string, 'state'), graph.rename(outputs[0] as string, 'outputs')];
  const bytes = encodeOnnxModel({
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'scan',
      node: graph.nodes,
      initializer: graph.initializers,
      input: [port(input, 3)],
      output: [port('state', 2), port('outputs', 3)],
    },
  });
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const answer = await session.run({ x: new Tensor('float32', values, [1, values.length, 1]) });
  await session.release();
  return names.map((name) => Array.from(answer[name]?.data as Float32Array)) as [number[], number[]];
}

describe('a Scan', () => {
  const body: OnnxScan['body'] = (scope, [sum = ''], [x = '']) => {
    const next = scope.op('Add', [sum, x]);
    return { states: [next], outputs: [next] };
  };

  it('hands a state from step to step and stacks the outputs', async () => {
    expect(await runScan({ reverse: false, body }, [1, 2, 3])).toEqual([[6], [1, 3, 6]]);
  });

  it('goes from the last step to the first, its outputs in the order of their making', async () => {
    expect(await runScan({ reverse: true, body }, [1, 2, 3])).toEqual([[6], [3, 5, 6]]);
  });

  it('reads constants and may answer a state or a step as it came', async () => {
    const twice: OnnxScan['body'] = (scope, [state = ''], [x = '']) => ({
      states: [state],
      outputs: [scope.op('Mul', [x, scope.scalar(2)])],
    });
    expect(await runScan({ reverse: false, body: twice }, [1, 2])).toEqual([[0], [2, 4]]);
  });
});
