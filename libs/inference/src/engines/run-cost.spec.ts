import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { attributeOf, graphOf, modelOf, nodeOf, onnxType, portOf } from '../../../../test/setup/onnx-model.js';
import type { TensorBatch } from '../tensor-batch.js';
import { openOnnxKernel } from './onnx-kernel.js';
import { varintField } from './protobuf-wire.js';
import { expectedMs, InlineRuns, LearntCost, measureCost, mostRowsWithin, type RunCost } from './run-cost.js';

const { float32, int64 } = onnxType;

async function costOf(...graph: Uint8Array[]): Promise<RunCost> {
  const kernel = await openOnnxKernel(ort, modelOf(graphOf(...graph)));
  const cost = await measureCost(kernel);
  await kernel.dispose();
  return cost;
}

const batchOf = (rows: number): TensorBatch => ({
  rows,
  tensors: [{ shape: [2], values: new Float32Array(rows * 2) }],
});

describe('the cost of a run', () => {
  it('grows with the values of the batch', async () => {
    const cost = await costOf(
      nodeOf('Softmax', ['x'], ['y']),
      portOf(11, 'x', float32, [null, 2]),
      portOf(12, 'y', float32, [null, 2]),
    );
    expect(cost.fixedMs).toBeGreaterThanOrEqual(0);
    expect(cost.msPerValue).toBeGreaterThan(0);
    expect(expectedMs({ fixedMs: 0.25, msPerValue: 0.125 }, batchOf(3))).toBe(1);
  });

  it('is measured where an axis takes any size', async () => {
    const cost = await costOf(
      nodeOf('ReduceSum', ['x'], ['y']),
      portOf(11, 'x', float32, [null, null, 3]),
      portOf(12, 'y', float32, [null, 1, 1]),
    );
    expect(cost.fixedMs).toBeLessThan(Infinity);
  });

  it('is beyond all bounds for a model that computes no batch', async () => {
    // It takes one row at a time and says so.
    const cost = await costOf(
      nodeOf('Cast', ['x'], ['y'], attributeOf('to', 2, varintField(3, float32))),
      portOf(11, 'x', int64, [1, 2]),
      portOf(12, 'y', float32, [1, 2]),
    );
    expect(cost).toEqual({ fixedMs: Infinity, msPerValue: 0 });
    expect(expectedMs(cost, batchOf(1))).toBe(Infinity);
  });
});

it('tells how many rows run in a given time', () => {
  expect(mostRowsWithin(0.25, { fixedMs: 0.05, msPerValue: 0.01 }, 6)).toBe(3);
  expect(mostRowsWithin(0.25, { fixedMs: 0.3, msPerValue: 0 }, 6)).toBe(0);
  expect(mostRowsWithin(0.25, { fixedMs: 0.2, msPerValue: 0 }, 6)).toBe(Infinity);
  expect(mostRowsWithin(0.25, { fixedMs: Infinity, msPerValue: 0 }, 6)).toBe(0);
});

describe('runs in the own thread', () => {
  it('would block by themselves from 2 ms on, and together from 4 ms on, until they have ended', async () => {
    const inline = new InlineRuns();
    expect([1.9, 2.1, Infinity].map((ms) => inline.wouldBlock(ms))).toEqual([false, true, true]);
    let end: (value: string) => void = () => undefined;
    const first = inline.track(1.5, () => new Promise<string>((resolve) => (end = resolve)));
    const second = inline.track(1.5, () => Promise.reject(new Error('no answer')));
    expect([0.9, 1.1].map((ms) => inline.wouldBlock(ms))).toEqual([false, true]);
    await expect(second).rejects.toThrow('no answer');
    expect(inline.wouldBlock(1.9)).toBe(false);
    end('answer');
    await expect(first).resolves.toBe('answer');
  });
});

describe('what runs teach', () => {
  const batch: TensorBatch = { rows: 1, tensors: [{ shape: [10], values: new Float32Array(10) }] };
  const learnt = (): LearntCost => new LearntCost({ fixedMs: 1, msPerValue: 0.1 });

  it('changes what is expected when all of many agree, by no more than all of them allow', () => {
    const cost = learnt();
    for (let run = 0; run < 16; run += 1) cost.learn(batch, run === 3 ? 0.5 : 0.02);
    expect(expectedMs(cost, batch)).toBeCloseTo(0.5);
    for (let run = 0; run < 16; run += 1) cost.learn(batch, 4);
    expect(expectedMs(cost, batch)).toBeCloseTo(4);
  });

  it('does not where one was as long as expected', () => {
    const cost = learnt();
    for (let run = 0; run < 160; run += 1) cost.learn(batch, run % 16 === 5 ? 2 : 0.02);
    expect(expectedMs(cost, batch)).toBeCloseTo(2);
  });

  it('is nothing for a model that computes none of the rows that were tried', () => {
    const cost = new LearntCost({ fixedMs: Infinity, msPerValue: 0 });
    for (let run = 0; run < 32; run += 1) cost.learn(batch, 1);
    expect(cost.fixedMs).toBe(Infinity);
  });
});
