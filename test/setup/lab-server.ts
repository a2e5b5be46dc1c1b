/** The older service lab with the shipped models, as its clients reach it: with a token, or without for an open model. */
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import type { AccountsServer, Answer, Session } from './accounts-server.js';
import type { TestDatabase } from './database.js';
import { formOf } from './form.js';
import { givePlan, startLegacyServer } from './legacy-server.js';

export const LAB = '/legacy/lab';
export const COLUMNS =
  'pelvic_incidence,pelvic_tilt,lumbar_lordosis_angle,sacral_slope,pelvic_radius,degree_spondylolisthesis';
const VALUES = [63.5, 22.5, 39.5, 40.5, 98.5, -0.25];
export const RECORD = recordOf(VALUES);
export const ROW = VALUES.join(',');
/** Of vertebral-column, as it is shipped. */
export const VERSION_FOLDER = resolve(import.meta.dirname, '../../models/vertebral-column/1.0.0');

export function recordOf(values: readonly number[]): Record<string, number> {
  return Object.fromEntries(COLUMNS.split(',').map((name, index) => [name, values[index]!]));
}

export class LabServer {
  private constructor(
    readonly server: AccountsServer,
    readonly admin: Session,
    /** On a plan that admits all that a test sends. */
    readonly user: Session,
  ) {}

  static async start(database: TestDatabase): Promise<LabServer> {
    const server = await startLegacyServer(database, ['lab'], {
      LEGACY_ANONYMOUS_USER: 'older-clients',
      LEGACY_ANONYMOUS_MODELS: 'vertebral-column',
      LEGACY_LAB_MODELS: 'nobody,vertebral-column,cardiac-risk,haemodynamic-shock',
    });
    const admin = await server.administrator();
    const changed = await server.request({
      method: 'PUT',
      url: '/v1/plans/PREMIUM',
      payload: { requestsPerMinute: 100_000 },
      token: admin.accessToken,
    });
    expect(changed.status).toBe(200);
    const user = await server.register('ana');
    const older = await server.register('older-clients');
    for (const { userId } of [user, older]) await givePlan(server, userId, 'PREMIUM', admin);
    return new LabServer(server, admin, user);
  }

  predict = (body: unknown, token?: string): Promise<Answer> =>
    this.server.request({ method: 'POST', url: `${LAB}/predict`, payload: body as object, token });

  sendFile = (payload: string | Buffer, type = 'text/csv', token?: string): Promise<Answer> =>
    this.server.request({
      method: 'POST',
      url: `${LAB}/batch-predict`,
      payload,
      headers: { 'content-type': type },
      token,
    });

  sendForm = (parts: Parameters<typeof formOf>[0], token?: string): Promise<Answer> => {
    const { payload, headers } = formOf(parts);
    return this.server.request({ method: 'POST', url: `${LAB}/batch-predict`, payload, headers, token });
  };

  /** How many rows were predicted so far. */
  recorded = async (): Promise<number> => {
    const [row] = await this.server.dataSource.query<{ rows: string }[]>(
      'SELECT sum(row_count) AS rows FROM predictions',
    );
    return Number(row?.rows ?? 0);
  };
}

/** The rows of a file that was answered. */
export function table({ status, body }: Answer): Record<string, string>[] {
  expect(status, JSON.stringify(body)).toBe(200);
  return parse(body as string, { columns: true });
}
