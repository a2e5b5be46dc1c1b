import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataFolder } from '#platform';
import { LegacyLogFile } from './legacy-log-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latido-log-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const logFile = (largestBytes?: number): LegacyLogFile =>
  new LegacyLogFile(new DataFolder(folder), 'shock/app.log', largestBytes);
const text = (name = 'app.log'): string => readFileSync(join(folder, 'legacy/shock', name), 'utf8');

it('keeps lines whole and in the order in which they were given', async () => {
  const file = logFile();
  const lines = Array.from({ length: 100 }, (_, line) => `${line} ${'x'.repeat(line)}\n`);
  await Promise.all(lines.map((line) => file.append(line)));
  expect(text()).toBe(lines.join(''));
});

it('is for its owner alone', async () => {
  await logFile().append('a\n');
  expect(statSync(join(folder, 'legacy/shock/app.log')).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'legacy/shock')).mode & 0o777).toBe(0o700);
});

it('is moved aside before it grows past its bound', async () => {
  const file = logFile(11);
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) await file.append(line);
  expect([text('app.log.1'), text()]).toEqual(['one\ntwo\n', 'three\nfour\n']);
});

it('begins anew when it was moved away by somebody else', async () => {
  const file = logFile();
  await file.append('a\n');
  rmSync(join(folder, 'legacy/shock'), { recursive: true });
  await file.append('b\n');
  expect(text()).toBe('b\n');
});

it('tells whoever wrote a line that could not be written, and goes on afterwards', async () => {
  writeFileSync(join(folder, 'legacy'), 'in the way');
  const file = logFile();
  await expect(file.append('a\n')).rejects.toThrow();
  rmSync(join(folder, 'legacy'));
  await file.append('b\n');
  expect(text()).toBe('b\n');
});
