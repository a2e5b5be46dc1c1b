/** How a version on trial does on what clients really send, beside the version in service. */
import { Injectable } from '@nestjs/common';
import { ModelDirectory, versionIn } from '#models';
import type { Role } from '#platform';
import type { ComparisonQuery, LatencyDto, ServedComparisonDto, TrafficComparisonDto } from './shadow.dto.js';
import { ShadowRepository, type ShadowSummary } from './shadow.repository.js';

@Injectable()
export class ShadowService {
  constructor(
    private readonly models: ModelDirectory,
    private readonly shadows: ShadowRepository,
  ) {}

  /** @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND */
  async compare(model: string, { version, from, to }: ComparisonQuery, role: Role): Promise<TrafficComparisonDto> {
    const { versions } = await this.models.visible(model, role);
    const { id } = versionIn({ name: model, versions }, version);
    const numbers = new Map(versions.map((known) => [known.id, known.version]));
    const summaries = await this.shadows.summaries(id, dateOf(from), dateOf(to));
    return { model, version, comparisons: summaries.map((summary) => viewOf(summary, numbers)) };
  }
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function viewOf(summary: ShadowSummary, numbers: ReadonlyMap<string, string>): ServedComparisonDto {
  const { servedVersionId, versionId, predictions, failed, rows, agreed } = summary;
  return {
    answered: numbers.get(servedVersionId) ?? servedVersionId,
    shadow: numbers.get(versionId) ?? versionId,
    predictions,
    failed,
    rows,
    agreement: rows === 0 ? null : agreed / rows,
    meanDifference: summary.meanDifference,
    largestDifference: summary.largestDifference,
    answeredLatencyMs: latencyOf(summary.servedMeanMs, summary.servedP95Ms),
    shadowLatencyMs: latencyOf(summary.shadowMeanMs, summary.shadowP95Ms),
  };
}

function latencyOf(mean: number | null, p95: number | null): LatencyDto | null {
  return mean === null || p95 === null ? null : { mean, p95 };
}
