/** What the service predicted on the last days, out of the sums. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { idFloor, idTime } from '#platform';
import { PredictionTallies } from './prediction-tallies.js';
import type {
  AnswersDto,
  PredictionDayDto,
  ScoredFileDto,
  ServicePredictionsDto,
  ServicePredictionsQuery,
} from './service-predictions.dto.js';
import type { ScoredFileEntity } from './tally.entities.js';
import { TallyRepository } from './tally.repository.js';

const DEFAULT_DAYS = 14;
const MOST_FILES = 50;
const DAY_MS = 86_400_000;
/** An answer counts what is new before it is made, for so long at most; on a server that keeps up this takes milliseconds. */
const CATCH_UP_MS = 1_000;

type FoundFile = AnswersDto &
  Pick<ScoredFileEntity, 'admissionId' | 'batchId' | 'kind' | 'version' | 'erased'> & { model: string };

const ANSWERS = `predictions::float8 AS predictions, rows::float8 AS rows, labels,
  score, score_sum / nullif(scored_rows, 0) AS "meanScore"`;

const DAYS = `
  SELECT to_char(day, 'YYYY-MM-DD') AS date, model_name AS model, version, source, ${ANSWERS} FROM prediction_days
   WHERE day BETWEEN $1::date AND $2::date AND ($3::text IS NULL OR model_name = $3)
   ORDER BY day DESC, model_name, version, source`;

/** A file of which no row was predicted has nothing to tell. */
const FILES = `
  SELECT admission_id AS "admissionId", batch_id AS "batchId", kind, model_name AS model, version, erased, ${ANSWERS} FROM scored_files
   WHERE admission_id >= $1 AND ($2::text IS NULL OR model_name = $2) AND predictions > 0
   ORDER BY admission_id DESC LIMIT ${MOST_FILES}`;

@Injectable()
export class ServicePredictions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tallies: PredictionTallies,
    private readonly repository: TallyRepository,
  ) {}

  async overview({ days = DEFAULT_DAYS, model }: ServicePredictionsQuery): Promise<ServicePredictionsDto> {
    await this.tallies.catchUp(CATCH_UP_MS);
    const asOf = await this.repository.completeTo();
    const now = Date.now();
    const [from, to] = [dateOf(now - (days - 1) * DAY_MS), dateOf(now)];
    const [sums, files] = await Promise.all([
      this.dataSource.query<PredictionDayDto[]>(DAYS, [from, to, model ?? null]),
      this.dataSource.query<FoundFile[]>(FILES, [idFloor(new Date(from)), model ?? null]),
    ]);
    return { from, to, asOf, days: sums, files: files.map(fileOf) };
  }
}

function fileOf({ admissionId, batchId, kind, model, version, erased, ...answers }: FoundFile): ScoredFileDto {
  const createdAt = idTime(admissionId);
  return { id: batchId ?? admissionId, kind, createdAt, model, version, erased, ...answers };
}

/** UTC. */
function dateOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
