/**
 * The Redis (or Valkey) that replicas share. It is asked in scripts of one round trip and never waited for longer than a bound:
 * what does not answer in time counts as away, at once and for everybody, until it answers again. What is to be done meanwhile is
 * the matter of those who ask.
 */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, ErrorReply } from '@redis/client';
import { newId } from '../ids.js';
import { AnswerDeadline } from './answer-deadline.js';
import { RedisRefusedError, RedisScript, RedisUnavailableError, type RunScript } from './redis-script.js';

/** A request waits this long for Redis, and not longer. */
const ANSWER_WITHIN_MS = 100;
const CONNECT_WITHIN_MS = 1_000;
/** For what is brought back to a Redis that has returned, before requests rely on it. */
const RETURN_WITHIN_MS = 10_000;
const BEAT_MS = 1_000;
const RETRY_MS = 250;
/** A replica that was not heard of for so long is gone. */
const REPLICA_GONE_MS = 15_000;
const SAY_ERRORS_EVERY_MS = 60_000;

const REPLICAS = 'latido:{replicas}';
/** Stands in a Redis that knows what it should; not in one that has come up empty. */
const FILLED = 'latido:{replicas}:filled';

/** Says that this replica is alive. Answers how many are, and whether this Redis has been filled. */
const BEAT = new RedisScript(`
  local time = redis.call('TIME')
  local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', KEYS[1], nowMs, ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', nowMs - ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return { redis.call('ZCARD', KEYS[1]), redis.call('EXISTS', KEYS[2]) }
`);
const MARK_FILLED = new RedisScript(`return redis.call('SET', KEYS[1], '1')`);
const LEAVE = new RedisScript(`return redis.call('ZREM', KEYS[1], ARGV[1])`);

/** Errors of a server that will be well again; any other is one of the configuration. */
const PASSES = /^(LOADING|BUSY|MASTERDOWN|OOM|READONLY|MISCONF|NOREPLICAS|ERR max number of clients)/;

type Client = ReturnType<typeof open>;

/**
 * Called when Redis is there (again), before requests are asked of it.
 * @param emptied whether it holds nothing of what it did: another one, or restarted without its data
 */
export type ReturnHook = (run: RunScript, emptied: boolean) => Promise<void>;

export interface RedisConnectionOptions {
  /** Absent: there is none, and `up` stays false. */
  readonly url?: string;
  /** How many replicas there are at least. */
  readonly replicas: number;
}

function open(url: string) {
  return createClient({
    url,
    name: 'latido',
    RESP: 2,
    // Bounds, retries and what is known of lost data belong together, and are kept here.
    socket: { connectTimeout: CONNECT_WITHIN_MS, reconnectStrategy: false },
    commandOptions: { timeout: undefined },
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
}

@Injectable()
export class RedisConnection implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly configured: boolean;
  private readonly logger = new Logger(RedisConnection.name);
  private readonly self = newId();
  private readonly hooks: ReturnHook[] = [];
  private readonly closing = new AbortController();
  private readonly deadline = new AnswerDeadline(ANSWER_WITHIN_MS, () =>
    this.lose(this.client, new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)),
  );
  private client: Client | undefined;
  private answering = false;
  /** Whether its absence has been told. */
  private missed = false;
  private answeringSinceMs = 0;
  private seenReplicas = 0;
  private errorsSaidAtMs = -Infinity;
  private running: Promise<void> | undefined;

  constructor(private readonly options: RedisConnectionOptions) {
    this.configured = options.url !== undefined;
  }

  /** True while it answers in time. */
  get up(): boolean {
    return this.answering;
  }

  /** Processes that share it: as many as were last seen there, or as many as there are by the configuration if that is more. */
  get replicas(): number {
    return Math.max(this.seenReplicas, this.options.replicas, 1);
  }

  onReturn(hook: ReturnHook): void {
    this.hooks.push(hook);
  }

  /**
   * Runs a script, or fails at once while Redis is away.
   * @throws RedisUnavailableError, after ANSWER_WITHIN_MS at the latest
   */
  async run(script: RedisScript, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const { client } = this;
    if (!client || !this.answering) throw new RedisUnavailableError('Redis is away');
    try {
      return await this.inTime(evaluate(client, script, keys, args));
    } catch (error) {
      // A server that refuses what it is asked is still one: whether it is of use is what the next beat finds out.
      if (error instanceof ErrorReply) this.sayError(error);
      else this.lose(client, error as Error);
      throw new RedisUnavailableError('Redis did not answer', { cause: error });
    }
  }

  /**
   * Waits for the first answer, so that what was counted before this process is known when it serves; a Redis that is away stops
   * no start.
   * @throws RedisRefusedError when it answers, but not to this configuration
   */
  async onApplicationBootstrap(): Promise<void> {
    const { url } = this.options;
    if (url === undefined) return;
    try {
      await this.beat(url);
    } catch (error) {
      if (error instanceof ErrorReply && !PASSES.test(error.message)) {
        this.client?.destroy();
        throw new RedisRefusedError(
          `REDIS_URL (${new URL(url).host}) cannot be used: ${error.message}. Example: REDIS_URL=redis://:password@redis.internal:6379`,
          { cause: error },
        );
      }
      this.lose(this.client, error as Error);
    }
    this.running = this.watch(url);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.running;
    if (this.answering) await this.run(LEAVE, [REPLICAS], [this.self]).catch(() => undefined); // it is forgotten soon anyway
    this.answering = false;
    this.client?.destroy();
  }

  /** Connects if need be, says that this replica is there and hears how many are; everything that must be so before `up`. */
  private async beat(url: string): Promise<void> {
    this.client ??= await this.connect(url);
    const { client } = this;
    const [replicas, filled] = (await this.inTime(
      evaluate(client, BEAT, [REPLICAS, FILLED], [this.self, String(REPLICA_GONE_MS)]),
    )) as [number, number];
    this.count(replicas);
    if (this.answering && filled) return;
    if (this.answering) this.logger.warn('Redis has lost what it held: it is filled again from the record');
    this.answering = false; // nobody may count from nothing
    await within(RETURN_WITHIN_MS, this.fill(client, filled === 0));
    if (this.client !== client) return; // lost meanwhile
    this.answering = true;
    this.answeringSinceMs = performance.now();
    if (this.missed) this.logger.log({ replicas }, 'Redis is back: replicas count together again');
    this.missed = false;
  }

  /** After an absence the others need a moment to be seen again: until then there are taken to be as many as before. */
  private count(replicas: number): void {
    const settled = this.answering && performance.now() - this.answeringSinceMs > REPLICA_GONE_MS;
    this.seenReplicas = settled ? replicas : Math.max(this.seenReplicas, replicas);
  }

  private async inTime<T>(answer: Promise<T>): Promise<T> {
    const asked = this.deadline.ask();
    try {
      return await answer;
    } finally {
      this.deadline.answered(asked);
    }
  }

  private async fill(client: Client, emptied: boolean): Promise<void> {
    const run: RunScript = (script, keys, args) => evaluate(client, script, keys, args);
    for (const hook of this.hooks) await hook(run, emptied);
    await run(MARK_FILLED, [FILLED], []);
  }

  private async watch(url: string): Promise<void> {
    for (;;) {
      await sleep(this.answering ? BEAT_MS : RETRY_MS, undefined, { signal: this.closing.signal }).catch(
        () => undefined, // ended early, because the process stops
      );
      if (this.closing.signal.aborted) return;
      await this.beat(url).catch((error: unknown) => this.lose(this.client, error as Error));
    }
  }

  private async connect(url: string): Promise<Client> {
    const client = open(url);
    client.on('error', (error: Error) => this.lose(client, error));
    try {
      await within(CONNECT_WITHIN_MS, client.connect());
      return client;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  /** Everybody who waits is told at once: destroying the client ends what was asked of it. */
  private lose(client: Client | undefined, reason: Error): void {
    if (client !== this.client) return; // one that was lost before
    this.client = undefined;
    this.answering = false;
    if (client?.isOpen) client.destroy();
    if (this.missed || this.closing.signal.aborted) return;
    this.missed = true;
    this.logger.warn(
      { reason: reason.message || (reason as NodeJS.ErrnoException).code, replicas: this.replicas },
      'Redis is away: this replica counts by itself until it is back',
    );
  }

  private sayError(error: Error): void {
    const nowMs = performance.now();
    if (nowMs - this.errorsSaidAtMs < SAY_ERRORS_EVERY_MS) return;
    this.errorsSaidAtMs = nowMs;
    this.logger.error({ reason: error.message }, 'Redis refused what it was asked; not said again for a minute');
  }
}

/** By its hash, which Redis knows from the second time on. Questions of one turn of the event loop leave in one write. */
async function evaluate(
  client: Client,
  { sha1, lua }: RedisScript,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  try {
    return await client.sendCommand(['EVALSHA', sha1, String(keys.length), ...keys, ...args]);
  } catch (error) {
    if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.sendCommand(['EVAL', lua, String(keys.length), ...keys, ...args]);
  }
}

/** Fails when `work` takes longer; the work itself goes on until whoever it waits for is gone. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // told to the caller, unless it was late
  }
}
