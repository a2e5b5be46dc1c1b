/** How long the newest requests to a version took, by the request log. */
import { Injectable } from '@nestjs/common';
import { RequestLogRepository } from '#audit';
import { ModelDirectory } from '#models';
import { idTime, type Role } from '#platform';
import { ProvenanceRepository } from '../record/provenance.repository.js';
import type { LatencyPercentilesDto, VersionLatencyDto } from './latency.dto.js';
import { LatencyRepository, type AdmittedPrediction } from './latency.repository.js';

/** Predictions that are measured, at most. */
const MOST_MEASURED = 1_000;
/** Predictions that are looked at for them, which bounds what it costs where a version mostly scores files. */
const MOST_LOOKED_AT = 5_000;

@Injectable()
export class LatencyService {
  constructor(
    private readonly models: ModelDirectory,
    private readonly provenances: ProvenanceRepository,
    private readonly predictions: LatencyRepository,
    private readonly requests: RequestLogRepository,
  ) {}

  /**
   * Of predictions that a request asked for by itself: of a file the times are those of all its predictions, and of a batch those
   * of its being sent.
   * @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND also for a version that the role may not see
   */
  async of(model: string, version: string, role: Role): Promise<VersionLatencyDto> {
    await this.models.version(model, version, role);
    const provenanceIds = await this.provenances.idsOf(model, version);
    const newest = await this.predictions.newest(provenanceIds, MOST_LOOKED_AT);
    const single = askedForAlone(newest, newest.length === MOST_LOOKED_AT).slice(0, MOST_MEASURED);
    const timings = await this.requests.timingsOf(single.map(({ admissionId }) => admissionId));
    const measured = single.flatMap(({ id, admissionId }) => {
      const { inferMs = null, totalMs = 0 } = timings.get(admissionId) ?? {};
      return inferMs === null ? [] : [{ id, inferMs, totalMs }];
    });
    const [last, first] = [measured[0], measured.at(-1)];
    return {
      model,
      version,
      predictions: measured.length,
      from: first ? idTime(first.id) : null,
      to: last ? idTime(last.id) : null,
      infer: percentilesOf(measured.map(({ inferMs }) => inferMs)),
      total: percentilesOf(measured.map(({ totalMs }) => totalMs)),
    };
  }
}

/**
 * Predictions whose request made no other one.
 * @param newest predictions, newest first
 * @param cut whether there may be older ones: of a request that came before the oldest, others may be among them
 */
export function askedForAlone(newest: readonly AdmittedPrediction[], cut: boolean): AdmittedPrediction[] {
  const made = new Map<string, number>();
  for (const { admissionId } of newest) made.set(admissionId, (made.get(admissionId) ?? 0) + 1);
  const oldest = newest.at(-1)?.id ?? '';
  return newest.filter(({ admissionId }) => made.get(admissionId) === 1 && (!cut || admissionId > oldest));
}

/** By the nearest rank: what so many of a hundred took at most. Null of none. */
export function percentilesOf(values: readonly number[]): LatencyPercentilesDto | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const rank = (percent: number): number => sorted[Math.ceil((percent / 100) * sorted.length) - 1]!;
  return { p50Ms: rank(50), p90Ms: rank(90), p99Ms: rank(99) };
}
