import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { copyIn, CopyBuffer, idFloor, pool } from '#platform';
import type { RequestLogEntry } from './request-log.entity.js';

export interface UsageDay {
  /** UTC date, `2026-01-31`. */
  readonly date: string;
  readonly requests: number;
  readonly predictions: number;
  readonly refusals: number;
}

/** Requests of one minute on one route that were answered with statuses of one class. */
export interface RouteMinute {
  /** Minutes since 1970. */
  readonly minute: number;
  /** 2 for 200 to 299, and so on. */
  readonly statusClass: number;
  readonly requests: number;
}

/** Where the time of a request went, in milliseconds; null for parts that it did not reach. */
export type RequestTimings = Pick<
  RequestLogEntry,
  'authMs' | 'quotaMs' | 'validateMs' | 'inferMs' | 'recordMs' | 'totalMs'
>;

/** A request that was refused, or failed. */
export type Refusal = Pick<
  RequestLogEntry,
  'id' | 'requestId' | 'admittedAt' | 'method' | 'route' | 'status' | 'userId' | 'totalMs'
>;

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
const COPY = `COPY request_log (${COLUMNS.join(', ')}) FROM STDIN (FORMAT binary)`;

/** How much earlier than its admission an entry's id may have been made. */
const ID_TOLERANCE_MS = 1_000;

@Injectable()
export class RequestLogRepository {
  private readonly rows = new CopyBuffer(256 * 1024);

  constructor(private readonly dataSource: DataSource) {}

  /** Adds all entries in one statement. Not to be called again before it has ended. */
  async insertMany(entries: readonly RequestLogEntry[]): Promise<void> {
    const { rows } = this;
    rows.clear();
    for (const entry of entries) writeRow(rows, entry);
    const client = await pool(this.dataSource).connect();
    let failure: Error | undefined;
    try {
      await copyIn(client, COPY, [rows]);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
  }

  /** Requests that count against a quota, admitted since. */
  admissionsSince(since: Date): Promise<Admission[]> {
    return this.dataSource.query(
      // An entry's id is made within a moment of its admission: ranges of time are ranges of ids.
      'SELECT id, user_id AS "userId", admitted_at AS "admittedAt" FROM request_log WHERE id >= $2 AND admitted_at >= $1 AND counted',
      [since, idFloor(new Date(since.getTime() - ID_TOLERANCE_MS))],
    );
  }

  /**
   * Of each user who made a request, per UTC day with at least one, newest first. Predictions are the requests that were answered with one: whatever status a
   * protocol has for it, one was recorded; 201 also repeats an earlier one. A record may have been tried for an answer that failed.
   */
  async usagePerDay(userIds: readonly string[], since: Date): Promise<Map<string, UsageDay[]>> {
    const rows: (UsageDay & { readonly userId: string })[] = await this.dataSource.query(
      `SELECT user_id AS "userId",
              to_char(admitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS date,
              count(*)::int AS requests,
              (count(*) FILTER (WHERE status = 201 OR (status BETWEEN 200 AND 299 AND record_ms IS NOT NULL)))::int AS predictions,
              (count(*) FILTER (WHERE status = 429))::int AS refusals
         FROM request_log WHERE user_id = ANY ($1) AND id >= $3 AND admitted_at >= $2
        GROUP BY 1, 2 ORDER BY 2 DESC`,
      [userIds, since, idFloor(since)],
    );
    const byUser = new Map<string, UsageDay[]>();
    for (const { userId, ...day } of rows) {
      const days = byUser.get(userId);
      if (days) days.push(day);
      else byUser.set(userId, [day]);
    }
    return byUser;
  }

  /**
   * Everybody's requests that were refused or failed, newest first.
   * @param before ids before this one
   * @param statuses from the first on and before the second
   */
  refusals(count: number, before?: string, [from, end]: readonly [number, number] = [400, 600]): Promise<Refusal[]> {
    return this.dataSource.query(
      // The first condition is word for word that of the index.
      `SELECT id, request_id AS "requestId", admitted_at AS "admittedAt", method, route, status, user_id AS "userId", total_ms AS "totalMs"
         FROM request_log
        WHERE status >= 400 AND status >= $2 AND status < $3 AND ($4::uuid IS NULL OR id < $4)
        ORDER BY id DESC LIMIT $1`,
      [count, from, end, before ?? null],
    );
  }

  /** By id of the admission. Left out are requests whose entry is not written yet, or is gone with its month. */
  async timingsOf(admissionIds: readonly string[]): Promise<Map<string, RequestTimings>> {
    const found = await this.dataSource.query<(RequestTimings & { readonly id: string })[]>(
      // Named as values, the ids tell Postgres which months to look into.
      `SELECT id, auth_ms AS "authMs", quota_ms AS "quotaMs", validate_ms AS "validateMs", infer_ms AS "inferMs",
              record_ms AS "recordMs", total_ms AS "totalMs"
         FROM request_log WHERE id = ANY ($1::uuid[])`,
      [admissionIds],
    );
    return new Map(found.map(({ id, ...timings }) => [id, timings]));
  }

  /** Everybody's requests on a route, by minute and class of status; minutes without one are left out. @param route its pattern */
  perMinute(method: string, route: string, since: Date): Promise<RouteMinute[]> {
    return this.dataSource.query(
      `SELECT floor(extract(epoch FROM admitted_at) / 60)::int AS minute, (status / 100)::int AS "statusClass", count(*)::int AS requests
         FROM request_log WHERE id >= $4 AND admitted_at >= $3 AND route = $2 AND method = $1
        GROUP BY 1, 2 ORDER BY 1, 2`,
      [method, route, since, idFloor(new Date(since.getTime() - ID_TOLERANCE_MS))],
    );
  }
}

/** In the order of COLUMNS. */
function writeRow(rows: CopyBuffer, entry: RequestLogEntry): void {
  rows.row(COLUMNS.length);
  rows.uuid(entry.id);
  rows.uuid(entry.userId);
  if (entry.apiKeyId === null) rows.null();
  else rows.uuid(entry.apiKeyId);
  rows.text(entry.requestId);
  rows.text(entry.method);
  rows.text(entry.route);
  rows.int16(entry.status);
  rows.boolean(entry.counted);
  rows.timestamp(entry.admittedAt.getTime());
  realOrNull(rows, entry.authMs);
  realOrNull(rows, entry.quotaMs);
  realOrNull(rows, entry.validateMs);
  realOrNull(rows, entry.inferMs);
  realOrNull(rows, entry.recordMs);
  rows.real(entry.totalMs);
}

function realOrNull(rows: CopyBuffer, value: number | null): void {
  if (value === null) rows.null();
  else rows.real(value);
}
