/**
 * The yardstick: Fastify alone, with schemas, answering what it was sent. The bodies' forms are told by examples, as JSON on standard
 * input: `{"/path": example}`.
 */
import { text } from 'node:stream/consumers';
import fastify from 'fastify';

/** The schema that a careful author would write for bodies like this one; numbers are numbers, nothing is required. */
function schemaOf(example) {
  if (Array.isArray(example)) return { type: 'array', items: schemaOf(example[0]) };
  if (typeof example !== 'object') return { type: typeof example };
  const entries = Object.entries(example).map(([name, value]) => [name, schemaOf(value)]);
  return { type: 'object', properties: Object.fromEntries(entries) };
}

const app = fastify({ bodyLimit: 16 * 2 ** 20 });
for (const [path, example] of Object.entries(JSON.parse(await text(process.stdin)))) {
  const schema = schemaOf(example);
  app.post(path, { schema: { body: schema, response: { 200: schema } } }, (request) => request.body);
}
app.get('/ready', () => ({ ready: true }));
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
