/** The older service lab with small models, of which versions are registered and activated, and replicas of its server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { SYSTEM } from '#audit';
import { ModelRegistration } from '#models';
import type { AccountsServer, Answer, Session } from './accounts-server.js';
import type { TestDatabase } from './database.js';
import { LAB } from './lab-server.js';
import { givePlan, startLegacyServer } from './legacy-server.js';
import { tinyRow, writeVersion, type VersionChanges } from './version-folder.js';

const REGRESSION: VersionChanges = { manifest: { task: 'regression', output: { unit: 'mm' }, metrics: [] } };
const { row } = tinyRow();

export const HEADER = Object.keys(row).join(',');
export const ROW = Object.values(row).join(',');

/** What the audit trail says of a choice of a model. */
export interface Choice {
  readonly target_id: string;
  readonly details: { readonly from: string | null; readonly version: string };
  readonly actor_kind: string;
}

export class LabActivations {
  private constructor(
    private readonly database: TestDatabase,
    private readonly folder: string,
    readonly server: AccountsServer,
    readonly admin: Session,
    /** On a plan that admits all that a test sends. */
    readonly user: Session,
  ) {}

  /** With tiny-a, tiny-b and tiny-value, each in version 1.0.0. */
  static async start(database: TestDatabase): Promise<LabActivations> {
    const folder = mkdtempSync(join(tmpdir(), 'latido-lab-spec-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const models = join(folder, 'models');
    for (const name of ['tiny-a', 'tiny-b', 'outsider']) writeVersion(models, name, '1.0.0');
    writeVersion(models, 'tiny-value', '1.0.0', REGRESSION);
    const server = await startLegacyServer(database, ['lab'], environmentOf(folder));
    const admin = await server.administrator();
    const url = '/v1/plans/PREMIUM';
    const payload = { requestsPerMinute: 100_000 };
    const { status } = await server.request({ method: 'PUT', url, payload, token: admin.accessToken });
    expect(status).toBe(200);
    const user = await server.register('ana');
    await server.register('older-clients');
    await givePlan(server, user.userId, 'PREMIUM', admin);
    return new LabActivations(database, folder, server, admin, user);
  }

  /** Another server on the same database, whose tokens are those of the first. */
  replica = (environment: Record<string, string> = {}): Promise<AccountsServer> =>
    startLegacyServer(this.database, ['lab'], {
      ...environmentOf(this.folder),
      DATA_DIR: this.server.dataFolder,
      ...environment,
    });

  /** Registers a version, and does not activate it. */
  register = async (name: string, version: string, changes: VersionChanges = {}): Promise<void> => {
    const made = mkdtempSync(join(this.folder, 'made-'));
    await this.server.app.get(ModelRegistration).addFolder(writeVersion(made, name, version, changes), SYSTEM);
  };

  call = (method: 'PUT' | 'POST' | 'DELETE', url: string, payload?: object, at = this.server): Promise<Answer> =>
    at.request({ method, url, payload, token: this.admin.accessToken });

  activate = (name: string, version: string, more: object = {}, at = this.server): Promise<Answer> =>
    this.call('POST', `${LAB}/models/activate`, { name, version, ...more }, at);

  predict = (at = this.server, token: string | undefined = this.user.accessToken): Promise<Answer> =>
    at.request({ method: 'POST', url: `${LAB}/predict`, payload: row, token });

  predictFile = (token?: string): Promise<Answer> =>
    this.server.request({
      method: 'POST',
      url: `${LAB}/batch-predict`,
      payload: `${HEADER}\n${ROW}\n`,
      headers: { 'content-type': 'text/csv' },
      token,
    });

  answering = async (at = this.server): Promise<string> => {
    const { status, body } = await this.predict(at);
    expect(status, JSON.stringify(body)).toBe(200);
    return `${body.model} ${body.version}`;
  };

  /** What the list says is active; one at most. */
  listed = async (at = this.server): Promise<string | undefined> => {
    const { body } = await at.get(`${LAB}/models`, this.admin.accessToken);
    const active = (body as { name: string; version: string; active: boolean }[]).filter((each) => each.active);
    expect(active.length).toBeLessThanOrEqual(1);
    return active[0] && `${active[0].name} ${active[0].version}`;
  };

  activeIn = async (model: string): Promise<string> =>
    (await this.server.get(`/v1/models/${model}`, this.admin.accessToken)).body.activeVersion as string;

  chosen = async (): Promise<Choice[]> =>
    this.server.dataSource.query(
      `SELECT target_id, details, actor_kind FROM audit_events WHERE action = 'legacy-lab.model-chosen' ORDER BY id`,
    );
}

function environmentOf(folder: string): Record<string, string> {
  return {
    MODELS_DIR: join(folder, 'models'),
    LEGACY_LAB_MODELS: 'unknown,tiny-a,tiny-b,tiny-value',
    LEGACY_ANONYMOUS_USER: 'older-clients',
    LEGACY_ANONYMOUS_MODELS: 'tiny-b',
  };
}
