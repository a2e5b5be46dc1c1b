/** What a run leaves behind: one Markdown table for people, everything that was measured as JSON for later. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './processes.mjs';

function git(...args) {
  try {
    return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined; // an installation without its history
  }
}

/** On what the figures were taken. */
export function environment() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return {
    date: new Date().toISOString(),
    version,
    commit: git('rev-parse', 'HEAD'),
    changed: git('status', '--porcelain') !== '',
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    processors: cpus().length,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryMb: Math.round(totalmem() / 2 ** 20),
  };
}

/** A folder for this run in bench-results/, which git ignores. */
export function resultsFolder({ date, commit }) {
  const folder = join(
    ROOT,
    'bench-results',
    `${date.slice(0, 19).replaceAll(':', '')}-${commit?.slice(0, 8) ?? 'nogit'}`,
  );
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Digits that say something and no more. */
export function figure(value, digits = 3) {
  if (value === undefined || Number.isNaN(value)) return '';
  if (Number.isInteger(value)) return String(value);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 4));
}

/** @param {string[]} head the first column is text, the others are numbers */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const COLUMNS = [
  ['connections', ({ connections }) => String(connections)],
  ['requests/s', ({ requestsPerSecond }) => String(Math.round(requestsPerSecond))],
  ['ratio to echo', ({ ratioToEcho }) => ratioToEcho?.toFixed(3) ?? ''],
  [
    'lowest–highest',
    ({ lowestRatio, highestRatio }) =>
      lowestRatio === undefined ? '' : `${lowestRatio.toFixed(3)}–${highestRatio.toFixed(3)}`,
  ],
  ['p50 ms', ({ p50Ms }) => figure(p50Ms)],
  ['p99 ms', ({ p99Ms }) => figure(p99Ms)],
  ['server µs', ({ serverMicros }) => figure(serverMicros)],
  ['Postgres µs', ({ postgresMicros }) => figure(postgresMicros)],
  ['generator µs', ({ cpuMicrosPerRequest }) => figure(cpuMicrosPerRequest)],
  ['memory MB', ({ residentMb }) => figure(residentMb)],
  ['heap MB', ({ heapMb }) => figure(heapMb)],
  ['loop p99 ms', ({ loopP99Ms }) => figure(loopP99Ms)],
  ['records a flush', ({ requestsPerFlush }) => figure(requestsPerFlush)],
  ['flush ms', ({ flushMs }) => figure(flushMs)],
  ['unexpected', ({ unexpected }) => String(unexpected)],
];

/** The table of targets. */
export function targetTable(lines) {
  return table(
    ['what', ...COLUMNS.map(([name]) => name)],
    lines.map((line) => [line.name, ...COLUMNS.map(([, cell]) => cell(line))]),
  );
}

export function writeResults(folder, markdown, raw) {
  writeFileSync(join(folder, 'table.md'), `${markdown}\n`);
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(raw, null, 1)}\n`);
}
