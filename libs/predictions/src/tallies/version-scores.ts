/** Reads recorded scores by what their version's manifest declares. */
import { Injectable } from '@nestjs/common';
import { ModelCatalogue, RecordedVersions } from '#models';
import { BoundedMap, DomainError } from '#platform';
import { versionScore, type ScoreKind } from './version-score.js';

export interface ScoreReader {
  readonly kind: ScoreKind;
  /** Undefined where the scores are none of this version. */
  scoreOf(scores: readonly number[]): number | undefined;
}

const MOST_KNOWN = 1_000;

@Injectable()
export class VersionScores {
  private readonly known = new BoundedMap<string, ScoreReader>(MOST_KNOWN);

  constructor(
    private readonly versions: RecordedVersions,
    private readonly models: ModelCatalogue,
  ) {}

  /** Undefined where there is no such version. */
  async of(versionId: string): Promise<ScoreReader | undefined> {
    let reader = this.known.get(versionId);
    if (!reader) {
      try {
        reader = await this.readerOf(versionId);
      } catch (error) {
        if (error instanceof DomainError && error.kind.status === 404) return undefined;
        throw error;
      }
      this.known.set(versionId, reader);
    }
    return reader;
  }

  private async readerOf(versionId: string): Promise<ScoreReader> {
    const score = versionScore(await this.versions.manifest(versionId));
    const decode = await this.models.resultsOf(versionId);
    return {
      kind: score.kind,
      scoreOf(scores) {
        try {
          return score.of(decode(scores));
        } catch (error) {
          if (error instanceof DomainError) return undefined; // altered by somebody: the verifier of the record tells it
          throw error;
        }
      },
    };
  }
}
