import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultList } from './fault-sink.js';
import { compileFeatures } from './feature-pipeline.js';
import {
  batchOf,
  isRecordedTensorRow,
  readRecordedTensorRow,
  recordedTensorRow,
  TensorRow,
  tensorRowsOf,
} from './tensor-row.js';

const inputs = [
  { name: 'signs', shape: [2, 2] },
  { name: 'age', shape: [1] },
];
const float = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('a row of tensors', () => {
  it('reads from its record with the same bits', () => {
    fc.assert(
      fc.property(fc.array(float, { minLength: 4, maxLength: 4 }), float, (signs, age) => {
        const row = new TensorRow([Float32Array.from(signs), Float32Array.of(age)]);
        const recorded: unknown = JSON.parse(recordedTensorRow(row, inputs));
        if (!isRecordedTensorRow(recorded)) throw new Error('it is not told from other rows');
        const read = readRecordedTensorRow(recorded, inputs, '/rows/0', new FaultList());
        read!.values.forEach((tensor, input) =>
          tensor.forEach((value, index) => expect(value).toBe(row.values[input]![index])),
        );
      }),
    );
  });

  it.each<[string, unknown[]]>([
    ['none', []],
    [
      'those of another model',
      [
        { name: 'other', data: [1, 2, 3, 4] },
        { name: 'age', data: [1] },
      ],
    ],
    [
      'fewer values',
      [
        { name: 'signs', data: [1, 2, 3] },
        { name: 'age', data: [1] },
      ],
    ],
    [
      'texts',
      [
        { name: 'signs', data: ['1', 2, 3, 4] },
        { name: 'age', data: [1] },
      ],
    ],
    ['nothing in them', [null, { name: 'age', data: [1] }]],
  ])('is refused where its record has %s', (_, tensors) => {
    const faults = new FaultList();
    expect(readRecordedTensorRow({ tensors }, inputs, '/rows/3', faults)).toBeUndefined();
    expect(faults.list).toEqual([{ pointer: '/rows/3/tensors', detail: 'are not the tensors that the engine takes' }]);
  });

  it('is not taken for a row of an input that is called tensors', () => {
    expect([{ tensors: 1 }, { observations: [] }, null, [1]].map(isRecordedTensorRow)).toEqual(Array(4).fill(false));
  });

  it('takes its place among rows that go through the pipeline', () => {
    const features = compileFeatures({
      inputs: ['a', 'b'].map((name) => ({ name, title: name, type: 'number' })),
      features: [{ standardize: { columns: { a: { mean: 1, deviation: 2 } } } }],
    });
    const [first, second] = tensorRowsOf([Float32Array.of(10, 20, 30, 40)], 2) as [TensorRow, TensorRow];
    const batch = batchOf([first, { a: 3, b: 4 }, second, { a: 5, b: 6 }], features);
    expect(batch.rows).toBe(4);
    expect([...batch.tensors[0]!.values]).toEqual([10, 20, 1, 4, 30, 40, 2, 6]);
    expect(batchOf([second], features).tensors[0]!.values).toEqual(Float32Array.of(30, 40));
  });
});
