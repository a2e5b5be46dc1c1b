import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerBodyParsers } from './body.js';
import { isTooDeepToParse } from './json-depth.js';
import { toProblem } from './problem.filter.js';

const FILL = 'x'.repeat(70_000);
const nested = (levels: number, inner: string): string => '['.repeat(levels) + inner + ']'.repeat(levels);

describe('a text', () => {
  it.each<[string, string, boolean]>([
    ['of a hundred levels', nested(100, `"${FILL}"`), false],
    ['of one more', nested(101, `"${FILL}"`), true],
    ['of objects within lists', `${'[{"a":'.repeat(51)}"${FILL}"`, true],
    ['that opens and closes many times', `[${'[],'.repeat(50_000)}{}]`, false],
    ['with brackets in a string', `["${'['.repeat(70_000)}"]`, false],
    ['with brackets behind an escaped quote', `["\\"${'['.repeat(70_000)}"]`, false],
    ['with brackets behind a string that ends in a backslash', `["\\\\",${'['.repeat(70_000)}`, true],
    ['with a string that does not end', `["${'['.repeat(70_000)}`, false],
    ['with letters of more than a byte', nested(101, `"€😀${FILL}"`), true],
    ['that is short', nested(30_000, ''), false],
  ])('%s: too deep? %s', (_, text, tooDeep) => {
    expect(isTooDeepToParse(text)).toBe(tooDeep);
  });
});

describe('a body of millions of levels', () => {
  const server = fastify({ bodyLimit: 2 ** 24 });
  beforeAll(() => {
    registerBodyParsers(server);
    server.setErrorHandler((error, request, reply) => {
      const { status, body } = toProblem(error, request.id);
      void reply.status(status).send(body);
    });
    server.post('/', (request, reply) => reply.send({ read: typeof request.body }));
    server.get('/', { config: { readsBodyOfGet: true, largestBodyBytes: 2 ** 24 } }, (request, reply) =>
      reply.send({ read: typeof request.body }),
    );
  });
  afterAll(() => server.close());

  // One of them has a name that Fastify's own parser would look for.
  it.each(['GET', 'POST'] as const)('is refused by %s in no time', async (method) => {
    for (const payload of [nested(7_000_000, ''), `{"constructor":${nested(7_000_000, '')}}`]) {
      const before = performance.now();
      const headers = { 'content-type': 'application/json' };
      const { statusCode, body } = await server.inject({ method, url: '/', payload, headers });
      expect([statusCode, body]).toEqual([422, expect.stringContaining('nested too deeply') as string]);
      expect(performance.now() - before).toBeLessThan(4_000);
    }
  });
});
