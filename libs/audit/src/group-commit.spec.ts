import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GroupCommit } from './group-commit.js';

it('tells an entry that it is committed only after its flush has returned', async () => {
  const written: number[] = [];
  const commit = new GroupCommit<number>({
    capacity: 10,
    batchSize: 10,
    flush: async (entries) => {
      await sleep(5);
      written.push(...entries);
    },
  });
  await commit.append(1);
  expect(written).toEqual([1]);
});

it('flushes together what gathers while a flush is under way', async () => {
  const batches: number[] = [];
  const commit = new GroupCommit<number>({
    capacity: 100,
    batchSize: 100,
    flush: async (entries) => {
      batches.push(entries.length);
      await sleep(5);
    },
  });
  const first = commit.append(0);
  await sleep(2);
  await Promise.all([first, ...Array.from({ length: 20 }, (_, entry) => commit.append(entry))]);
  expect(batches).toEqual([1, 20]);
});

it('rejects just the entries of the flush that failed, and goes on', async () => {
  let fail = true;
  const commit = new GroupCommit<number>({
    capacity: 10,
    batchSize: 1,
    flush: () => (fail ? Promise.reject(new Error('disk')) : Promise.resolve()),
  });
  await expect(commit.append(1)).rejects.toThrow('disk');
  fail = false;
  await expect(commit.append(2)).resolves.toBeUndefined();
});

it('refuses at once past its capacity', async () => {
  const commit = new GroupCommit<number>({ capacity: 2, batchSize: 10, flush: () => sleep(5) });
  const accepted = [commit.append(1), commit.append(2)];
  await expect(commit.append(3)).rejects.toMatchObject({ kind: { code: 'RECORD_OVERLOADED', status: 503 } });
  await Promise.all(accepted);
});

it('writes every entry once and in order, whatever the timing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (pauses, batchSize) => {
        const written: number[] = [];
        const commit = new GroupCommit<number>({
          capacity: 100,
          batchSize,
          flush: async (entries) => {
            await sleep(0);
            written.push(...entries);
          },
        });
        const appended: Promise<void>[] = [];
        for (const [entry, pause] of pauses.entries()) {
          appended.push(commit.append(entry));
          if (pause) await sleep(0);
        }
        await Promise.all(appended);
        await commit.drain();
        expect(written).toEqual(pauses.map((_, entry) => entry));
      },
    ),
    { numRuns: 30 },
  );
});
