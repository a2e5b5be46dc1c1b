/** Writes the record of predictions: many at once in one statement, or one together with its Idempotency-Key. */
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { PredictionRecord } from './prediction-record.js';

/** What is kept for a request that may be repeated. */
export interface KeyClaim {
  readonly userId: string;
  readonly key: string;
  readonly requestHash: string;
}

/** How long a key answers for its request. */
export const KEY_LIFETIME = "interval '24 hours'";

interface ColumnWriter {
  readonly name: string;
  /** Element type of the parameter, an array with one entry a record. */
  readonly type: 'uuid' | 'text' | 'integer' | 'timestamptz';
  /**
   * The column's own type where it differs: arrays and JSON travel as text, because arrays of unequal arrays cannot be
   * unnested.
   */
  readonly cast?: 'text[]' | 'jsonb';
  readonly value: (record: PredictionRecord) => string | number | null;
}

const COLUMNS: readonly ColumnWriter[] = [
  { name: 'id', type: 'uuid', value: (record) => record.id },
  { name: 'user_id', type: 'uuid', value: (record) => record.userId },
  { name: 'api_key_id', type: 'uuid', value: (record) => record.apiKeyId },
  { name: 'admission_id', type: 'uuid', value: (record) => record.admissionId },
  { name: 'admitted_at', type: 'timestamptz', value: (record) => record.admittedAt },
  { name: 'model_name', type: 'text', value: (record) => record.modelName },
  { name: 'version', type: 'text', value: (record) => record.version },
  { name: 'version_id', type: 'uuid', value: (record) => record.versionId },
  { name: 'subjects', type: 'text', cast: 'text[]', value: (record) => arrayLiteral(record.subjects) },
  { name: 'row_count', type: 'integer', value: (record) => record.rowCount },
  { name: 'inputs', type: 'text', cast: 'jsonb', value: (record) => record.inputs },
  { name: 'scores', type: 'text', cast: 'jsonb', value: (record) => record.scores },
  { name: 'labels', type: 'text', cast: 'text[]', value: (record) => arrayLiteral(record.labels) },
  { name: 'engine', type: 'text', value: (record) => record.engine },
  { name: 'engine_version', type: 'text', value: (record) => record.engineVersion },
  { name: 'processor', type: 'text', value: (record) => record.processor },
  { name: 'notice', type: 'text', value: (record) => record.notice },
  { name: 'request_id', type: 'text', value: (record) => record.requestId },
  { name: 'created_at', type: 'timestamptz', value: (record) => record.createdAt },
];

const NAMES = COLUMNS.map(({ name }) => name).join(', ');
const VALUES = COLUMNS.map(({ name, cast }) => (cast ? `${name}::${cast}` : name)).join(', ');
const PARAMETERS = COLUMNS.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
const INSERT = `INSERT INTO predictions (${NAMES}) SELECT ${VALUES} FROM unnest(${PARAMETERS}) AS record (${NAMES})`;

const afterColumns = (position: number): string => `$${COLUMNS.length + position}`;
/**
 * One statement, and therefore one transaction. A concurrent claim of the same key is waited for: the second inserts
 * nothing.
 */
const INSERT_UNDER_KEY = `
  WITH claimed AS (
    INSERT INTO idempotency_keys (user_id, key, request_hash, prediction_id)
    VALUES (${afterColumns(1)}, ${afterColumns(2)}, ${afterColumns(3)}, ${afterColumns(4)})
    ON CONFLICT (user_id, key) DO UPDATE
      SET request_hash = excluded.request_hash, prediction_id = excluded.prediction_id, created_at = now()
      WHERE idempotency_keys.created_at <= now() - ${KEY_LIFETIME}
    RETURNING 1
  )
  ${INSERT} WHERE EXISTS (SELECT FROM claimed)`;

/** Postgres' text form of a one-dimensional text array. */
function arrayLiteral(values: readonly (string | null)[] | null): string | null {
  if (values === null) return null;
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}

function parametersOf(records: readonly PredictionRecord[]): unknown[] {
  return COLUMNS.map(({ value }) => records.map(value));
}

@Injectable()
export class RecordRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds all records or none. */
  async insertMany(records: readonly PredictionRecord[]): Promise<void> {
    await this.pool.query({ name: 'predictions-insert', text: INSERT, values: parametersOf(records) });
  }

  /** Adds the record and its key, or neither: false when a live key of this name is there already. */
  async insertUnderKey(record: PredictionRecord, claim: KeyClaim): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'predictions-insert-under-key',
      text: INSERT_UNDER_KEY,
      values: [...parametersOf([record]), claim.userId, claim.key, claim.requestHash, record.id],
    });
    return rowCount === 1;
  }

  /**
   * TypeORM's own pool: its `query` cannot name a statement, and an unnamed one is parsed and planned for every flush.
   */
  private get pool(): pg.Pool {
    return (this.dataSource.driver as unknown as { master: pg.Pool }).master;
  }
}
