/**
 * Lets versions in shadow compute what was answered. It begins when the answer is recorded, nobody waits for it, and when there is too
 * much of it some is left out: a version on trial must cost those who are served nothing.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { FaultList, type FeatureRow, type PredictionResult } from '#inference';
import type { ServingVersion } from '#models';
import { Metrics } from '#platform';
import { compareAnswers } from './compare-answers.js';
import { ShadowRepository, type NewShadowPrediction } from './shadow.repository.js';

/** What is being computed or waits to be written, at most: rows, and their characters of JSON. */
const MOST_ROWS = 20_000;
const MOST_CHARACTERS = 32 * 1024 * 1024;
const WRITE_EVERY_MS = 100;
const BATCH_SIZE = 500;

/** What was answered, recorded already. */
export interface Answered {
  readonly id: string;
  readonly serving: ServingVersion;
  /** JSON text of each row, as it is recorded. */
  readonly inputs: readonly string[];
  readonly subjects: readonly (string | null)[] | null;
  readonly results: readonly PredictionResult[];
  readonly durationMs: number;
}

interface Finished {
  readonly entry: NewShadowPrediction;
  readonly characters: number;
}

@Injectable()
export class ShadowRuns implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ShadowRuns.name);
  private readonly running = new Set<Promise<void>>();
  private readonly finished: Finished[] = [];
  private rows = 0;
  private characters = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly computed;
  private readonly left;

  constructor(
    private readonly repository: ShadowRepository,
    metrics: Metrics,
  ) {
    this.computed = metrics.counter(
      'latido_shadow_predictions_total',
      'Predictions computed again by a version in shadow',
    );
    this.left = metrics.counter('latido_shadow_left_out_total', 'Predictions not computed in shadow: too many waited');
  }

  /** Begins; what fails is noted with the prediction, and never thrown. */
  begin(answered: Answered, shadows: readonly ServingVersion[]): void {
    const rowCount = answered.inputs.length;
    const characters = answered.inputs.reduce((sum, { length }) => sum + length, 0);
    for (const shadow of shadows) {
      if (this.rows + rowCount > MOST_ROWS || this.characters + characters > MOST_CHARACTERS) {
        this.left.inc();
        continue;
      }
      this.rows += rowCount;
      this.characters += characters;
      const run = this.compute(answered, shadow).then((entry) => {
        this.finished.push({ entry, characters });
        this.computed.inc();
        this.timer ??= setTimeout(() => void this.write(), WRITE_EVERY_MS).unref();
      });
      this.running.add(run);
      void run.finally(() => this.running.delete(run));
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.settle();
  }

  /** Resolves when all that began is written. */
  async settle(): Promise<void> {
    await Promise.all(this.running);
    await this.write();
  }

  private async compute(
    { id, serving, inputs, subjects, results, durationMs: servedDurationMs }: Answered,
    shadow: ServingVersion,
  ): Promise<NewShadowPrediction> {
    await nextTurn(); // the answer goes out first
    const known = {
      predictionId: id,
      versionId: shadow.id,
      servedVersionId: serving.id,
      rows: inputs.length,
      subjects: new Set(subjects?.filter((subject) => subject !== null)).size,
      servedDurationMs,
    };
    let startedAt = performance.now();
    try {
      const rows = inputs.map((input) => JSON.parse(input) as unknown);
      const read = readRows(shadow, rows);
      startedAt = performance.now();
      const { values, width } = await shadow.score(read);
      const durationMs = performance.now() - startedAt;
      const others = rows.map((_, row) => shadow.decode(values.subarray(row * width, (row + 1) * width)));
      const compared = others.map((other, row) => compareAnswers(results[row]!, other));
      return {
        ...known,
        failed: false,
        agreed: compared.filter(({ agrees }) => agrees).length,
        differenceSum: compared.reduce((sum, { difference }) => sum + difference, 0),
        largestDifference: compared.reduce((largest, { difference }) => Math.max(largest, difference), 0),
        durationMs,
        scores: Buffer.from(values.buffer, values.byteOffset, values.byteLength),
        labels: others.every((other) => 'label' in other) ? others.map(({ label }) => label) : null,
      };
    } catch {
      // Of a row that this version cannot read or compute; what is wrong may tell of the patient, so that it failed is all that is kept.
      const durationMs = performance.now() - startedAt;
      return {
        ...known,
        failed: true,
        agreed: 0,
        differenceSum: 0,
        largestDifference: 0,
        durationMs,
        scores: null,
        labels: null,
      };
    }
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.finished.length > 0) {
      const batch = this.finished.splice(0, BATCH_SIZE);
      try {
        await this.repository.insertMany(batch.map(({ entry }) => entry));
      } catch (error) {
        // Not the error itself: Postgres quotes values in its messages.
        const { name, code } = error as { name?: unknown; code?: unknown };
        this.logger.warn({ error: name, code, lost: batch.length }, 'what was computed in shadow could not be written');
        this.left.inc(batch.length);
      } finally {
        for (const { entry, characters } of batch) {
          this.rows -= entry.rows;
          this.characters -= characters;
        }
      }
    }
  }
}

/** @throws RangeError where the version does not take a row */
function readRows(shadow: ServingVersion, rows: readonly unknown[]): FeatureRow[] {
  const faults = new FaultList();
  return rows.map((row) => {
    const read = shadow.readRecorded(row, '', faults);
    if (read === undefined) throw new RangeError('the version does not take this row');
    return read;
  });
}
