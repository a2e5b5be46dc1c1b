import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { DataFolder, registerRequestState } from '#platform';
import { logLine, ShockLog } from './shock-log.js';

/** Local, as Python's clock is. */
const AT = new Date(2024, 0, 31, 12, 0, 0, 123);

function line(seconds: number): string {
  const receivedAt = new Date(AT.getTime() - seconds * 1_000);
  return logLine({ url: '/predict', method: 'POST', receivedAt, answeredAt: AT, seconds });
}

describe('a line of app.log', () => {
  it('is as Python’s logging writes a dictionary', () => {
    expect(line(0.118)).toBe(
      "2024-01-31 12:00:00,123 , INFO , {'url': '/predict', 'method': 'POST', 'date': '2024-01-31 12:00:00.005000', 'duration': 0.118}\n",
    );
  });

  it.each([
    [0, '0.0'],
    [1, '1.0'],
    [10, '10.0'],
    [0.0123456789, '0.012346'],
    [0.5, '0.5'],
    [1e-7, '0.0'],
  ])('says that %d seconds took %s', (seconds, text) => {
    expect(line(seconds)).toMatch(new RegExp(`'duration': ${text.replace('.', '\\.')}}\n$`));
  });
});

describe('app.log on a disk', () => {
  let path: string;
  let server: FastifyInstance;
  let log: ShockLog;
  let complaints: MockInstance;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'latido-shock-log-'));
    complaints = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    server = fastify();
    registerRequestState(server);
    log = new ShockLog(new DataFolder(path), {
      httpAdapter: { getInstance: () => server },
    } as unknown as HttpAdapterHost);
    log.onModuleInit();
  });
  afterEach(async () => {
    complaints.mockRestore();
    await server.close();
    rmSync(path, { recursive: true });
  });

  const ask = async (url: string): Promise<number> => (await server.inject(url)).statusCode;

  it('that takes nothing holds up no answer, is complained of once, and goes on when it can', async () => {
    server.get('/legacy/shock/home', (_request, reply) => reply.send('OK'));
    writeFileSync(join(path, 'legacy'), 'a file where a folder should be');
    for (let request = 0; request < 3; request += 1) {
      expect(await ask('/legacy/shock/home')).toBe(200);
      await log.onApplicationShutdown();
    }
    expect(complaints).toHaveBeenCalledTimes(1);
    rmSync(join(path, 'legacy'));
    expect(await ask('/legacy/shock/home')).toBe(200);
    await log.onApplicationShutdown();
    expect(readFileSync(join(path, 'legacy/shock/app.log'), 'utf8').split('\n')).toHaveLength(2);
  });

  it('that hangs has a megabyte wait and no more, is complained of once, and gets what waited', async () => {
    const url = `/legacy/shock/${'x'.repeat(100_000)}`;
    server.get(url, (_request, reply) => reply.send('OK'));
    mkdirSync(join(path, 'legacy/shock'), { recursive: true });
    const file = join(path, 'legacy/shock/app.log');
    // Whoever opens it to write waits until somebody reads.
    execFileSync('mkfifo', [file]);
    for (let request = 0; request < 30; request += 1) expect(await ask(url)).toBe(200);
    expect(complaints).toHaveBeenCalledTimes(1);
    // What was on its way already, and the ten that waited for it: with them or by themselves, as whoever reads is quick.
    let written = '';
    const lines = (): number => written.split('\n').length - 1;
    while (lines() < 11) written += (await promisify(execFile)('cat', [file], { maxBuffer: 10 * 2 ** 20 })).stdout;
    await log.onApplicationShutdown();
    expect(lines()).toBe(11);
  });
});
