/** A short run of the fuzzer, so that it works when it is needed; `node test/fuzz/fuzz-import.mjs` runs 10,000 cases. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('damaged files end in a model or in a coded refusal', { timeout: 120_000 }, async () => {
  const script = join(import.meta.dirname, 'fuzz-import.mjs');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, '250', '3']);
  expect(stderr).toBe('');
  expect(stdout).toContain('250 files of seed 3: 0 faults');
  expect(stdout).toMatch(/json: imported/);
  expect(stdout).toMatch(/bytes: truncated/);
});
