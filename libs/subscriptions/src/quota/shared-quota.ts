/**
 * The quota that replicas count together in Redis, and what holds while it is away: then each decides by itself, admits its share
 * of the limit and no more, and tells Redis afterwards what it admitted.
 */
import { Injectable, Logger } from '@nestjs/common';
import { Metrics, RedisConnection, type RunScript } from '#platform';
import { QuotaClock } from './quota-clock.js';
import { QuotaStore, type Admitted, type QuotaDecision } from './quota-store.js';
import { RecordedAdmissions } from './recorded-admissions.js';
import { RedisLog } from './redis-log.js';
import { SlidingLog } from './sliding-log.js';
import { QUOTA_WINDOW_MS } from './throttling.js';

/** Logs brought back to Redis in one go, so that neither side holds many at once. */
const LOGS_AT_ONCE = 500;

/** Below this length the list of what Redis does not know is not looked through. */
const LEAST_FORGOTTEN = 1_024;

interface OwnAdmission extends Admitted {
  readonly key: string;
  readonly windowMs: number;
}

@Injectable()
export class SharedQuota extends QuotaStore {
  private readonly logger = new Logger(SharedQuota.name);
  private readonly shared: RedisLog;
  /**
   * What this replica has admitted, wherever it was decided: so that a Redis that goes away in the middle of a minute gives nobody
   * a second share.
   */
  private readonly own = new SlidingLog();
  /** What Redis does not know yet, oldest first. */
  private untold: OwnAdmission[] = [];
  private forgetAtLength = LEAST_FORGOTTEN;
  private readonly localDecisions;

  constructor(
    private readonly redis: RedisConnection,
    private readonly recorded: RecordedAdmissions,
    private readonly clock: QuotaClock,
    metrics: Metrics,
  ) {
    super();
    this.shared = new RedisLog((script, keys, args) => redis.run(script, keys, args));
    redis.onReturn((run, emptied) => this.bringBack(run, emptied));
    metrics.gauge(
      'latido_quota_shared',
      '1 while replicas count quotas together in Redis, 0 while this one counts by itself',
      () => (redis.up ? 1 : 0),
      'min',
    );
    this.localDecisions = metrics.counter(
      'latido_quota_local_decisions_total',
      'Quota decisions that this replica took by itself, because Redis was away',
    );
  }

  admit(
    key: string,
    limit: number,
    windowMs: number,
    nowMs: number,
    id: string,
  ): QuotaDecision | Promise<QuotaDecision> {
    if (!this.redis.up) return this.admitShare(key, limit, windowMs, nowMs, id);
    // Admitted here in the moment in which Redis came back. It hears of them before it is asked.
    if (this.untold.length > 0) this.tellUntold(this.shared).catch(() => undefined); // kept for the next time
    return this.shared.admit(key, limit, windowMs, nowMs, id).then(
      (decision) => {
        if (decision.admitted) this.own.note(key, windowMs, this.clock.monotonicMs());
        return decision;
      },
      // Redis may have counted it all the same. If it is admitted here it is told again under its id, which counts once.
      () => this.admitShare(key, limit, windowMs, this.clock.monotonicMs(), id),
    );
  }

  peek(key: string, limit: number, windowMs: number, nowMs: number): QuotaDecision | Promise<QuotaDecision> {
    const share = (): QuotaDecision => asShare(this.own.peek(key, this.shareOf(limit), windowMs, nowMs));
    return this.redis.up ? this.shared.peek(key, limit, windowMs, nowMs).catch(share) : share();
  }

  /** In this replica's own log. Redis is filled when it is found empty, which the start waits for. */
  restore(key: string, admissions: readonly Admitted[]): void {
    this.own.restore(key, admissions);
  }

  private admitShare(key: string, limit: number, windowMs: number, nowMs: number, id: string): QuotaDecision {
    this.localDecisions.inc();
    const decision = this.own.admit(key, this.shareOf(limit), windowMs, nowMs);
    if (decision.admitted) {
      this.untold.push({ key, windowMs, id, atMs: nowMs });
      this.forgetExpired(nowMs);
    }
    return asShare(decision);
  }

  /** At least one: a plan of fewer requests than there are replicas is better exceeded than refused to everybody. */
  private shareOf(limit: number): number {
    return Math.max(1, Math.floor(limit / this.redis.replicas));
  }

  /** What is older than its window is of no use to Redis. Looked for when the list has doubled: each entry is moved a few times at most. */
  private forgetExpired(nowMs: number): void {
    if (this.untold.length < this.forgetAtLength) return;
    this.untold = within(this.untold, nowMs);
    this.forgetAtLength = Math.max(LEAST_FORGOTTEN, this.untold.length * 2);
  }

  /**
   * Before Redis is relied on (again). One that has lost what it held learns it from the record, as a restarted process does; what
   * was admitted here meanwhile it learns from here. All replicas may do so at once.
   */
  private async bringBack(run: RunScript, emptied: boolean): Promise<void> {
    const log = new RedisLog(run);
    if (emptied) {
      const logs = await this.recorded.withinWindow();
      await restoreAll(log, logs, QUOTA_WINDOW_MS, this.clock.monotonicMs());
      if (logs.size > 0) this.logger.log({ users: logs.size }, 'the quota in Redis is filled from the record');
    }
    // Requests go on being admitted here while these are told, and Redis must not wait for a moment without any: the second time
    // they are those of the first, and what is left then is told with the next request.
    await this.tellUntold(log);
    await this.tellUntold(log);
  }

  private async tellUntold(log: RedisLog): Promise<void> {
    const telling = this.untold;
    this.untold = [];
    this.forgetAtLength = LEAST_FORGOTTEN;
    try {
      await this.tell(log, telling);
    } catch (error) {
      this.untold = [...telling, ...this.untold];
      throw error;
    }
  }

  private async tell(log: RedisLog, admissions: readonly OwnAdmission[]): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    const windows = groupBy(within(admissions, nowMs), ({ windowMs }) => windowMs);
    for (const [windowMs, inWindow] of windows)
      await restoreAll(
        log,
        groupBy(inWindow, ({ key }) => key),
        windowMs,
        nowMs,
      );
  }
}

function asShare(decision: QuotaDecision): QuotaDecision {
  return { ...decision, scope: 'replica' };
}

function within(admissions: readonly OwnAdmission[], nowMs: number): OwnAdmission[] {
  return admissions.filter(({ atMs, windowMs }) => atMs + windowMs > nowMs);
}

function groupBy<Key, T>(all: readonly T[], keyOf: (one: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

async function restoreAll(
  log: RedisLog,
  logs: ReadonlyMap<string, readonly Admitted[]>,
  windowMs: number,
  nowMs: number,
): Promise<void> {
  const all = [...logs];
  for (let from = 0; from < all.length; from += LOGS_AT_ONCE) {
    const some = all.slice(from, from + LOGS_AT_ONCE);
    await Promise.all(some.map(([key, admissions]) => log.restore(key, admissions, windowMs, nowMs)));
  }
}
