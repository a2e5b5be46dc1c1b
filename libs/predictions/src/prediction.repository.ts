/** Reads recorded predictions. */
import { Injectable } from '@nestjs/common';
import { DataSource, type Repository } from 'typeorm';
import { idFloor } from '#platform';
import { Prediction } from './prediction.entity.js';

/** What a list shows of a prediction. The content (subject, scores, labels) is left out of other users' predictions. */
export interface PredictionSummaryRow {
  readonly id: string;
  readonly userId: string;
  readonly modelName: string;
  readonly version: string;
  readonly versionId: string;
  readonly rowCount: number;
  readonly createdAt: Date;
  /** Of a single row, in the caller's own predictions. */
  readonly subject: string | null;
  /** Of a single row, in the caller's own predictions. */
  readonly scores: number[] | null;
  /** Rows by answered class, in the caller's own predictions. */
  readonly labels: Record<string, number> | null;
}

/** One row of a prediction. */
export type PredictionRow = Omit<Prediction, 'inputs' | 'scores' | 'subjects' | 'labels'> & {
  readonly subject: string | null;
  readonly input: Record<string, unknown>;
  readonly scores: number[];
};

export interface PredictionSelection {
  /** Only this user's. */
  readonly userId?: string;
  readonly model?: string;
  readonly version?: string;
  /** Predictions with a row answered so. */
  readonly label?: string;
  /** Predictions with a row of this patient. */
  readonly subject?: string;
  readonly from?: Date;
  readonly to?: Date;
  /** Older than this prediction. */
  readonly before?: string;
}

const SUMMARY = `
  id, user_id AS "userId", model_name AS "modelName", version, version_id AS "versionId", row_count AS "rowCount",
  created_at AS "createdAt",
  CASE WHEN user_id = $1 AND row_count = 1 THEN subjects[1] END AS subject,
  CASE WHEN user_id = $1 AND row_count = 1 THEN scores -> 0 END AS scores,
  CASE WHEN user_id = $1 THEN (
    SELECT json_object_agg(label, rows)
      FROM (SELECT label, count(*)::int AS rows FROM unnest(labels) AS label GROUP BY label) AS counted
  ) END AS labels`;

const ROW = `
  id, user_id AS "userId", api_key_id AS "apiKeyId", admission_id AS "admissionId", admitted_at AS "admittedAt",
  model_name AS "modelName", version, version_id AS "versionId", row_count AS "rowCount",
  engine, engine_version AS "engineVersion", processor, notice, request_id AS "requestId", created_at AS "createdAt",
  subjects[$2::int + 1] AS subject, inputs -> $2::int AS input, scores -> $2::int AS scores`;

/** Times that UUIDv7 can hold: 48 bits of milliseconds since 1970. */
function idFloorWithin(time: Date): string {
  return idFloor(new Date(Math.min(Math.max(time.getTime(), 0), 2 ** 48 - 1)));
}

@Injectable()
export class PredictionRepository {
  private readonly predictions: Repository<Prediction>;

  constructor(private readonly dataSource: DataSource) {
    this.predictions = dataSource.getRepository(Prediction);
  }

  /** The whole record. `id` must be a UUID. */
  find(id: string): Promise<Prediction | null> {
    return this.predictions.findOneBy({ id });
  }

  /**
   * One row of a prediction, without reading the others; undefined when there is none. `id` must be a UUID, `row`
   * counts from 0.
   */
  async findRow(id: string, row: number): Promise<PredictionRow | undefined> {
    const [found] = await this.dataSource.query<PredictionRow[]>(
      `SELECT ${ROW} FROM predictions WHERE id = $1 AND row_count > $2::int`,
      [id, row],
    );
    return found;
  }

  /** At most `count` predictions, newest first. Their content is shown for those of `callerId` alone. */
  select(callerId: string, selection: PredictionSelection, count: number): Promise<PredictionSummaryRow[]> {
    const values: unknown[] = [callerId];
    const conditions: string[] = [];
    const where = (condition: (parameter: string) => string, value: unknown): void => {
      if (value === undefined) return;
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    const { userId, model, version, label, subject, from, to, before } = selection;
    where((parameter) => `user_id = ${parameter}`, userId);
    where((parameter) => `model_name = ${parameter}`, model);
    where((parameter) => `version = ${parameter}`, version);
    where((parameter) => `${parameter} = ANY (labels)`, label);
    where((parameter) => `${parameter} = ANY (subjects)`, subject);
    // The time of a prediction is that of its id, so that ranges of time use the indexes on the id.
    where((parameter) => `id >= ${parameter}`, from && idFloorWithin(from));
    where((parameter) => `id < ${parameter}`, to && idFloorWithin(to));
    where((parameter) => `id < ${parameter}`, before);
    const condition = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    return this.dataSource.query(
      `SELECT ${SUMMARY} FROM predictions ${condition} ORDER BY id DESC LIMIT ${count}`,
      values,
    );
  }
}
