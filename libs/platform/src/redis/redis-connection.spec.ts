/** What replicas see of a Redis that comes, goes, hangs and forgets: a real one. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { redisInstalled, RedisServer } from '../../../../test/setup/redis.js';
import { freePort } from '../database/processes.js';
import { RedisConnection } from './redis-connection.js';
import { RedisRefusedError, RedisScript, RedisUnavailableError } from './redis-script.js';

const INCREMENT = new RedisScript(`return redis.call('INCRBY', KEYS[1], ARGV[1])`);

describe.skipIf(!redisInstalled)('the connection to Redis', () => {
  let server: RedisServer;
  const opened: RedisConnection[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisServer.start();
  });
  afterEach(async () => {
    server.resume();
    for (const connection of opened.splice(0)) await connection.onApplicationShutdown();
    await server.kill();
    await server.start();
  });

  async function open(url = server.url, replicas = 1): Promise<RedisConnection> {
    const connection = new RedisConnection({ url, replicas });
    opened.push(connection);
    await connection.onApplicationBootstrap();
    return connection;
  }

  const up = (connection: RedisConnection, expected: boolean): Promise<void> =>
    expect.poll(() => connection.up, { interval: 5 }).toBe(expected);

  it('runs scripts, also where Redis has never seen them, and many in one write', async () => {
    const connection = await open();
    const answers = await Promise.all(Array.from({ length: 100 }, () => connection.run(INCREMENT, ['n'], ['1'])));
    expect(answers.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(await connection.run(INCREMENT, ['n'], ['5'])).toBe(105);
  });

  it('fails at once while there is none, without stopping a start, and is there when Redis comes', async () => {
    await server.kill();
    const connection = await open();
    expect(connection.up).toBe(false);
    await expect(connection.run(INCREMENT, ['n'], ['1'])).rejects.toBeInstanceOf(RedisUnavailableError);
    await server.start();
    await up(connection, true);
    expect(await connection.run(INCREMENT, ['n'], ['1'])).toBe(1);
  });

  it('tells all who wait when Redis dies, and goes on with the one that follows', async () => {
    const connection = await open();
    server.pause();
    const waiting = Array.from({ length: 20 }, () => connection.run(INCREMENT, ['n'], ['1']));
    const outcomes = Promise.allSettled(waiting);
    await server.kill();
    expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
    expect(connection.up).toBe(false);
    await server.start();
    await up(connection, true);
  });

  it('waits no longer than its bound for one that hangs, and not at all after that', async () => {
    const connection = await open();
    server.pause();
    const startedAt = performance.now();
    await expect(connection.run(INCREMENT, ['n'], ['1'])).rejects.toBeInstanceOf(RedisUnavailableError);
    const waitedMs = performance.now() - startedAt;
    expect(waitedMs).toBeGreaterThan(70);
    expect(waitedMs).toBeLessThan(5_000);
    expect(connection.up).toBe(false);
    const immediately = performance.now();
    await expect(connection.run(INCREMENT, ['n'], ['1'])).rejects.toBeInstanceOf(RedisUnavailableError);
    expect(performance.now() - immediately).toBeLessThan(50);
    server.resume();
    await up(connection, true);
  });

  it('takes no stall of its own process for a late answer', async () => {
    const connection = await open();
    for (const stallMs of [150, 400, 1_000]) {
      const answer = connection.run(INCREMENT, ['stalled'], ['1']);
      await new Promise((turn) => setImmediate(turn));
      const until = performance.now() + stallMs;
      while (performance.now() < until); // busy
      await answer;
    }
    expect(connection.up).toBe(true);
  });

  it('takes an error for the question alone, and not for an absence', async () => {
    const connection = await open();
    await connection.run(INCREMENT, ['n'], ['1']);
    await expect(connection.run(INCREMENT, ['n'], ['no number'])).rejects.toBeInstanceOf(RedisUnavailableError);
    expect(connection.up).toBe(true);
    expect(await connection.run(INCREMENT, ['n'], ['1'])).toBe(2);
  });

  it('counts as away while Redis refuses writes', async () => {
    const connection = await open();
    await server.ask('CONFIG', 'SET', 'maxmemory', '1');
    await up(connection, false);
    await server.ask('CONFIG', 'SET', 'maxmemory', '0');
    await up(connection, true);
  });

  it('counts the replicas, and remembers how many there were', async () => {
    const [first, second] = [await open(), await open()];
    await expect.poll(() => [first.replicas, second.replicas]).toEqual([2, 2]);
    await server.kill();
    await up(first, false);
    expect(first.replicas).toBe(2);
    await server.start();
    await up(first, true);
    expect(first.replicas).toBe(2);
    expect((await open(server.url, 7)).replicas).toBe(7);
    await second.onApplicationShutdown();
    expect(await server.ask('ZCARD', 'latido:{replicas}')).toBe(2);
  });

  it('calls those who must bring something back before it is up, and says whether Redis came up empty', async () => {
    const connection = new RedisConnection({ url: server.url, replicas: 1 });
    opened.push(connection);
    const calls: { emptied: boolean; up: boolean }[] = [];
    connection.onReturn(async (run, emptied) => {
      calls.push({ emptied, up: connection.up });
      await run(INCREMENT, ['filled'], ['1']);
    });
    await connection.onApplicationBootstrap();
    expect(calls).toEqual([{ emptied: true, up: false }]);
    server.pause();
    await connection.run(INCREMENT, ['n'], ['1']).catch(() => undefined);
    server.resume();
    await up(connection, true);
    expect(calls.slice(1)).toEqual([{ emptied: false, up: false }]);
    await server.kill();
    await server.start();
    await expect.poll(() => calls.length).toBe(3);
    expect(calls[2]!.emptied).toBe(true);
    await up(connection, true); // emptied while it is being filled it would be marked as filled
    await server.ask('FLUSHALL');
    await expect.poll(() => calls.length).toBe(4);
    expect(calls[3]).toEqual({ emptied: true, up: false });
    await up(connection, true);
    expect(await server.ask('GET', 'filled')).toBe('1');
  });

  it('does not come up while what must be brought back cannot be', async () => {
    const connection = new RedisConnection({ url: server.url, replicas: 1 });
    opened.push(connection);
    let broken = true;
    connection.onReturn(() => (broken ? Promise.reject(new Error('no database')) : Promise.resolve()));
    await connection.onApplicationBootstrap();
    await sleep(600);
    expect(connection.up).toBe(false);
    broken = false;
    await up(connection, true);
  });

  it('reconnects through a connection that was cut', async () => {
    const sockets = new Set<Socket>();
    const relay = createServer((socket) => {
      const upstream = connect(server.port, '127.0.0.1');
      for (const each of [socket, upstream]) sockets.add(each.on('error', () => undefined));
      socket.pipe(upstream).pipe(socket);
    });
    await new Promise<void>((done) => relay.listen(0, '127.0.0.1', done));
    afterAll(() => relay.close());
    const connection = await open(`redis://127.0.0.1:${(relay.address() as AddressInfo).port}`);
    expect(connection.up).toBe(true);
    for (const socket of sockets) socket.destroy();
    await up(connection, false);
    await up(connection, true);
  });

  it('refuses to start on a Redis that does not let it in, naming the variable and no password', async () => {
    const closed = await RedisServer.start('--requirepass', 'open sesame');
    for (const url of [closed.url, `redis://:wrong-password@127.0.0.1:${closed.port}`]) {
      const refusal = await open(url).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).toBeInstanceOf(RedisRefusedError);
      expect((refusal as Error).message).toMatch(/^REDIS_URL \(127\.0\.0\.1:\d+\) cannot be used: (NOAUTH|WRONGPASS)/);
      expect((refusal as Error).message).not.toContain('wrong-password');
    }
    expect((await open(`redis://:open%20sesame@127.0.0.1:${closed.port}/3`)).up).toBe(true);
    await expect(open(`${server.url}/99`)).rejects.toThrow('out of range');
  });

  it('is never up without a URL', async () => {
    const connection = new RedisConnection({ replicas: 3 });
    await connection.onApplicationBootstrap();
    expect([connection.configured, connection.up, connection.replicas]).toEqual([false, false, 3]);
    await connection.onApplicationShutdown();
  });

  it('stops at once, also while Redis is away', async () => {
    const connection = await open(`redis://127.0.0.1:${await freePort()}`);
    const startedAt = performance.now();
    await connection.onApplicationShutdown();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
