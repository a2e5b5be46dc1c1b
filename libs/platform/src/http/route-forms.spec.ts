import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerBodyParsers } from './body.js';
import { registerRouteForms } from './route-forms.js';

const server = fastify();
let seen: string[] = [];

beforeAll(async () => {
  registerBodyParsers(server);
  registerRouteForms(server);
  server.addHook('onRequest', (request, _reply, done) => {
    const { url, config } = request.routeOptions;
    seen.push(`${url} ${config.acceptsForm}`);
    done();
  });
  const config = { alsoWithSlash: true, acceptsForm: true };
  server.get('/root', { config }, (_request, reply) => reply.send('read'));
  server.post('/root', { config }, (_request, reply) => reply.send('written'));
  server.get('/plain', (_request, reply) => reply.send('read'));
  server.post('/untyped', { config: { readsUntypedJson: true } }, (request, reply) =>
    reply.send({ read: request.body }),
  );
  server.post('/python', { config: { readsPythonJson: true } }, (request, reply) => reply.send({ read: request.body }));
  server.post('/typed', (request, reply) => reply.send({ read: request.body }));
  await server.ready();
});
afterAll(() => server.close());

const ask = async (method: 'GET' | 'HEAD' | 'POST', url: string) => {
  const { statusCode, body } = await server.inject({ method, url });
  return [statusCode, body];
};

describe('a route that is there with a slash, too', () => {
  it('answers both by every method that it has, with the same config', async () => {
    seen = [];
    for (const url of ['/root', '/root/']) {
      expect(await ask('GET', url)).toEqual([200, 'read']);
      expect(await ask('HEAD', url)).toEqual([200, '']);
      expect(await ask('POST', url)).toEqual([200, 'written']);
    }
    expect(seen).toEqual([...Array<string>(3).fill('/root true'), ...Array<string>(3).fill('/root/ true')]);
  });

  it('is there with one slash, and no other route with any', async () => {
    expect((await ask('GET', '/root//'))[0]).toBe(404);
    expect((await ask('GET', '/plain/'))[0]).toBe(404);
  });
});

describe('a route that reads untyped JSON', () => {
  const post = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await server.inject({ method: 'POST', url, payload: Buffer.from('{"a":1}'), headers });
    return [answer.statusCode, answer.json<{ read?: unknown }>().read];
  };

  it('takes a body without a type for JSON, and no other', async () => {
    expect(await post('/untyped')).toEqual([200, { a: 1 }]);
    expect(await post('/untyped', { 'content-type': 'application/json' })).toEqual([200, { a: 1 }]);
    expect((await post('/untyped', { 'content-type': 'text/plain' }))[0]).toBe(415);
    expect((await post('/typed'))[0]).toBe(415);
  });

  it('is called without a body', async () => {
    expect((await server.inject({ method: 'POST', url: '/untyped' })).statusCode).toBe(200);
  });
});

describe('a route that reads Python’s JSON', () => {
  const post = async (payload: string, url = '/python') => {
    const answer = await server.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/json' },
    });
    return [answer.statusCode, answer.json<{ read?: unknown }>().read];
  };

  it.each([
    ['{"a":NaN,"b":[Infinity, -Infinity ,1]}', { a: null, b: [null, null, 1] }],
    [
      String.raw`{"NaN":"-Infinity","\"NaN":NaN,"\\":NaN,"ñ":"\u00f1 NaN\\"}`,
      { NaN: '-Infinity', '"NaN': null, '\\': null, ñ: 'ñ NaN\\' },
    ],
    ['NaN', null],
    ['{"a":"NaN"}', { a: 'NaN' }],
  ])('reads %s', async (sent, read) => {
    expect(await post(sent)).toEqual([200, read]);
  });

  it.each([
    '{NaN:1}',
    '[1NaN]',
    '[NaNs]',
    '[--Infinity]',
    '[NaN NaN]',
    '[nan]',
    '["NaN]',
    '[NaN,"\\"]',
    '{"a":NaN,"__proto__":{}}',
    '{"a":NaN,"constructor":{"prototype":{}}}',
    '{"a":NaN,"\\u005f_proto__":{}}',
  ])('refuses %s', async (sent) => {
    expect((await post(sent))[0]).toBe(400);
  });

  it('does so in one pass, whatever it is sent', async () => {
    for (const piece of ['\\"', '"', '\\', '-', 'NaN', '["NaN",'])
      expect((await post(`NaN"${piece.repeat(500_000 / piece.length)}`))[0]).toBe(400);
  }, 5_000);

  it('is alone in that', async () => {
    expect((await post('{"a":NaN}', '/typed'))[0]).toBe(400);
  });
});
