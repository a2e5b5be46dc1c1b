import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { ownDatabase } from '../../../../test/setup/database.js';
import { startApplication, type TestApplication } from '../../../../test/setup/application.js';
import { DomainError, platformErrors } from '../errors.js';
import { Public } from './access.js';
import { acceptsEvents, ServerSentEvents, type ServerSentEvent } from './server-sent-events.js';

const database = await ownDatabase();
/** Signals of those who listened to `endless`. */
const listeners: AbortSignal[] = [];
/** Events that were made for them. */
let ticks = 0;

async function* several(): AsyncGenerator<ServerSentEvent> {
  yield { event: 'first', data: { text: 'two\nlines' } };
  await sleep(10);
  yield { event: 'ended', data: {} };
}

async function* failing(error: Error): AsyncGenerator<ServerSentEvent> {
  yield { event: 'progress', data: { checked: 1 } };
  await sleep(1);
  throw error;
}

async function* endless(gone: AbortSignal, size = 1): AsyncGenerator<ServerSentEvent> {
  listeners.push(gone);
  for (;;) {
    ticks += 1;
    yield { event: 'tick', data: { text: 'x'.repeat(size) } };
    await sleep(5, undefined, { signal: gone });
  }
}

@Controller()
class EventsController {
  constructor(private readonly sent: ServerSentEvents) {}

  @Get('several')
  @Public()
  several(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return this.sent.answer(reply, several);
  }

  @Get('refused')
  @Public()
  refused(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return this.sent.answer(reply, () => {
      throw new DomainError(platformErrors.FORBIDDEN, 'Not now.');
    });
  }

  @Get('unavailable')
  @Public()
  unavailable(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return this.sent.answer(reply, () => failing(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })));
  }

  @Get('broken')
  @Public()
  broken(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return this.sent.answer(reply, () => failing(new Error('a secret of the server')));
  }

  @Get('endless')
  @Public()
  endless(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return this.sent.answer(reply, (gone) => endless(gone));
  }

  @Get('much')
  @Public()
  much(@Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    return this.sent.answer(reply, (gone) => endless(gone, 1024 * 1024));
  }
}

function start(): Promise<TestApplication> {
  return startApplication({
    url: database.url,
    modules: [],
    controllers: [EventsController],
    hooks: (fastify) =>
      fastify.addHook('onRequest', (request, _reply, done) => {
        request.state.ruleApplied = true;
        request.state.principal = { userId: '', role: 'admin', apiKeyId: null, mustChangePassword: false };
        done();
      }),
  });
}

const server = await start();
afterAll(() => server.close());

/** An answer that has begun, on a connection of its own. */
async function listen(application: TestApplication, path: string): Promise<IncomingMessage> {
  if (!application.app.getHttpServer().listening) await application.app.listen(0, '127.0.0.1');
  const { port } = application.app.getHttpServer().address() as AddressInfo;
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, resolve).on('error', reject);
  });
}

describe('events are asked for', () => {
  it.each([
    ['text/event-stream', true],
    ['Text/Event-Stream; q=0.5, application/json', true],
    ['application/json, text/event-stream;charset=utf-8', true],
    ['text/event-stream;q=0', false],
    ['*/*', false],
    ['text/*', false],
    ['', false],
    [undefined, false],
  ])('by Accept %s: %s', (accept, events) => {
    expect(acceptsEvents(accept)).toBe(events);
  });
});

describe('an answer of events', () => {
  it('has each with its name and JSON on one line, and is not kept back by proxies', async () => {
    const { statusCode, headers, body } = await server.fastify.inject('/several');
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    expect(body).toBe('event: first\ndata: {"text":"two\\nlines"}\n\nevent: ended\ndata: {}\n\n');
  });

  it('is a refusal as any other while nothing was sent', async () => {
    const answer = await server.fastify.inject('/refused');
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'FORBIDDEN', detail: 'Not now.' });
  });

  it('ends with a problem where something fails on the way', async () => {
    const { headers, body } = await server.fastify.inject('/unavailable');
    const [progress, failed] = body.split('\n\n');
    expect(progress).toBe('event: progress\ndata: {"checked":1}');
    expect(failed).toMatch(/^event: failed\ndata: /);
    expect(JSON.parse(failed!.slice('event: failed\ndata: '.length))).toMatchObject({
      status: 503,
      code: 'DATABASE_UNAVAILABLE',
      requestId: headers['x-request-id'],
    });
  });

  it('tells nothing of a fault of the server’s own', async () => {
    const { body } = await server.fastify.inject('/broken');
    expect(body).toContain('"code":"INTERNAL"');
    expect(body).not.toContain('secret');
  });

  it('ends for the server when its client leaves', async () => {
    const answer = await listen(server, '/endless');
    await new Promise((resolve) => answer.once('data', resolve));
    expect(listeners.at(-1)!.aborted).toBe(false);
    answer.destroy();
    await expect.poll(() => listeners.at(-1)!.aborted).toBe(true);
  });

  it('goes on no faster than its client reads', async () => {
    const answer = await listen(server, '/much');
    answer.pause();
    // What fits between the two is made, and then no more.
    const madeWithin = async (ms: number): Promise<number> => {
      const before = ticks;
      await sleep(ms);
      return ticks - before;
    };
    await expect.poll(() => madeWithin(200)).toBe(0);
    answer.destroy();
    await expect.poll(() => listeners.at(-1)!.aborted).toBe(true);
  });
});

describe('a server that stops', () => {
  it('ends the answers, also of clients that do not read', { timeout: 20_000 }, async () => {
    const stopping = await start();
    const reading = await listen(stopping, '/endless');
    const stalled = await listen(stopping, '/much');
    stalled.pause().on('error', () => undefined);
    let text = '';
    reading.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise((resolve) => reading.once('end', resolve));
    await expect.poll(() => text).toContain('event: tick');
    const startedAt = performance.now();
    await Promise.all([stopping.close(), ended]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(text.endsWith('\n\n')).toBe(true);
  });
});

describe('the figures of the service', () => {
  const figures = /^event: metrics\ndata: (\{.*\})$/;

  it('come at once and then at an interval', async () => {
    const answer = await listen(server, '/v1/service/events?everySeconds=1');
    const startedAt = performance.now();
    let text = '';
    answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await expect.poll(() => text.split('\n\n').length, { timeout: 10_000 }).toBeGreaterThan(2);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    answer.destroy();
    const [first, second] = text.split('\n\n').map((event) => JSON.parse(figures.exec(event)?.[1] ?? 'null') as object);
    expect(first).toMatchObject({ uptimeSeconds: expect.any(Number), gauges: expect.any(Object) });
    expect(Date.parse((second as { collectedAt: string }).collectedAt)).toBeGreaterThan(
      Date.parse((first as { collectedAt: string }).collectedAt),
    );
  });

  it('come at an interval of 1 to 60 seconds', async () => {
    for (const seconds of ['0', '61', '1.5', 'often'])
      expect((await server.fastify.inject(`/v1/service/events?everySeconds=${seconds}`)).json()).toMatchObject({
        status: 422,
        errors: expect.arrayContaining([expect.objectContaining({ pointer: '?everySeconds' })]),
      });
  });
});
