import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transpile, ModuleKind, ScriptTarget } from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

const logFile = (largestBytes?: number, header?: string): LegacyLogFile =>
  new LegacyLogFile(new DataFolder(folder), 'shock/app.log', {
    ...(largestBytes !== undefined && { largestBytes }),
    ...(header !== undefined && { header }),
  });
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

it('is closed to others where it was open to them', async () => {
  await logFile().append('a\n');
  chmodSync(join(folder, 'legacy/shock/app.log'), 0o644);
  await logFile().append('b\n');
  expect(statSync(join(folder, 'legacy/shock/app.log')).mode & 0o777).toBe(0o600);
});

describe('of several writers', () => {
  const HEADER = 'time,text\n';
  const LINES = 200;
  const linesOf = (writer: string): string[] =>
    Array.from({ length: LINES }, (_, line) => `${writer},${String(line).padStart(4, '0')}\n`);
  /** Of all files that are left, the oldest first. */
  const kept = (): string[] =>
    ['app.log.1', 'app.log'].filter((name) => existsSync(join(folder, 'legacy/shock', name))).map((name) => text(name));

  /** Every file begins with its one header, and no line is lost or torn; room for all of them in two files. */
  function expectWhole(writers: readonly string[]): void {
    const files = kept();
    for (const file of files) expect(file.split(HEADER)).toEqual(['', expect.any(String)]);
    const lines = files.flatMap((file) => file.slice(HEADER.length).match(/.*\n/g) ?? []);
    expect(lines.toSorted()).toEqual(writers.flatMap(linesOf).toSorted());
    expect(readdirSync(join(folder, 'legacy/shock')).filter((name) => name.includes('lock'))).toEqual([]);
  }

  /** The bytes of a line, and of half as many as are written: one file is moved aside, and only one. */
  const LINE = Buffer.byteLength('a,0000\n');
  const roomFor = (writers: number): number => HEADER.length + LINE * Math.ceil((writers * LINES) / 2 + 1);

  it('has one header and each line once where they are of one process', async () => {
    for (const round of [1, 2, 3]) {
      const files = ['a', 'b', 'c'].map((writer) => ({ writer, file: logFile(roomFor(3), HEADER) }));
      await Promise.all(files.flatMap(({ writer, file }) => linesOf(writer).map((line) => file.append(line))));
      expectWhole(['a', 'b', 'c']);
      expect(kept(), `round ${round}`).toHaveLength(2);
      rmSync(join(folder, 'legacy'), { recursive: true });
    }
  });

  it('has one header and each line once where they are processes', async () => {
    const source = readFileSync(join(import.meta.dirname, 'legacy-log-file.ts'), 'utf8');
    const program = join(folder, 'writer.mjs');
    writeFileSync(
      program,
      `${transpile(source, { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 })}
const [folder, writer, largestBytes] = process.argv.slice(2);
const file = new LegacyLogFile({ file: (name) => join(folder, name) }, 'shock/app.log',
  { largestBytes: Number(largestBytes), header: ${JSON.stringify(HEADER)} });
process.send('ready');
process.once('message', async (lines) => {
  for (const line of lines) await file.append(line);
  process.disconnect();
});`,
    );
    const writers = ['a', 'b'];
    const processes = writers.map((writer) => fork(program, [folder, writer, String(roomFor(2))]));
    await Promise.all(processes.map((child) => once(child, 'message')));
    const exits = processes.map((child) => once(child, 'exit'));
    for (const [index, child] of processes.entries()) child.send(linesOf(writers[index]!));
    expect(await Promise.all(exits)).toEqual(writers.map(() => [0, null]));
    expectWhole(writers);
    expect(kept()).toHaveLength(2);
  });

  it('gets its header from the next one where whoever made it came no further', async () => {
    mkdirSync(join(folder, 'legacy/shock'), { recursive: true });
    writeFileSync(join(folder, 'legacy/shock/app.log'), '');
    await logFile(undefined, HEADER).append('a\n');
    expect(text()).toBe(`${HEADER}a\n`);
  });

  it('is not held up by a lock of a process that is gone', async () => {
    mkdirSync(join(folder, 'legacy/shock'), { recursive: true });
    const lock = join(folder, 'legacy/shock/app.log.lock');
    writeFileSync(lock, '');
    utimesSync(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    await logFile().append('a\n');
    expect([text(), existsSync(lock)]).toEqual(['a\n', false]);
  });
});
