/** What is asked of Redis: scripts in Lua, each of which it runs as one step that nobody comes between. */
import { createHash } from 'node:crypto';

/** Lua: `nowMs` by the argument, or by Redis' own clock where it is empty; `text` writes a number with all its digits. */
export function clockOf(argument: string): string {
  return `
  local function text(number) return string.format('%.17g', number) end
  local nowMs = tonumber(${argument})
  if not nowMs then
    local time = redis.call('TIME')
    nowMs = time[1] * 1000 + time[2] / 1000
  end
`;
}

export class RedisScript {
  /** By which Redis knows a script that it has seen. */
  readonly sha1: string;

  constructor(readonly lua: string) {
    this.sha1 = createHash('sha1').update(lua).digest('hex');
  }
}

/** Runs a script in one round trip; `args` come as ARGV. Answers what the script returns: strings, integers, lists of them, null. */
export type RunScript = (script: RedisScript, keys: readonly string[], args: readonly string[]) => Promise<unknown>;

/** Redis did not answer, not in time, or with an error. What was asked may have been done all the same. */
export class RedisUnavailableError extends Error {}

/** What REDIS_URL names answers, but not to this configuration: waiting would not mend it. */
export class RedisRefusedError extends Error {}
