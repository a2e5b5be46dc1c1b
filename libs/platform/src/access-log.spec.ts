import fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { registerAccessLog } from './access-log.js';
import { registerRequestState } from './http/request-state.js';

const written: string[] = [];
const destination = { write: (text: string) => void written.push(text) };
const options = {
  level: 'info',
  base: undefined as { worker: number } | undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label: string) => ({ level: label }) },
};
const linesWritten = (): Record<string, unknown>[] =>
  written
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

let server: FastifyInstance;
beforeEach(() => {
  written.length = 0;
  server = fastify({ genReqId: () => 'request-1' });
  registerRequestState(server);
});
afterEach(() => server.close());

async function answerTwo(changed: Partial<typeof options> = {}): Promise<void> {
  registerAccessLog(server, pino({ ...options, ...changed }, destination));
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.headers.user)
      request.state.principal = { userId: 'user-1', role: 'user', apiKeyId: null, mustChangePassword: false };
    done();
  });
  server.get('/things/:name', () => 'thing');
  expect((await server.inject({ url: '/things/secret?q=secret', headers: { user: 'yes' } })).statusCode).toBe(200);
  expect((await server.inject({ method: 'POST', url: '/"secret"' })).statusCode).toBe(404);
}

it('has a line for each answer, with the route and never the URL, soon', async () => {
  await answerTwo();
  await expect.poll(() => linesWritten().length, { interval: 5 }).toBe(2);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const common = { level: 'info', time, requestId: 'request-1', durationMs: expect.any(Number), msg: 'request' };
  expect(linesWritten()).toEqual([
    { ...common, userId: 'user-1', method: 'GET', route: '/things/:name', status: 200 },
    { ...common, method: 'POST', route: 'unknown', status: 404 },
  ]);
});

it.each([undefined, { worker: 3 }])('is written as pino writes it, of the process %j', async (base) => {
  await answerTwo({ base });
  await server.close();
  const [line] = written.join('').split('\n');
  const { level, time, msg, worker, ...fields } = JSON.parse(line!) as Record<string, unknown>;
  written.length = 0;
  pino({ ...options, base, timestamp: () => `,"time":"${String(time)}"` }, destination).info(fields, String(msg));
  expect([level, worker]).toEqual(['info', base?.worker]);
  // Trailing zeros of the duration aside.
  expect(written[0]).toBe(
    `${line!.replace(/("durationMs":\d+)\.?(\d*?)0*,/, (_, whole, rest) => `${whole}${rest ? '.' : ''}${rest},`)}\n`,
  );
});

it('loses none of the lines that wait when the server closes', async () => {
  await answerTwo();
  expect(written).toHaveLength(0);
  await server.close();
  expect(linesWritten()).toHaveLength(2);
});

it('is written in pieces of whole lines that several processes can write at once', async () => {
  registerAccessLog(server, pino(options, destination));
  server.get('/', () => 'thing');
  for (let asked = 0; asked < 60; asked += 1) await server.inject({ url: '/' });
  await server.close();
  expect(linesWritten()).toHaveLength(60);
  expect(written.length).toBeGreaterThan(1);
  for (const text of written) {
    expect(text.length).toBeLessThanOrEqual(4_096);
    expect(text.endsWith('\n')).toBe(true);
  }
});

it('has none for what is to be answered without one, unless that fails', async () => {
  registerAccessLog(server, pino(options, destination));
  server.get('/file/:name', { config: { unlogged: true } }, ({ params }, reply) =>
    reply.code((params as { name: string }).name === 'gone' ? 404 : 200).send(''),
  );
  for (const name of ['there', 'gone']) await server.inject({ url: `/file/${name}` });
  await server.close();
  expect(linesWritten()).toEqual([expect.objectContaining({ route: '/file/:name', status: 404 })]);
});

it('has none where the level leaves them out', async () => {
  await answerTwo({ level: 'warn' });
  await server.close();
  expect(written).toHaveLength(0);
});
