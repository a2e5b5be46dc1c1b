import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import fastify from 'fastify';
import { describe, expect, it, vi } from 'vitest';
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

describe('app.log on a disk that takes nothing', () => {
  it('holds up no answer, is complained of once, and goes on when it can', async () => {
    const path = mkdtempSync(join(tmpdir(), 'latido-shock-log-'));
    const complaints = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const server = fastify();
    registerRequestState(server);
    server.get('/legacy/shock/home', (_request, reply) => reply.send('OK'));
    const log = new ShockLog(new DataFolder(path), {
      httpAdapter: { getInstance: () => server },
    } as unknown as HttpAdapterHost);
    log.onModuleInit();
    const ask = async (): Promise<number> => (await server.inject('/legacy/shock/home')).statusCode;
    try {
      writeFileSync(join(path, 'legacy'), 'a file where a folder should be');
      for (let request = 0; request < 3; request += 1) {
        expect(await ask()).toBe(200);
        await log.onApplicationShutdown();
      }
      expect(complaints).toHaveBeenCalledTimes(1);
      rmSync(join(path, 'legacy'));
      expect(await ask()).toBe(200);
      await log.onApplicationShutdown();
      expect(readFileSync(join(path, 'legacy/shock/app.log'), 'utf8').split('\n')).toHaveLength(2);
    } finally {
      complaints.mockRestore();
      await server.close();
      rmSync(path, { recursive: true });
    }
  });
});
