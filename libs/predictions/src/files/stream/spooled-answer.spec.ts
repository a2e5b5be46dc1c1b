import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MEMORY_BYTES, SpooledAnswer, SpoolFullError } from './spooled-answer.js';

const folder = mkdtempSync(join(tmpdir(), 'latido-spool-'));
afterAll(() => rmSync(folder, { recursive: true }));

function filled(size: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 31 + seed) % 251));
}

/** Files of the folder that the process has open; they have no name any more. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return []; // closed meanwhile
    }
  });
}

describe('a spooled answer', () => {
  it('is read as it was written, whoever is faster, round and round its file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 20 }),
        fc.nat({ max: 20 }),
        async (sizes, lag) => {
          const answer = new SpooledAnswer({ folder, mostBytes: 900_000 });
          let read: Promise<Buffer> | undefined;
          const written: Buffer[] = [];
          for (const [index, size] of sizes.entries()) {
            const bytes = filled(size, index);
            written.push(bytes);
            // Whoever begins to read late finds what was written by then, up to the bound.
            if (index >= lag || written.reduce((sum, { length }) => sum + length, 0) > 850_000) read ??= buffer(answer);
            await answer.write(bytes);
            await turn();
          }
          answer.finish();
          expect((await (read ?? buffer(answer))).equals(Buffer.concat(written))).toBe(true);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('leaves no file behind that has a name', async () => {
    const answer = new SpooledAnswer({ folder, mostBytes: 4 * MEMORY_BYTES });
    for (let part = 0; part < 3; part += 1) await answer.write(filled(MEMORY_BYTES, part));
    expect(answer.waitingBytes).toBe(3 * MEMORY_BYTES);
    expect(readdirSync(folder)).toEqual([]);
    answer.destroy();
  });

  it('gives up when it is full and nobody reads', async () => {
    const answer = new SpooledAnswer({ folder, mostBytes: MEMORY_BYTES, stalledMs: 50 });
    await answer.write(filled(MEMORY_BYTES, 0));
    await answer.write(filled(MEMORY_BYTES, 1));
    await expect(answer.write(filled(10, 2))).rejects.toThrow(SpoolFullError);
    answer.destroy();
  });

  it.skipIf(process.platform !== 'linux')('leaves no file open, whenever its reader goes', async () => {
    await expect.poll(openFiles).toEqual([]);
    for (let turns = 0; turns < 30; turns += 1) {
      const answer = new SpooledAnswer({ folder, mostBytes: 4 * MEMORY_BYTES });
      await answer.write(filled(MEMORY_BYTES, 0));
      const writing = answer.write(filled(10, 1)).catch((error: unknown) => error);
      for (let turned = 0; turned < turns; turned += 1) await turn();
      answer.destroy();
      await writing;
    }
    await expect.poll(openFiles).toEqual([]);
  });

  it('refuses more where its reader is gone', async () => {
    const answer = new SpooledAnswer({ folder, mostBytes: MEMORY_BYTES });
    answer.on('error', () => undefined);
    answer.destroy(new Error('closed'));
    await expect(answer.write(filled(10, 0))).rejects.toThrow('closed');
  });
});
