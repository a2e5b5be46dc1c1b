import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, pool } from './data-source.js';
import { ownDatabase } from '../../../../test/setup/database.js';

const database = await ownDatabase();

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** A Postgres that has to go just when somebody has come: welcome and farewell in one packet. */
const leaving = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () =>
    socket.end(
      Buffer.concat([
        message('R', Buffer.alloc(4)),
        message('Z', Buffer.from('I')),
        message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0')),
      ]),
    ),
  );
});

beforeAll(() => new Promise<void>((resolve) => leaving.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => leaving.close(resolve)));

it('a connection that is lost as it is made fails what asked for it, and nothing else', async () => {
  const dataSource = createDataSource({ url: database.url, poolSize: 2 });
  await dataSource.initialize();
  const connections = pool(dataSource);
  const { port } = leaving.address() as AddressInfo;
  Object.assign(connections.options, { connectionString: `postgresql://somebody@127.0.0.1:${port}/anything` });
  const first = await connections.connect();
  const uncaught: unknown[] = [];
  const note = (error: unknown): unknown => uncaught.push(error);
  process.on('uncaughtException', note);
  const second = await connections.connect();
  await sleep(20);
  process.removeListener('uncaughtException', note);
  await expect(second.query('SELECT 1')).rejects.toThrow();
  expect(uncaught).toEqual([]);
  first.release();
  second.release(true);
  await dataSource.destroy();
});
