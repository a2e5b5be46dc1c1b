/** What the log in Redis has beyond the properties of every store: its clock, its bounds, and that admissions are told by id. */
import { beforeAll, describe, expect, it } from 'vitest';
import { newId, type RunScript } from '#platform';
import { redisInstalled, RedisServer } from '../../../../test/setup/redis.js';
import { RedisLog } from './redis-log.js';

const WINDOW_MS = 60_000;
/** A clock of this process that is wrong. */
const WRONG_MS = 12_345;

describe.skipIf(!redisInstalled)('the log in Redis', () => {
  let server: RedisServer;
  let run: RunScript;
  let user: string;

  beforeAll(async () => {
    server = await RedisServer.start();
    run = await server.scripts();
  });

  const newLog = (windowMs = WINDOW_MS) => {
    user = newId();
    const log = new RedisLog(run);
    return {
      admit: (limit: number, id = newId()) => log.admit(`default:${user}`, limit, windowMs, WRONG_MS, id),
      restore: (admissions: { id: string; atMs: number }[]) =>
        log.restore(`default:${user}`, admissions, windowMs, WRONG_MS),
      peek: (limit: number) => log.peek(`default:${user}`, limit, windowMs, WRONG_MS),
    };
  };
  const key = (): string => `latido:quota:{default:${user}}`;
  const ask = (...command: string[]): Promise<unknown> => server.ask(...command);

  it("goes by Redis' clock, to parts of a millisecond, whatever that of the process says", async () => {
    const { admit } = newLog(200);
    const first = await admit(1);
    expect(first).toEqual({ admitted: true, limit: 1, remaining: 0, resetMs: 200, retryAfterMs: 0 });
    const refused = await admit(1);
    expect(refused.admitted).toBe(false);
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThan(200);
    expect(Number.isInteger(refused.retryAfterMs)).toBe(false);
    await expect.poll(async () => (await admit(1)).admitted, { interval: 10 }).toBe(true);
    const [, score] = (await ask('ZRANGE', key(), '0', '0', 'WITHSCORES')) as [string, string];
    expect(Math.abs(Number(score) - Date.now())).toBeLessThan(2_000);
  });

  it('admits exactly the limit of requests that come at once', async () => {
    const { admit } = newLog();
    const decisions = await Promise.all(Array.from({ length: 500 }, () => admit(50)));
    expect(decisions.filter(({ admitted }) => admitted)).toHaveLength(50);
    expect(await ask('ZCARD', key())).toBe(50);
  });

  it('holds nothing but what is in the window, and nothing of users who come no more', async () => {
    const { admit } = newLog(150);
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(Array.from({ length: 30 }, () => admit(5)));
      expect(await ask('ZCARD', key())).toBeLessThanOrEqual(5);
      expect(await ask('PTTL', key())).toBeLessThanOrEqual(150);
    }
    await expect.poll(() => ask('EXISTS', key()), { interval: 20 }).toBe(0);
  });

  it('leaves no trace of a refused request or of a question', async () => {
    const { admit, peek } = newLog();
    await peek(5);
    expect(await ask('EXISTS', key())).toBe(0);
    for (let sent = 0; sent < 5; sent += 1) await admit(5);
    const before = await ask('ZRANGE', key(), '0', '-1', 'WITHSCORES');
    for (let sent = 0; sent < 20; sent += 1) await admit(5);
    await peek(5);
    expect(await ask('ZRANGE', key(), '0', '-1', 'WITHSCORES')).toEqual(before);
  });

  it('takes some thousand bytes for a user of PREMIUM who has used it up', async () => {
    const { admit } = newLog();
    for (let sent = 0; sent < 50; sent += 1) await admit(50);
    expect(await ask('MEMORY', 'USAGE', key())).toBeLessThan(5_000);
  });

  it('counts an admission once, however often and by whomever it is told', async () => {
    const { admit, restore, peek } = newLog();
    const [inRedis, elsewhere] = [newId(), newId()];
    await admit(5, inRedis);
    const [, before] = (await ask('ZRANGE', key(), '0', '0', 'WITHSCORES')) as [string, string];
    const told = [elsewhere, inRedis].map((id) => ({ id, atMs: WRONG_MS - 20_000 }));
    await Promise.all([restore(told), restore(told), restore(told.slice(1))]);
    const { remaining, resetMs } = await peek(5);
    expect(remaining).toBe(3);
    expect(resetMs).toBeGreaterThan(38_000);
    expect(resetMs).toBeLessThanOrEqual(40_000);
    expect(await ask('ZSCORE', key(), inRedis)).toBe(before);
  });

  it('takes back more admissions than fit into one script', async () => {
    const { restore, peek } = newLog();
    await restore(Array.from({ length: 10_500 }, (_, at) => ({ id: `id ${at}`, atMs: WRONG_MS - 10_500 + at })));
    expect((await peek(20_000)).remaining).toBe(9_500);
    expect(await ask('PTTL', key())).toBeGreaterThan(WINDOW_MS - 5_000);
  });

  it('takes what a clock that was set back has not reached yet as made now', async () => {
    const { admit } = newLog();
    const ahead = String(Date.now() + 3_600_000);
    for (let sent = 0; sent < 5; sent += 1) await ask('ZADD', key(), ahead, `ahead ${sent}`);
    const refused = await admit(5);
    expect(refused).toMatchObject({ admitted: false, resetMs: WINDOW_MS, retryAfterMs: WINDOW_MS });
  });
});
