import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { idFloor } from '#platform';
import type { RequestLogEntry } from './request-log.entity.js';

export interface UsageDay {
  /** UTC date, `2026-01-31`. */
  readonly date: string;
  readonly requests: number;
  readonly predictions: number;
  readonly refusals: number;
}

export interface Admission {
  readonly id: string;
  readonly userId: string;
  readonly admittedAt: Date;
}

const COLUMNS = [
  'id',
  'user_id',
  'api_key_id',
  'request_id',
  'method',
  'route',
  'status',
  'counted',
  'admitted_at',
  'auth_ms',
  'quota_ms',
  'validate_ms',
  'infer_ms',
  'record_ms',
  'total_ms',
] as const;
const TYPES =
  'uuid[], uuid[], uuid[], text[], text[], text[], smallint[], boolean[], timestamptz[], real[], real[], real[], real[], real[], real[]';
const INSERT = `INSERT INTO request_log (${COLUMNS.join(', ')}) SELECT * FROM unnest(${TYPES.split(', ')
  .map((type, index) => `$${index + 1}::${type}`)
  .join(', ')})`;

@Injectable()
export class RequestLogRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds all entries in one statement. */
  async insertMany(entries: readonly RequestLogEntry[]): Promise<void> {
    await this.dataSource.query(INSERT, [
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.userId),
      entries.map((entry) => entry.apiKeyId),
      entries.map((entry) => entry.requestId),
      entries.map((entry) => entry.method),
      entries.map((entry) => entry.route),
      entries.map((entry) => entry.status),
      entries.map((entry) => entry.counted),
      entries.map((entry) => entry.admittedAt),
      entries.map((entry) => entry.authMs),
      entries.map((entry) => entry.quotaMs),
      entries.map((entry) => entry.validateMs),
      entries.map((entry) => entry.inferMs),
      entries.map((entry) => entry.recordMs),
      entries.map((entry) => entry.totalMs),
    ]);
  }

  /** Requests that count against a quota, admitted since. */
  admissionsSince(since: Date): Promise<Admission[]> {
    return this.dataSource.query(
      // An entry's id is made when it is admitted, or later: ranges of time are ranges of ids.
      'SELECT id, user_id AS "userId", admitted_at AS "admittedAt" FROM request_log WHERE id >= $2 AND admitted_at >= $1 AND counted',
      [since, idFloor(since)],
    );
  }

  /** Per UTC day with at least one request, newest first. Predictions are the counted requests answered 201. */
  usagePerDay(userId: string, since: Date): Promise<UsageDay[]> {
    return this.dataSource.query(
      `SELECT to_char(admitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS date,
              count(*)::int AS requests,
              (count(*) FILTER (WHERE status = 201))::int AS predictions,
              (count(*) FILTER (WHERE status = 429))::int AS refusals
         FROM request_log WHERE user_id = $1 AND id >= $3 AND admitted_at >= $2
        GROUP BY 1 ORDER BY 1 DESC`,
      [userId, since, idFloor(since)],
    );
  }
}
