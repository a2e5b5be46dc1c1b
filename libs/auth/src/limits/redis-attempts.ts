/**
 * Attempts of all replicas together, in Redis, by the rules and the arithmetic of `LocalAttempts` and by Redis' clock. What is
 * counted of an account or address goes when it would be forgotten; that an account has signed in from an address is known for as
 * long as a session may last.
 */
import { clockOf, newId, RedisScript, type RunScript } from '#platform';
import { secretHash } from '../secret-hash.js';
import {
  ACCOUNT,
  ADDRESS,
  ATTACKED_ACCOUNT_FAILURES,
  PAIR,
  PAIR_OF_ATTACKED_ACCOUNT,
  RATES,
  type AttemptKind,
  type Delays,
  type Rate,
} from './attempt-rules.js';
import { AttemptStore, type Attempt, type Wait } from './attempt-store.js';

const KNOWN_FOR_MS = 30 * 24 * 3_600_000;

/** A table in Lua. */
function lua(rule: Delays | Rate): string {
  const fields = Object.entries(rule).map(([name, value]) => `${name} = ${value === Infinity ? 'math.huge' : value}`);
  return `{ ${fields.join(', ')} }`;
}

/** ARGV[1] of every script is the time in ms, or nothing for Redis' own. */
const FUNCTIONS = `${clockOf('ARGV[1]')}
  -- The time until the rate admits another attempt; 0 when it has admitted this one.
  local function rateWaitMs(key, rate, id)
    redis.call('ZREMRANGEBYSCORE', key, '-inf', text(nowMs - rate.windowMs))
    if redis.call('ZCARD', key) >= rate.limit then
      local oldest = tonumber(redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2])
      return math.min(oldest + rate.windowMs - nowMs, rate.windowMs)
    end
    redis.call('ZADD', key, text(nowMs), id)
    redis.call('PEXPIRE', key, rate.windowMs)
    return 0
  end

  local function failuresOf(key, delays)
    local stored = redis.call('HMGET', key, 'count', 'countedAtMs', 'notBeforeMs')
    if not stored[1] then return 0, 0 end
    local forgotten = math.floor((nowMs - tonumber(stored[2])) / delays.forgetOneMs)
    return math.max(0, tonumber(stored[1]) - forgotten), tonumber(stored[3])
  end

  -- No longer than a delay can be, should the clock have been set back.
  local function delayLeftMs(key, delays)
    local _, notBeforeMs = failuresOf(key, delays)
    return math.min(math.max(0, notBeforeMs - nowMs), delays.longestMs)
  end

  -- Answers from when the next attempt was let through before, and is now.
  local function addFailure(key, delays)
    local count, beforeMs = failuresOf(key, delays)
    count = count + 1
    local delayMs = 0
    if count >= delays.free then delayMs = math.min(delays.firstMs * 2 ^ (count - delays.free), delays.longestMs) end
    local notBeforeMs = math.max(beforeMs, nowMs + delayMs)
    redis.call('HSET', key, 'count', count, 'countedAtMs', text(nowMs), 'notBeforeMs', text(notBeforeMs))
    redis.call('PEXPIRE', key, math.ceil(math.max(count * delays.forgetOneMs, delayMs)))
    return text(beforeMs), text(notBeforeMs)
  end

  local function takeBack(key, before, notBefore)
    local stored = redis.call('HMGET', key, 'count', 'notBeforeMs')
    if not stored[1] then return end
    local count = math.max(0, tonumber(stored[1]) - 1)
    if stored[2] == notBefore then stored[2] = before end
    if count == 0 and tonumber(stored[2]) <= nowMs then redis.call('DEL', key)
    else redis.call('HSET', key, 'count', count, 'notBeforeMs', stored[2]) end
  end
`;

/** KEYS[1] the attempts. ARGV: the time, limit, window in ms, an id. Answers the ms to wait, as text. */
const ADMIT = new RedisScript(`${FUNCTIONS}
  return text(rateWaitMs(KEYS[1], { limit = tonumber(ARGV[2]), windowMs = tonumber(ARGV[3]) }, ARGV[4]))
`);

/** KEYS: pair, address, account, known, attempts. ARGV: the time, an id. Answers the ms to wait alone, or 0 and what `SETTLE` takes back. */
const ADMIT_SIGN_IN = new RedisScript(`${FUNCTIONS}
  local pair, address, account, known, attempts = unpack(KEYS)
  local pairDelays = ${lua(PAIR)}
  if failuresOf(account, ${lua(ACCOUNT)}) >= ${ATTACKED_ACCOUNT_FAILURES} then pairDelays = ${lua(PAIR_OF_ATTACKED_ACCOUNT)} end
  local waitMs = delayLeftMs(pair, pairDelays)
  if redis.call('EXISTS', known) == 0 then waitMs = math.max(waitMs, delayLeftMs(address, ${lua(ADDRESS)})) end
  if waitMs == 0 then waitMs = rateWaitMs(attempts, ${lua(RATES['sign-in'])}, ARGV[2]) end
  if waitMs > 0 then return { text(waitMs) } end
  local pairBefore, pairNow = addFailure(pair, pairDelays)
  local addressBefore, addressNow = addFailure(address, ${lua(ADDRESS)})
  local accountBefore, accountNow = addFailure(account, ${lua(ACCOUNT)})
  return { '0', pairBefore, pairNow, addressBefore, addressNow, accountBefore, accountNow }
`);

/** KEYS: pair, address, account, known. ARGV: the time, whether it succeeded, and what `ADMIT_SIGN_IN` answered after the 0. */
const SETTLE = new RedisScript(`${FUNCTIONS}
  if ARGV[2] == 'succeeded' then
    redis.call('DEL', KEYS[1])
    redis.call('SET', KEYS[4], '1', 'PX', ${KNOWN_FOR_MS})
  else
    takeBack(KEYS[1], ARGV[3], ARGV[4])
  end
  takeBack(KEYS[2], ARGV[5], ARGV[6])
  takeBack(KEYS[3], ARGV[7], ARGV[8])
`);

export class RedisAttempts extends AttemptStore {
  constructor(
    private readonly run: RunScript,
    private readonly prefix = 'latido:{attempts}:',
  ) {
    super();
  }

  /** @throws RedisUnavailableError */
  async admit(kind: AttemptKind, address: string): Promise<Wait | undefined> {
    const { limit, windowMs } = RATES[kind];
    const args = [this.time(), String(limit), String(windowMs), newId()];
    const waitMs = Number(await this.run(ADMIT, [this.key(kind, address)], args));
    return waitMs > 0 ? { waitMs } : undefined;
  }

  /** @throws RedisUnavailableError */
  async admitSignIn(accountHash: string, address: string): Promise<Attempt | Wait> {
    // Hashed, because it is kept for longer than an address should be.
    const pair = secretHash(`${accountHash} ${address}`);
    const keys = [
      this.key('pair', pair),
      this.key('address', address),
      this.key('account', accountHash),
      this.key('known', pair),
    ];
    const answer = await this.run(ADMIT_SIGN_IN, [...keys, this.key('sign-in', address)], [this.time(), newId()]);
    const [waitMs, ...counted] = answer as [string, ...string[]];
    if (Number(waitMs) > 0) return { waitMs: Number(waitMs) };
    const settle = (how: 'succeeded' | 'abandoned') => (): void => {
      // Where Redis cannot be told, the attempt stays counted as one that failed.
      this.run(SETTLE, keys, [this.time(), how, ...counted]).catch(() => undefined);
    };
    return { succeeded: settle('succeeded'), abandoned: settle('abandoned') };
  }

  /** The time that scripts go by; nothing for Redis' own. */
  protected time(): string {
    return '';
  }

  private key(what: string, whose: string): string {
    return `${this.prefix}${what}:${whose}`;
  }
}
