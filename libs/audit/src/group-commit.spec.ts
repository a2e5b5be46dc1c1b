import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GroupCommit, type GroupCommitOptions } from './group-commit.js';

function groupCommit({
  capacity,
  batchSize,
  ...options
}: Pick<GroupCommitOptions<number>, 'flush'> &
  Partial<Omit<GroupCommitOptions<number>, 'capacity'>> & {
    capacity: number;
    batchSize: number;
  }): GroupCommit<number> {
  return new GroupCommit<number>({
    weightOf: () => 1,
    patienceMs: 60_000,
    ...options,
    capacity: { count: capacity, weight: 1_000_000 },
    batch: { count: batchSize, weight: 1_000_000 },
  });
}

it('tells an entry that it is committed only after its flush has returned', async () => {
  const written: number[] = [];
  const commit = groupCommit({
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
  const commit = groupCommit({
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
  const commit = groupCommit({
    capacity: 10,
    batchSize: 1,
    flush: () => (fail ? Promise.reject(new Error('disk')) : Promise.resolve()),
  });
  await expect(commit.append(1)).rejects.toThrow('disk');
  fail = false;
  await expect(commit.append(2)).resolves.toBe(true);
});

it('refuses at once past its capacity', async () => {
  const commit = groupCommit({ capacity: 2, batchSize: 10, flush: () => sleep(5) });
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
        const commit = groupCommit({
          capacity: 100,
          batchSize,
          flush: async (entries) => {
            await sleep(0);
            written.push(...entries);
          },
        });
        const appended: Promise<boolean>[] = [];
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

it('refuses what would weigh too much, but for an entry that comes alone', async () => {
  const batches: number[][] = [];
  const commit = new GroupCommit<number>({
    weightOf: (entry) => entry,
    patienceMs: 60_000,
    capacity: { count: 100, weight: 10 },
    batch: { count: 100, weight: 6 },
    flush: async (entries) => {
      batches.push([...entries]);
      await sleep(5);
    },
  });
  const accepted = [commit.append(4), commit.append(3), commit.append(3)];
  await expect(commit.append(1)).rejects.toMatchObject({ kind: { code: 'RECORD_OVERLOADED' } });
  await Promise.all(accepted);
  await commit.append(20);
  expect(batches).toEqual([[4], [3, 3], [20]]);
});

it('refuses in time who waits for a flush that does not end, gives it up, and goes on', async () => {
  let stuck = true;
  let giveUp: (error: Error) => void = () => undefined;
  const written: number[] = [];
  const commit = groupCommit({
    capacity: 10,
    batchSize: 1,
    patienceMs: 150,
    onStuck: () => giveUp(new Error('given up')),
    flush: async (entries) => {
      if (stuck) await new Promise((_, reject) => (giveUp = reject));
      written.push(...entries);
    },
  });
  const refusals = await Promise.allSettled([commit.append(1), commit.append(2)]);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ status: 'rejected', reason: { kind: { code: 'RECORD_OVERLOADED', status: 503 } } });
  stuck = false;
  await expect.poll(() => commit.depth).toBe(0);
  await commit.append(3);
  expect(written).toEqual([3]);
});

it('tells an entry that it was not to be written', async () => {
  const commit = groupCommit({
    capacity: 10,
    batchSize: 10,
    flush: (entries) => Promise.resolve(new Set(entries.filter((entry) => entry % 2))),
  });
  expect(await Promise.all([commit.append(1), commit.append(2)])).toEqual([false, true]);
});
