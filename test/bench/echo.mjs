/** The yardstick: Fastify alone, with a schema, answering what it was sent. */
import fastify from 'fastify';

const number = { type: 'number' };
const names = ['cholesterol', 'systolicPressure', 'glucose', 'age', 'overweight', 'smoker'];
const schema = {
  type: 'object',
  properties: { input: { type: 'object', properties: Object.fromEntries(names.map((name) => [name, number])) } },
};
const app = fastify();
app.post('/', { schema: { body: schema, response: { 200: schema } } }, (request) => request.body);
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
