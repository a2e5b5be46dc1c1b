/**
 * The quota's log in Redis, for replicas that count together: per key a sorted set of the admissions within the window, scored by
 * their times, and of no others. A decision is one script, so that none comes between its question and its answer, and goes by
 * Redis' clock, so that the replicas' clocks need not agree. The rules are those of `SlidingLog`, and so is the arithmetic: numbers
 * in Lua are the same doubles, and they are handed over with all their digits.
 */
import { clockOf, RedisScript, type RunScript } from '#platform';
import { QuotaStore, type Admitted, type QuotaDecision } from './quota-store.js';

/** Arguments of one script; Lua puts no more than some thousand on its stack. */
const RESTORED_AT_ONCE = 1_000;

/**
 * KEYS[1] the log. ARGV: limit, window in ms, the time in ms or nothing for Redis' own, the admission's id or nothing to ask alone.
 * Answers {admitted, remaining, resetMs, retryAfterMs}, the times as text, because Redis cuts numbers to whole ones.
 */
const DECIDE =
  new RedisScript(`${clockOf('ARGV[3]')}  local log, limit, windowMs, id = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[4]
  -- The clock was set back: what it has not reached yet is taken as made now, which is never too early.
  for _, ahead in ipairs(redis.call('ZRANGEBYSCORE', log, '(' .. text(nowMs), '+inf')) do
    redis.call('ZADD', log, text(nowMs), ahead)
  end
  redis.call('ZREMRANGEBYSCORE', log, '-inf', text(nowMs - windowMs))
  local count = redis.call('ZCARD', log)
  local function untilGone(rank)
    return text(tonumber(redis.call('ZRANGE', log, rank, rank, 'WITHSCORES')[2]) + windowMs - nowMs)
  end
  if count >= limit then return { 0, 0, untilGone(0), untilGone(count - limit) } end
  if id ~= '' then
    redis.call('ZADD', log, text(nowMs), id)
    redis.call('PEXPIRE', log, math.ceil(windowMs))
    count = count + 1
  end
  if count == 0 then return { 1, limit, '0', '0' } end
  return { 1, limit - count, untilGone(0), '0' }
`);

/** KEYS[1] the log. ARGV: window in ms, the time in ms or nothing, then an age in ms and an id for each. Those that it has stay as they are. */
const RESTORE = new RedisScript(`${clockOf('ARGV[2]')}
  local windowMs = tonumber(ARGV[1])
  for at = 3, #ARGV, 2 do
    redis.call('ZADD', KEYS[1], 'NX', text(nowMs - tonumber(ARGV[at])), ARGV[at + 1])
  end
  redis.call('PEXPIRE', KEYS[1], math.ceil(windowMs))
  return #ARGV
`);

export class RedisLog extends QuotaStore {
  constructor(
    private readonly run: RunScript,
    private readonly prefix = 'latido:quota:',
  ) {
    super();
  }

  async admit(key: string, limit: number, windowMs: number, nowMs: number, id: string): Promise<QuotaDecision> {
    return this.decide(key, limit, windowMs, nowMs, id);
  }

  async peek(key: string, limit: number, windowMs: number, nowMs: number): Promise<QuotaDecision> {
    return this.decide(key, limit, windowMs, nowMs, '');
  }

  /** May be done by several at once and while others admit: an admission that is there counts once. */
  async restore(key: string, admissions: readonly Admitted[], windowMs: number, nowMs: number): Promise<void> {
    for (let from = 0; from < admissions.length; from += RESTORED_AT_ONCE) {
      const some = admissions.slice(from, from + RESTORED_AT_ONCE);
      await this.run(
        RESTORE,
        [this.keyOf(key)],
        [String(windowMs), this.time(nowMs), ...some.flatMap(({ id, atMs }) => [String(nowMs - atMs), id])],
      );
    }
  }

  /** The time that scripts go by; nothing for Redis' own. */
  protected time(_nowMs: number): string {
    return '';
  }

  private async decide(
    key: string,
    limit: number,
    windowMs: number,
    nowMs: number,
    id: string,
  ): Promise<QuotaDecision> {
    const args = [String(limit), String(windowMs), this.time(nowMs), id];
    const [admitted, remaining, resetMs, retryAfterMs] = (await this.run(DECIDE, [this.keyOf(key)], args)) as [
      number,
      number,
      string,
      string,
    ];
    return {
      admitted: admitted === 1,
      limit,
      remaining,
      resetMs: Number(resetMs),
      retryAfterMs: Number(retryAfterMs),
    };
  }

  /** In braces what a sharded Redis places keys by. */
  private keyOf(key: string): string {
    return `${this.prefix}{${key}}`;
  }
}
