/** What each model version has computed in this process since it started: counts and times, nothing of any request. */
import { Injectable } from '@nestjs/common';
import type { ServingVersion } from '#models';
import { Metrics, type PartTimings } from '#platform';

export interface Tally {
  readonly count: number;
  /** Milliseconds, all together. */
  readonly totalMs: number;
}

export interface VersionStatistics {
  readonly rows: number;
  /** Null before the first one. */
  readonly lastAt: Date | null;
  readonly succeeded: Tally;
  readonly failed: Tally;
  /** Of those that succeeded. */
  readonly parts: { readonly validate: Tally; readonly infer: Tally; readonly record: Tally };
}

class Counted implements Tally {
  count = 0;
  totalMs = 0;

  add(ms: number): void {
    this.count += 1;
    this.totalMs += ms;
  }
}

class Counting implements VersionStatistics {
  rows = 0;
  lastAt: Date | null = null;
  readonly succeeded = new Counted();
  readonly failed = new Counted();
  readonly parts = { validate: new Counted(), infer: new Counted(), record: new Counted() };
}

const NOTHING: VersionStatistics = new Counting();

@Injectable()
export class InferenceStatistics {
  private readonly versions = new Map<string, Counting>();
  private readonly durations;

  constructor(metrics: Metrics) {
    this.durations = metrics.distribution(
      'latido_prediction_duration_seconds',
      'Time from request to recorded prediction',
      'model',
    );
  }

  of(versionId: string): VersionStatistics {
    return this.versions.get(versionId) ?? NOTHING;
  }

  succeeded(
    { id, model }: Pick<ServingVersion, 'id' | 'model'>,
    rows: number,
    tookMs: number,
    timings: PartTimings,
  ): void {
    this.durations.of(model).observe(tookMs / 1000);
    const counting = this.counting(id);
    counting.rows += rows;
    counting.lastAt = new Date();
    counting.succeeded.add(tookMs);
    counting.parts.validate.add(timings.validate ?? 0);
    counting.parts.infer.add(timings.infer ?? 0);
    counting.parts.record.add(timings.record ?? 0);
  }

  failed({ id }: Pick<ServingVersion, 'id'>, tookMs: number): void {
    this.counting(id).failed.add(tookMs);
  }

  private counting(versionId: string): Counting {
    let counting = this.versions.get(versionId);
    if (!counting) this.versions.set(versionId, (counting = new Counting()));
    return counting;
  }
}
