/** The rows of all replicas together, in Redis: a count per user and day that begins from the record. */
import { newId, RedisScript, type RunScript } from '#platform';
import type { RecordedUseRepository } from '../quota/recorded-use.repository.js';
import { RowCounter, type RowRefusal, type RowReservation } from './row-counter.js';
import { RecordedRows } from './recorded-rows.js';

/** A day's count stays until no request of that day can be in flight any more, on whichever replica. */
const KEPT_SECONDS = 2 * 86_400;
const FORGOTTEN_AT_ONCE = 500;

/**
 * KEYS[1] the count. ARGV: rows, rows per day, then, where the count is new, what is recorded and its id.
 * Answers {1, id} when they are taken, {0, rows before} when not, {-1} when there is no count yet.
 */
const RESERVE = new RedisScript(`
  local used = redis.call('HGET', KEYS[1], 'rows')
  if not used then
    if not ARGV[3] then return { -1 } end
    used = ARGV[3]
    redis.call('HSET', KEYS[1], 'rows', used, 'id', ARGV[4])
    redis.call('EXPIRE', KEYS[1], ${KEPT_SECONDS})
  end
  if used + ARGV[1] > tonumber(ARGV[2]) then return { 0, tonumber(used) } end
  redis.call('HINCRBY', KEYS[1], 'rows', ARGV[1])
  return { 1, redis.call('HGET', KEYS[1], 'id') }
`);
/** A count that has begun anew since does not know of the rows. */
const RELEASE = new RedisScript(`
  if redis.call('HGET', KEYS[1], 'id') == ARGV[2] then redis.call('HINCRBY', KEYS[1], 'rows', -ARGV[1]) end
`);
const USED = new RedisScript(`return redis.call('HGET', KEYS[1], 'rows')`);
const FORGET = new RedisScript(`return redis.call('DEL', KEYS[1])`);

export class RedisRows extends RowCounter {
  private readonly recorded: RecordedRows;

  constructor(
    recordedUse: RecordedUseRepository,
    private readonly run: RunScript,
    /** Told when rows could not be handed back. */
    private readonly onUnreleased: (reservation: RowReservation) => void = () => undefined,
  ) {
    super();
    this.recorded = new RecordedRows(recordedUse);
  }

  /** @throws RedisUnavailableError */
  async reserve(userId: string, day: number, rows: number, rowsPerDay: number): Promise<RowReservation | RowRefusal> {
    const ask = async (...more: string[]): Promise<[number, (string | number)?]> =>
      (await this.run(RESERVE, [countKey(userId, day)], [String(rows), String(rowsPerDay), ...more])) as never;
    let [outcome, told] = await ask();
    if (outcome === -1) [outcome, told] = await ask(String(await this.recorded.of(userId, day)), newId());
    return outcome === 1
      ? { userId, rows, day, count: String(told) }
      : { left: Math.max(0, rowsPerDay - Number(told)) };
  }

  release(reservation: RowReservation): void {
    const { userId, day, rows, count } = reservation;
    this.run(RELEASE, [countKey(userId, day)], [String(rows), count]).catch(() => this.onUnreleased(reservation));
  }

  /** @throws RedisUnavailableError */
  async used(userId: string, day: number): Promise<number> {
    const used = await this.run(USED, [countKey(userId, day)], []);
    return used === null ? this.recorded.of(userId, day) : Number(used);
  }
}

/** Lets the counts of a day begin from the record again. */
export async function forgetCounts(run: RunScript, userIds: readonly string[], day: number): Promise<void> {
  for (let from = 0; from < userIds.length; from += FORGOTTEN_AT_ONCE) {
    const some = userIds.slice(from, from + FORGOTTEN_AT_ONCE);
    await Promise.all(some.map((userId) => run(FORGET, [countKey(userId, day)], [])));
  }
}

function countKey(userId: string, day: number): string {
  return `latido:rows:{${userId}}:${day}`;
}
