/**
 * Every kind of hostile file is refused with its code in little time and memory. `HOSTILE_TABLE=1` gives each a process of
 * its own and prints what it took; without, several share one, which bounds the memory of each as well.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { hostileFiles, type HostileFile } from './hostile-files.js';

/** What is promised of one file, and how much later a busy machine may be. */
const promisedMs = 2_000;
const patience = 5;
const promisedMegabytes = 300;

interface Ending {
  readonly code: string;
  readonly message: string;
  readonly milliseconds: number;
  readonly megabytes: number;
}

const table = process.env.HOSTILE_TABLE !== undefined;
const folder = mkdtempSync(join(tmpdir(), 'latido-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function endingsOf(files: readonly HostileFile[]): Promise<Ending[]> {
  const paths = files.map(({ name, bytes }) => {
    const path = join(folder, name.replace(/\W+/g, '-'));
    writeFileSync(path, bytes());
    return path;
  });
  const script = join(import.meta.dirname, 'import-files.mjs');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...paths]);
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Ending);
}

const size = table ? 1 : 10;
const groups = Array.from({ length: Math.ceil(hostileFiles.length / size) }, (_, index) =>
  hostileFiles.slice(index * size, (index + 1) * size),
).map((files) => ({ names: files.map(({ name }) => name).join(', '), files }));

describe('hostile files are refused in little time and memory', () => {
  it.each(groups)('$names', { timeout: 120_000 }, async ({ files }) => {
    const endings = await endingsOf(files);
    expect(endings).toHaveLength(files.length);
    endings.forEach(({ code, message, milliseconds, megabytes }, index) => {
      const { name, codes } = files[index] as HostileFile;
      if (table) console.log(`${name.padEnd(45)} ${code.padEnd(20)} ${milliseconds} ms, ${megabytes} MB: ${message}`);
      expect(codes, `${name}: ${message}`).toContain(code);
      expect(megabytes, name).toBeLessThan(promisedMegabytes);
      expect(milliseconds, name).toBeLessThan(promisedMs * patience);
    });
  });
});
