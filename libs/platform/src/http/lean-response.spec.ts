import { createServer, ServerResponse, type OutgoingHttpHeader, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LeanResponse } from './lean-response.js';

type Answer = (response: ServerResponse) => void;

let answer: Answer;
const servers: Server[] = [];

async function listen(options: object): Promise<number> {
  const server = createServer(options, (request, response) => {
    request.resume().on('end', () => {
      try {
        answer(response);
      } catch (error) {
        response.destroy();
        thrown = (error as { code?: string }).code;
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

let thrown: string | undefined;
let ports: [lean: number, stock: number];
beforeAll(async () => {
  ports = [await listen({ ServerResponse: LeanResponse }), await listen({})];
});
afterAll(() => servers.forEach((server) => server.close()));

/** Two requests on one connection, the second one asking to close it, and all that comes back. */
async function exchange(port: number, request: string): Promise<string> {
  thrown = undefined;
  const socket = connect(port, '127.0.0.1');
  socket.write(request + request.replace('host: x', 'host: x\r\nconnection: close'));
  const received = await text(socket);
  return `${received.replace(/\r\ndate: [^\r]+/gi, '\r\ndate')}${thrown ?? ''}`;
}

/** The head's lines in any order and case of names, as both mean the same; the body as it is. */
function normalised(received: string): string {
  return received
    .split(/(?=HTTP\/1\.1 )/)
    .map((one) => {
      const [head = '', body = ''] = one.split('\r\n\r\n');
      const [status, ...fields] = head.split('\r\n');
      const sorted = fields.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())).sort();
      return [status, ...sorted, '', body].join('\r\n');
    })
    .join('');
}

async function expectSame(given: Answer, request = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'): Promise<string> {
  answer = given;
  const lean = await exchange(ports[0], request);
  const stock = await exchange(ports[1], request);
  expect(normalised(lean)).toBe(normalised(stock));
  return lean;
}

const write =
  (status: number, headers: Record<string, OutgoingHttpHeader>, body = 'body'): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);

it('writes the same head as Node, its own lines first', async () => {
  const headers = { 'x-a': 'one', 'x-b': 'two', 'content-length': '4', 'content-type': 'text/plain' };
  const received = await expectSame(write(201, headers));
  expect(received).toMatch(/^HTTP\/1\.1 201 Created\r\nx-a: one\r\nx-b: two\r\ncontent-type: text\/plain\r\ndate\r\n/);
  expect(received).toContain(
    'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1 201',
  );
});

it.each<[string, Answer, string?]>([
  ['without a length', write(200, { 'x-a': '1' })],
  ['with a list of values', write(200, { 'content-length': '4', 'set-cookie': ['a=1', 'b=2'] })],
  ['with a number as a length', write(200, { 'content-length': 4, 'x-a': '1' })],
  ['that closes', write(200, { 'content-length': '4', connection: 'close' })],
  ['with a date of its own', write(200, { 'content-length': '4', Date: 'then' })],
  ['without a body', write(204, { 'x-a': '1' }, '')],
  ['not modified', write(304, { 'content-length': '4' }, '')],
  ['by setHeader', (response) => response.setHeader('x-a', '1').setHeader('content-length', '4').end('body')],
  [
    'by both ways',
    (response) => response.setHeader('x-a', '1').writeHead(200, { 'x-b': '2', 'content-length': '4' }).end('body'),
  ],
  ['in chunks', (response) => void (response.writeHead(200, { 'x-a': '1' }).write('a'), response.end('b'))],
  ['to HEAD', write(200, { 'content-length': '4', 'x-a': '1' }, ''), 'HEAD / HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['to HTTP/1.0', write(200, { 'content-length': '4', 'x-a': '1' }), 'GET / HTTP/1.0\r\nhost: x\r\n\r\n'],
  ['with a broken name', write(200, { 'content-length': '4', 'x a': '1' })],
  ['with a line break in a value', write(200, { 'content-length': '4', 'x-a': 'a\r\nx-b: c' })],
  ['with text that is no header', write(200, { 'content-length': '4', 'x-a': '→' })],
])('writes an answer %s as Node does', async (_, given, request) => {
  await expectSame(write(200, { 'content-length': '4', 'x-a': '1' }));
  await expectSame(given, request);
});

it('writes whatever headers as Node does, and refuses what Node refuses', async () => {
  const name = fc.constantFrom('x-a', 'X-A', 'x-b', 'content-type', 'expect', 'bad name', '');
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('1', '2', 'close', '') },
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 5 }), fc.boolean(), async (headers, sized) => {
      await expectSame(write(200, sized ? { ...headers, 'content-length': '4' } : headers));
    }),
  );
});
