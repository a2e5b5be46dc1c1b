/**
 * The rows that replicas count together in Redis, and what holds while it is away: then each gives out its share of what the record
 * leaves of a user's day, so that all of them together never give out more than the day has. A user whose rows were counted
 * without Redis begins from the record there when it is back; only what is in flight at that moment is not in it yet.
 */
import { RedisUnavailableError, type RedisConnection, type RunScript } from '#platform';
import type { RecordedUseRepository } from '../quota/recorded-use.repository.js';
import { LocalRows } from './local-rows.js';
import { forgetCounts, RedisRows } from './redis-rows.js';
import { RowCounter, type RowRefusal, type RowReservation } from './row-counter.js';

export class SharedRows extends RowCounter {
  private readonly run: RunScript;
  private readonly shared: RedisRows;
  private readonly local: LocalRows;
  /** Users whose count in Redis is not right any more, on that day. */
  private wrong = { day: 0, users: new Set<string>() };

  constructor(
    private readonly redis: RedisConnection,
    recordedUse: RecordedUseRepository,
  ) {
    super();
    this.run = (script, keys, args) => redis.run(script, keys, args);
    this.shared = new RedisRows(recordedUse, this.run, ({ userId, day }) => this.markWrong(userId, day));
    this.local = new LocalRows(recordedUse, () => redis.replicas);
    redis.onReturn((run) => this.beginAnew(run));
  }

  reserve(
    userId: string,
    day: number,
    rows: number,
    rowsPerDay: number,
  ): RowReservation | RowRefusal | Promise<RowReservation | RowRefusal> {
    const here = (): RowReservation | RowRefusal | Promise<RowReservation | RowRefusal> => {
      this.markWrong(userId, day);
      return this.local.reserve(userId, day, rows, rowsPerDay);
    };
    if (!this.redis.up) return here();
    // Counted here in the moment in which Redis came back, or not handed back there.
    if (this.wrong.users.size > 0) this.beginAnew(this.run).catch(() => undefined); // kept for the next time
    return this.shared.reserve(userId, day, rows, rowsPerDay).catch(whenAway(here));
  }

  release(reservation: RowReservation): void {
    if (this.local.gave(reservation)) this.local.release(reservation);
    else this.shared.release(reservation);
  }

  used(userId: string, day: number): number | Promise<number> {
    const here = (): Promise<number> => this.local.used(userId, day);
    return this.redis.up ? this.shared.used(userId, day).catch(whenAway(here)) : here();
  }

  private markWrong(userId: string, day: number): void {
    if (day !== this.wrong.day) this.wrong = { day, users: new Set() };
    this.wrong.users.add(userId);
  }

  /** Requests may be counted here while counts in Redis are forgotten: what they leave wrong is put right with the next one. */
  private async beginAnew(run: RunScript): Promise<void> {
    const { day, users } = this.wrong;
    this.wrong = { day, users: new Set() };
    try {
      await forgetCounts(run, [...users], day);
      this.local.forget();
    } catch (error) {
      for (const userId of users) this.markWrong(userId, day);
      throw error;
    }
  }
}

/** What else to do without Redis; a database that is away is no reason to. */
function whenAway<T>(otherwise: () => T | Promise<T>): (error: unknown) => T | Promise<T> {
  return (error) => {
    if (!(error instanceof RedisUnavailableError)) throw error;
    return otherwise();
  };
}
