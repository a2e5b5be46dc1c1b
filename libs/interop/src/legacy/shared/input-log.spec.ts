import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServingVersion } from '#models';
import { DataFolder, loadConfig } from '#platform';
import { InputLog } from './input-log.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'latido-input-log-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function logOf(environment: Record<string, string> = { LEGACY_FILE_LOGS: 'true' }): InputLog {
  const config = loadConfig({ DATA_DIR: folder, ...environment }, folder);
  return new InputLog(config, new DataFolder(folder), 'any/lines.log', 'header\n');
}

function version(clinical: boolean | undefined): ServingVersion {
  return { model: 'some-model', manifest: { clinical } } as ServingVersion;
}

const read = (): string => readFileSync(join(folder, 'legacy/any/lines.log'), 'utf8');

describe('a log file of what was sent', () => {
  it('is its owner’s alone, begins with its header and keeps the order of the calls', async () => {
    const log = logOf();
    await Promise.all(['a', 'b', 'c'].map((line) => log.write(version(false), () => `${line}\n`)));
    expect(read()).toBe('header\na\nb\nc\n');
    expect(statSync(join(folder, 'legacy/any/lines.log')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'legacy/any')).mode & 0o777).toBe(0o700);
    await logOf().write(version(false), () => 'd\n');
    expect(read()).toBe('header\na\nb\nc\nd\n');
  });

  it('is not kept for models that are clinical or do not say, which is told once', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const log = logOf();
    for (const clinical of [true, undefined, undefined])
      await log.write(version(clinical), () => {
        throw new Error('a line was made');
      });
    expect(read).toThrow('ENOENT');
    expect(warn.mock.calls).toEqual([
      [{ model: 'some-model', file: 'any/lines.log' }, expect.stringContaining('clinical: false')],
    ]);
    warn.mockRestore();
  });

  it('is not kept where nobody asked for it', async () => {
    await logOf({}).write(version(false), () => 'a\n');
    expect(read).toThrow('ENOENT');
  });

  it('that cannot be written refuses the answer', async () => {
    mkdirSync(join(folder, 'legacy/any/lines.log'), { recursive: true });
    await expect(logOf().write(version(false), () => 'a\n')).rejects.toMatchObject({
      kind: { code: 'LEGACY_LOG_UNAVAILABLE', status: 503 },
    });
  });
});
