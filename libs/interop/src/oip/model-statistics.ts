/** The statistics extension: what each version has computed in this process since it started. */
import { Injectable } from '@nestjs/common';
import { ModelDirectory, versionIn, type VersionRecord } from '#models';
import type { Role } from '#platform';
import { InferenceStatistics, type Tally } from '#predictions';

interface Duration {
  readonly count: number;
  readonly ns: number;
}

export interface ModelStatisticsView {
  readonly name: string;
  readonly version: string;
  /** Milliseconds since 1970; 0 before the first one. */
  readonly last_inference: number;
  /** Rows. */
  readonly inference_count: number;
  /** Requests: requests that share a run are counted one by one. */
  readonly execution_count: number;
  readonly inference_stats: Readonly<
    Record<
      'success' | 'fail' | 'queue' | 'compute_input' | 'compute_infer' | 'compute_output' | 'cache_hit' | 'cache_miss',
      Duration
    >
  >;
  readonly batch_stats: readonly never[];
}

const NOTHING: Duration = { count: 0, ns: 0 };

@Injectable()
export class ModelStatistics {
  constructor(
    private readonly directory: ModelDirectory,
    private readonly statistics: InferenceStatistics,
  ) {}

  /** Of all models, of all versions of one, or of one version: those that the role may see. @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND */
  async of(name: string | undefined, version: string | undefined, role: Role): Promise<ModelStatisticsView[]> {
    const models =
      name === undefined ? await this.directory.allVisible(role) : [await this.directory.visible(name, role)];
    return models
      .flatMap((model) => (version === undefined ? model.versions : [versionIn(model, version)]))
      .map((record) => this.viewOf(record));
  }

  private viewOf({ id, modelName, version }: VersionRecord): ModelStatisticsView {
    const { rows, lastAt, succeeded, failed, parts } = this.statistics.of(id);
    return {
      name: modelName,
      version,
      last_inference: lastAt?.getTime() ?? 0,
      inference_count: rows,
      execution_count: succeeded.count,
      inference_stats: {
        success: duration(succeeded),
        fail: duration(failed),
        queue: NOTHING,
        compute_input: duration(parts.validate),
        compute_infer: duration(parts.infer),
        compute_output: duration(parts.record),
        cache_hit: NOTHING,
        cache_miss: NOTHING,
      },
      batch_stats: [],
    };
  }
}

function duration({ count, totalMs }: Tally): Duration {
  return { count, ns: Math.round(totalMs * 1e6) };
}
