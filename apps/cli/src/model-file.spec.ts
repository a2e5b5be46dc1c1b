import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultImportLimits } from '#keras';
import { afterAll, describe, expect, it } from 'vitest';
import { CommandError } from './command.js';
import { readModelFile } from './model-file.js';

const folder = mkdtempSync(join(tmpdir(), 'latido-model-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file named on the command line', () => {
  const refusal = async (path: string): Promise<string> => {
    const error: unknown = await readModelFile(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CommandError);
    return (error as CommandError).message;
  };

  it('is read whole', async () => {
    const path = join(folder, 'small.h5');
    writeFileSync(path, 'bytes');
    expect(String(await readModelFile(path))).toBe('bytes');
  });

  it('is refused in a sentence where it is missing, a folder, a device or a pipe that nobody writes to', async () => {
    expect(await refusal(join(folder, 'none.h5'))).toMatch(/^There is no file .*none\.h5\.$/);
    expect(await refusal(folder)).toMatch(/is a folder, not a file\.$/);
    expect(await refusal('/dev/zero')).toBe('/dev/zero is not a file.');
    const pipe = join(folder, 'pipe.keras');
    execFileSync('mkfifo', [pipe]);
    expect(await refusal(pipe)).toMatch(/is not a file\.$/);
  });

  it('is refused by its size before a byte of it is read', async () => {
    const path = join(folder, 'huge.keras');
    writeFileSync(path, '');
    // Sparse: it takes no room on the disk.
    truncateSync(path, defaultImportLimits.maxFileBytes + 1);
    expect(await refusal(path)).toMatch(/^huge\.keras has 268435457 bytes, at most 268435456 are read\.$/);
  });
});
