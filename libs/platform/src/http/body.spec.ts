import fc from 'fast-check';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerBodyParsers } from './body.js';

let own: FastifyInstance;
let plain: FastifyInstance;

function server(register: (server: FastifyInstance) => void): FastifyInstance {
  const made = fastify();
  register(made);
  made.post('/', (request, reply) => reply.send({ read: request.body }));
  return made;
}

beforeAll(() => {
  own = server(registerBodyParsers);
  plain = server(() => undefined);
});
afterAll(() => Promise.all([own.close(), plain.close()]));

async function both(payload: string): Promise<[[number, string], [number, string]]> {
  const post = async (to: FastifyInstance): Promise<[number, string]> => {
    const headers = { 'content-type': 'application/json' };
    const { statusCode, body } = await to.inject({ method: 'POST', url: '/', payload, headers });
    return [statusCode, body];
  };
  return Promise.all([post(own), post(plain)]);
}

it.each([
  ['a key __proto__', '{"a": [{"__proto__": {"b": 1}}]}', 400],
  ['one that is escaped', '{"\\u005f_proto\\u005F_": {}}', 400],
  ['a constructor with a prototype', '{"constructor": {"prototype": {}}}', 400],
  ['one that is escaped', '{"c\\u006fnstructor": {"prototype": {}}}', 400],
  ['a value __proto__', '{"a": "__proto__ of a constructor"}', 200],
  ['a number', '1', 200],
  ['nothing', '', 400],
  ['half an object', '{"a":', 400],
  ['a byte order mark', '\uFEFF{"a":1}', 200],
])('reads or refuses %s as Fastify does', async (_, payload, status) => {
  const [ours, theirs] = await both(payload);
  expect(ours).toEqual(theirs);
  expect(ours[0]).toBe(status);
});

it('reads any body as Fastify does', async () => {
  const text = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .array(fc.constantFrom('{', '}', '"__proto__"', '"constructor"', '"prototype"', ':', '\\u005f', '1', ','))
      .map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (payload) => {
      const [ours, theirs] = await both(payload);
      expect(ours).toEqual(theirs);
    }),
  );
});
