/**
 * Keeps the sums over the record up to date, from the record alone: nothing is added to what an answer costs. A chain's batches are
 * committed one after the other, so that the last one that was counted says exactly what was: there is no time to wait for stragglers.
 *
 * A step counts a bounded number of batches and says so in the same transaction: it is done as a whole or not at all, whatever ends it,
 * and by one process at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { isDatabaseUnavailable, withoutMessage } from '#platform';
import { holdErasures } from '../record/erasure.js';
import { StepCount } from './step-count.js';
import { TallyRepository, type CountedPrediction, type PendingBatch } from './tally.repository.js';
import { VersionScores } from './version-scores.js';

const EVERY_MS = 30_000;
/** Between steps it rests so many times as long as they take: a long history does not take the machine from those who ask. */
const REST_FACTOR = 4;
/** While another process is at it, or an erasure. */
const LOOK_AGAIN_MS = 25;

/** What one step takes at most, if it is more than a single batch. */
const MOST_BATCHES = 1_000;
const MOST_PREDICTIONS = 1_000;
const MOST_ROWS = 20_000;
const LONGEST_SPAN_MS = 60_000;
/** Contents that are in memory at once, if it is more than a single one. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Where the predictions of a batch are looked for: their ids are made before it is sealed, while they wait to be recorded; after it only
 * where the clock was set back, because ids go on with the time they had. The narrower a range, the fewer predictions of other batches
 * are looked at; the next one is for those that are missing: of an overloaded server, and of a file that was answered as a whole.
 */
const RANGES = [
  { beforeMs: 250, afterMs: 50 },
  { beforeMs: 5_000, afterMs: 1_000 },
  { beforeMs: 900_000, afterMs: 900_000 },
];

/** `busy`: another process is at it, or an erasure. */
export type StepOutcome = 'counted' | 'nothing left' | 'busy';

@Injectable()
export class PredictionTallies implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PredictionTallies.name);
  private timer: NodeJS.Timeout | undefined;
  private background: Promise<void> | undefined;
  private hurrying: Promise<void> | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly tallies: TallyRepository,
    private readonly scores: VersionScores,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.background ??= this.keepUp().finally(() => (this.background = undefined));
    }, EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    clearInterval(this.timer);
    await Promise.allSettled([this.background, this.hurrying]);
  }

  /** Counts what there is, for so long at most. Those who ask meanwhile wait for the same. @throws what the database said */
  catchUp(withinMs: number): Promise<void> {
    this.hurrying ??= this.hurry(withinMs).finally(() => (this.hurrying = undefined));
    return this.hurrying;
  }

  /** Adds some of what is not in the sums. @throws what the database said; then nothing was added */
  step(): Promise<StepOutcome> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await this.tallies.hold(manager)) || !(await holdErasures(manager))) return 'busy';
      const pending = await this.tallies.pending(manager);
      if (pending.length === 0) return 'nothing left';
      const taken = withinBounds(pending);
      const found = await this.predictionsOf(manager, taken);
      const batches = withinRows(taken, found);
      const last = new Map(batches.map((batch) => [batch.shard, batch.seq]));
      const counted =
        batches.length === taken.length ? found : found.filter((each) => each.seq <= (last.get(each.shard) ?? -1));
      await this.count(manager, counted);
      await this.tallies.advance(manager, batches);
      return 'counted';
    });
  }

  private async hurry(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    while (!this.stop.signal.aborted && performance.now() < until) {
      const outcome = await this.step();
      if (outcome === 'nothing left') return;
      if (outcome === 'busy') await sleep(LOOK_AGAIN_MS);
    }
  }

  private async keepUp(): Promise<void> {
    try {
      for (;;) {
        const beganMs = performance.now();
        if ((await this.step()) !== 'counted') return;
        await sleep(REST_FACTOR * (performance.now() - beganMs), undefined, { signal: this.stop.signal });
      }
    } catch (error) {
      if (!this.stop.signal.aborted && !isDatabaseUnavailable(error))
        this.logger.warn(withoutMessage(error), 'predictions could not be counted; tried again soon');
    }
  }

  /** Those that are left in the record: of a month that was dropped there are none. */
  private async predictionsOf(manager: EntityManager, batches: readonly PendingBatch[]): Promise<CountedPrediction[]> {
    const sealing = batches.filter(({ predictions }) => predictions > 0);
    if (sealing.length === 0) return [];
    const times = sealing.map(({ sealedAt }) => sealedAt.getTime());
    const expected = sealing.reduce((sum, { predictions }) => sum + predictions, 0);
    let found: CountedPrediction[] = [];
    for (const { beforeMs, afterMs } of RANGES) {
      const from = new Date(Math.max(0, Math.min(...times) - beforeMs));
      found = await this.tallies.sealedIn(manager, sealing, from, new Date(Math.max(...times) + afterMs));
      if (found.length >= expected) break;
    }
    return found;
  }

  private async count(manager: EntityManager, predictions: readonly CountedPrediction[]): Promise<void> {
    const step = new StepCount();
    for (const piece of piecesOf(predictions)) {
      const read = piece.filter(({ contentBytes }) => contentBytes > 0).map(({ id }) => id);
      const contents = await this.tallies.contents(manager, read);
      for (const prediction of piece)
        step.add(prediction, contents.get(prediction.id), await this.scores.of(prediction.versionId));
    }
    await this.tallies.add(manager, step.days(), step.files());
  }
}

/** The first of the batches, so that their predictions are not too many, and are found within a short range of time. */
function withinBounds(pending: readonly PendingBatch[]): PendingBatch[] {
  const [first] = pending;
  const latest = first!.sealedAt.getTime() + LONGEST_SPAN_MS;
  let predictions = 0;
  const end = pending.findIndex((batch, index) => {
    predictions += batch.predictions;
    return index > 0 && (index >= MOST_BATCHES || predictions > MOST_PREDICTIONS || batch.sealedAt.getTime() > latest);
  });
  return end < 0 ? [...pending] : pending.slice(0, end);
}

/** The first of them, so that their rows are not too many. */
function withinRows(batches: readonly PendingBatch[], predictions: readonly CountedPrediction[]): PendingBatch[] {
  const rowsOf = new Map<string, number>();
  for (const { shard, seq, rowCount } of predictions)
    rowsOf.set(`${shard}/${seq}`, (rowsOf.get(`${shard}/${seq}`) ?? 0) + rowCount);
  let rows = 0;
  const end = batches.findIndex(({ shard, seq }, index) => {
    rows += rowsOf.get(`${shard}/${seq}`) ?? 0;
    return index > 0 && rows > MOST_ROWS;
  });
  return end < 0 ? [...batches] : batches.slice(0, end);
}

function* piecesOf(predictions: readonly CountedPrediction[]): Generator<CountedPrediction[]> {
  let piece: CountedPrediction[] = [];
  let bytes = 0;
  for (const prediction of predictions) {
    if (piece.length > 0 && bytes + prediction.contentBytes > PIECE_BYTES) {
      yield piece;
      [piece, bytes] = [[], 0];
    }
    piece.push(prediction);
    bytes += prediction.contentBytes;
  }
  if (piece.length > 0) yield piece;
}
