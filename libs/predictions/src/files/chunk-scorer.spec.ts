import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ServingVersion } from '#models';
import { ChunkScorer } from './chunk-scorer.js';
import type { FilePlan } from './csv/file-plan.js';
import type { TypedChunk } from './thread/thread-messages.js';

const plan: FilePlan = {
  inputs: [{ name: 'age', title: 'Age', optional: false, numeric: true }],
  classes: [],
  numbers: ['value'],
  columns: [{ name: 'value', holds: 0 }],
  charset: undefined,
};

function chunkOf(number: number, count: number): TypedChunk {
  const columns = [Float64Array.from({ length: count }, (_, row) => row)];
  return {
    number,
    first: 0,
    count,
    bytes: 0,
    columns,
    subjects: undefined,
    faults: new Map([[1, 'glucose: must be a number']]),
  };
}

describe('rows of files', () => {
  it('are validated in between what else the process does, in their order', async () => {
    let rowsInTurn = 0;
    let most = 0;
    const serving = {
      read: (row: unknown) => {
        most = Math.max(most, (rowsInTurn += 1));
        const until = performance.now() + 1;
        while (performance.now() < until);
        return row;
      },
    } as unknown as ServingVersion;
    let done = false;
    const others = (async () => {
      while (!done) {
        await nextTurn();
        rowsInTurn = 0;
      }
    })();
    const ended: number[] = [];
    const scorers = [new ChunkScorer(serving, plan), new ChunkScorer(serving, plan)];
    await Promise.all(
      scorers.flatMap((scorer, file) =>
        [0, 1, 2].map(async (number) => {
          const { rows, places, faults } = await scorer.validate(chunkOf(number, 40 - number));
          expect(rows).toHaveLength(39 - number);
          expect(places.slice(0, 2)).toEqual([0, 2]);
          expect([...faults.keys()]).toEqual([1]);
          if (file === 0) ended.push(number);
        }),
      ),
    );
    done = true;
    await others;
    expect(ended).toEqual([0, 1, 2]);
    // Five rows of a millisecond each, twice where the turns of the two do not quite meet.
    expect(most).toBeLessThanOrEqual(10);
  });
});
