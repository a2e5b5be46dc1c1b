import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { registerBodyDeadline, takesItsTime } from './body-deadline.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Answers when the whole body is there. */
async function listen(receive: (request: IncomingMessage) => void): Promise<number> {
  const server = createServer((request, response) => {
    receive(request);
    request.on('error', () => undefined);
    request.resume().on('end', () => response.end('done'));
  });
  servers.push(server);
  registerBodyDeadline(server, 60, 20);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Sends half of a body, and the rest a while later; what came back. */
async function sendSlowly(port: number, pauseMs: number): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString())).on('error', () => undefined);
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\nConnection: close\r\n\r\nhalf');
  const rest = setTimeout(() => socket.write('half'), pauseMs);
  await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(rest);
  return answer;
}

it('ends a request whose body does not come', async () => {
  const port = await listen(() => undefined);
  expect(await sendSlowly(port, 2_000)).toMatch(/^HTTP\/1\.1 408 /);
});

it('leaves bodies alone that come in time, or that may take theirs', async () => {
  expect(await sendSlowly(await listen(() => undefined), 5)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await sendSlowly(await listen(takesItsTime), 300)).toMatch(/^HTTP\/1\.1 200 /);
});
