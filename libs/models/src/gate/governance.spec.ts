/** The policy of a model, activations against it, rolling back and sharing the traffic, over HTTP and on a real Postgres. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#audit';
import type { ManifestMetric } from '#inference';
import type { ProblemDto, Role } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../../test/setup/model-server.js';
import { writeVersion, type VersionChanges } from '../../../../test/setup/version-folder.js';
import type { ActivationDto } from '../http/activation.dto.js';
import { ModelCatalogue } from '../model-catalogue.js';
import { ModelRegistration } from '../registration/model-registration.js';
import type { TrafficDto } from '../traffic/traffic.dto.js';
import type { GateDto } from './policy.dto.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-governance-spec-'));
let server: ModelServer;

const metrics = (auc: number, brier = 0.1): ManifestMetric[] => [
  { name: 'auc', value: auc, dataset: 'held-out' },
  { name: 'brier', value: brier, dataset: 'held-out' },
];

beforeAll(async () => {
  mkdirSync(join(folder, 'models'));
  server = await startModelServer(database, { modelsDir: join(folder, 'models') });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function register(model: string, version: string, changes: VersionChanges = {}): Promise<void> {
  await server.app.get(ModelRegistration).addFolder(writeVersion(folder, model, version, changes), SYSTEM);
}

function put(url: string, body: object, role: Role = 'admin'): ReturnType<ModelServer['request']> {
  return server.request(role, 'PUT', `/v1/models/${url}`, body);
}

async function done<T>(answer: ReturnType<ModelServer['request']>): Promise<T> {
  const { statusCode, body } = await answer;
  expect(statusCode, body).toBe(200);
  return JSON.parse(body) as T;
}

async function problem(answer: ReturnType<ModelServer['request']>): Promise<[number, string]> {
  const { statusCode, body } = await answer;
  return [statusCode, (JSON.parse(body) as ProblemDto).code];
}

const activate = (model: string, version: string, more: object = {}): ReturnType<ModelServer['request']> =>
  put(`${model}/active`, { version, ...more });
const rollBack = (model: string, reason?: string): ReturnType<ModelServer['request']> =>
  server.request('admin', 'POST', `/v1/models/${model}/rollback`, reason === undefined ? {} : { reason });
const get = <T>(url: string, role: Role = 'admin'): Promise<T> =>
  done<T>(server.request(role, 'GET', `/v1/models/${url}`));

const events = (model: string, action: string): Promise<{ details: Record<string, unknown> }[]> =>
  server.app
    .get(DataSource)
    .query('SELECT details FROM audit_events WHERE target_id = $1 AND action = $2 ORDER BY id', [model, action]);

describe('the policy of a model', () => {
  beforeAll(async () => {
    await register('gated', '1.0.0', { manifest: { metrics: metrics(0.9) } });
    await register('gated', '1.1.0', { manifest: { metrics: metrics(0.86, 0.2), description: 'x' }, card: '# 1.1\n' });
    await register('gated', '1.2.0', { manifest: { metrics: [], description: 'x' }, card: '# 1.2\n' });
    await register('gated', '1.3.0', { manifest: { metrics: metrics(0.91), description: 'x' }, card: '# 1.3\n' });
    await done(activate('gated', '1.0.0'));
  });

  const policy = {
    metrics: [
      { name: 'auc', dataset: 'held-out', minimum: 0.88, maximalDrop: 0.02 },
      { name: 'brier', dataset: 'held-out', maximalRise: 0.05 },
    ],
    verification: { golden: true, engines: 2 },
    cardFields: ['description', 'card'],
  };

  it('is empty at first, and replaced as a whole', async () => {
    expect(await get('gated/policy')).toEqual({});
    expect(await done(put('gated/policy', policy))).toEqual(policy);
    expect(await get('gated/policy', 'publisher')).toEqual(policy);
    expect(await events('gated', 'model-policy.changed')).toEqual([{ details: { from: {}, to: policy } }]);
  });

  it('names every objection to a version, before and when it is to be activated', async () => {
    const gate = await get<GateDto>('gated/versions/1.1.0/gate', 'publisher');
    expect(gate).toEqual({
      model: 'gated',
      version: '1.1.0',
      activeVersion: '1.0.0',
      passed: false,
      objections: [
        { pointer: '/metrics/0', detail: 'auc on held-out is 0.86, at least 0.88 is asked for' },
        {
          pointer: '/metrics/0',
          detail: 'auc on held-out is 0.86, lower by more than 0.02 than that of the active 1.0.0, 0.9',
        },
        {
          pointer: '/metrics/1',
          detail: 'brier on held-out is 0.2, higher by more than 0.05 than that of the active 1.0.0, 0.1',
        },
      ],
    });
    const answer = await activate('gated', '1.1.0', { reason: 'try' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json<ProblemDto>()).toMatchObject({ code: 'GATE_REFUSED', errors: gate.objections });
    const { objections } = await get<GateDto>('gated/versions/1.2.0/gate');
    expect(objections.map(({ detail }) => detail)).toEqual([
      '1.2.0 has no auc on held-out',
      '1.2.0 has no brier on held-out',
    ]);
    expect(await get<GateDto>('gated/versions/1.3.0/gate')).toMatchObject({ passed: true, objections: [] });
  });

  it('is overridden by an administrator with a reason, which is recorded with what was overridden', async () => {
    for (const reason of [undefined, null, '  '])
      expect(await problem(activate('gated', '1.1.0', { override: true, reason }))).toEqual([422, 'INVALID_REQUEST']);
    const activation = await done<ActivationDto>(
      activate('gated', '1.1.0', { override: true, reason: 'the others are worse' }),
    );
    expect(activation).toMatchObject({ kind: 'activation', reason: 'the others are worse', previousVersion: '1.0.0' });
    expect(activation.overridden).toHaveLength(3);
    const [newest] = (await get<{ data: ActivationDto[] }>('gated/activations')).data;
    expect(newest).toEqual(JSON.parse(JSON.stringify(activation)));
    const recorded = await events('gated', 'model-version.activated');
    expect(recorded.at(-1)!.details).toMatchObject({ to: '1.1.0', overridden: activation.overridden });
  });

  it('refuses rules that say nothing it knows', async () => {
    const wrong = { metrics: [{ name: 'AUC', dataset: 'x', minimum: 'high' }], cardFields: ['colour'], more: 1 };
    const answer = await put('gated/policy', wrong);
    expect(answer.statusCode).toBe(422);
    expect(answer.json<ProblemDto>().errors?.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/metrics/0/name', '/metrics/0/minimum', '/cardFields', '/more']),
    );
    const nothing = { metrics: [{ name: 'auc', dataset: 'held-out', maximum: null }], verification: null };
    expect((await put('gated/policy', nothing)).json<ProblemDto>().errors?.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/metrics/0/maximum', '/verification']),
    );
    expect(await problem(put('nobody/policy', {}))).toEqual([404, 'MODEL_NOT_FOUND']);
  });
});

describe('rolling back', () => {
  it('leads back through the history, one version at a time, and is told as such', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await register('steps', version);
    expect(await problem(rollBack('steps'))).toEqual([404, 'MODEL_NOT_ACTIVE']);
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await done(activate('steps', version));
    expect(await done<ActivationDto>(rollBack('steps', 'alarms'))).toMatchObject({
      kind: 'rollback',
      version: '1.1.0',
      previousVersion: '1.2.0',
      reason: 'alarms',
    });
    expect(await done<ActivationDto>(rollBack('steps'))).toMatchObject({ version: '1.0.0', previousVersion: '1.1.0' });
    expect(await problem(rollBack('steps'))).toEqual([409, 'NOTHING_TO_ROLL_BACK']);
    expect((await events('steps', 'model-version.rolled-back'))[0]!.details).toEqual({
      from: '1.2.0',
      to: '1.1.0',
      reason: 'alarms',
    });
  });

  it('leads all the way back where versions were activated more than once', async () => {
    for (const version of ['0.9.0', '1.0.0', '1.1.0']) await register('again', version);
    for (const version of ['0.9.0', '1.0.0', '1.1.0', '1.0.0']) await done(activate('again', version));
    const led: string[] = [];
    for (let steps = 0; steps < 3; steps += 1) led.push((await done<ActivationDto>(rollBack('again'))).version);
    expect(led).toEqual(['1.1.0', '1.0.0', '0.9.0']);
    expect(await problem(rollBack('again'))).toEqual([409, 'NOTHING_TO_ROLL_BACK']);
  });

  it('does not ask the policy, but never goes to a version that is retired', async () => {
    await register('hurry', '1.0.0', { manifest: { metrics: metrics(0.5) } });
    await register('hurry', '1.1.0', { manifest: { metrics: metrics(0.9) } });
    await done(activate('hurry', '1.0.0'));
    await done(activate('hurry', '1.1.0'));
    await done(put('hurry/policy', { metrics: [{ name: 'auc', dataset: 'held-out', minimum: 0.8 }] }));
    expect(await done<ActivationDto>(rollBack('hurry'))).toMatchObject({ version: '1.0.0', overridden: null });
    await done(activate('hurry', '1.1.0'));
    await server.request('admin', 'DELETE', '/v1/models/hurry/versions/1.0.0?retire=true');
    expect(await problem(rollBack('hurry'))).toEqual([409, 'NOTHING_TO_ROLL_BACK']);
  });

  it('and activating are done by one of two who do it at once', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await register('race', version);
    await done(activate('race', '1.0.0'));
    const answers = await Promise.all([activate('race', '1.1.0'), activate('race', '1.2.0')]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    expect(answers.find(({ statusCode }) => statusCode === 409)!.json<ProblemDto>().code).toBe('ACTIVATION_CONFLICT');
    const { data } = await get<{ data: ActivationDto[] }>('race/activations');
    expect(data).toHaveLength(2);
  });
});

describe('sharing the traffic', () => {
  beforeAll(async () => {
    for (const [version, auc] of [
      ['1.0.0', 0.9],
      ['1.1.0', 0.95],
      ['1.2.0', 0.7],
    ] as const)
      await register('shared', version, { manifest: { metrics: metrics(auc) } });
    await done(activate('shared', '1.0.0'));
  });

  const answering = (subject: string): string | undefined =>
    server.app.get(ModelCatalogue).peek('shared', subject, 'somebody')?.version;

  it('is nobody’s before it was set', async () => {
    expect(await get('shared/traffic', 'user')).toEqual({
      model: 'shared',
      canary: null,
      shadows: [],
      reason: null,
      overridden: null,
      changedBy: null,
      changedAt: null,
    });
  });

  it('gives a canary its share of the subjects, each of whom stays with one version', async () => {
    const traffic = await done<TrafficDto>(
      put('shared/traffic', { canary: { version: '1.1.0', share: 0.25 }, shadows: ['1.2.0'], reason: 'a quarter' }),
    );
    expect(traffic).toMatchObject({
      canary: { version: '1.1.0', share: 0.25 },
      shadows: ['1.2.0'],
      reason: 'a quarter',
    });
    const subjects = Array.from({ length: 2_000 }, (_, index) => `patient-${index}`);
    const first = subjects.map(answering);
    const share = first.filter((version) => version === '1.1.0').length / subjects.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
    expect(subjects.map(answering)).toEqual(first);
    // A larger share keeps those who were in the smaller one.
    await done(put('shared/traffic', { canary: { version: '1.1.0', share: 0.5 } }));
    expect(subjects.filter((subject, index) => first[index] === '1.1.0' && answering(subject) !== '1.1.0')).toEqual([]);
  });

  it('runs versions in shadow beside the one that answers, and the active one beside the canary', async () => {
    await done(put('shared/traffic', { canary: { version: '1.1.0', share: 0.5 }, shadows: ['1.2.0'] }));
    const catalogue = server.app.get(ModelCatalogue);
    const shadowsFor = (version: string): (string | undefined)[] =>
      catalogue
        .shadowsOf(
          ['a', 'b', 'c', 'd', 'e', 'f', 'g']
            .map((subject) => catalogue.peek('shared', subject, 'u')!)
            .find((serving) => serving.version === version)!,
        )
        .map((shadow) => shadow.version);
    expect(shadowsFor('1.0.0')).toEqual(['1.2.0']);
    expect(shadowsFor('1.1.0')).toEqual(['1.0.0', '1.2.0']);
  });

  it('holds a canary to the policy as an activation, versions in shadow not', async () => {
    await done(put('shared/policy', { metrics: [{ name: 'auc', dataset: 'held-out', minimum: 0.8 }] }));
    const weak = { canary: { version: '1.2.0', share: 0.1 } };
    expect(await problem(put('shared/traffic', weak))).toEqual([409, 'GATE_REFUSED']);
    expect(await problem(put('shared/traffic', { ...weak, override: true }))).toEqual([422, 'INVALID_REQUEST']);
    const overridden = await done<TrafficDto>(put('shared/traffic', { ...weak, override: true, reason: 'a study' }));
    expect(overridden.overridden).toEqual(['auc on held-out is 0.7, at least 0.8 is asked for']);
    expect((await events('shared', 'model-traffic.changed')).at(-1)!.details).toMatchObject({
      to: { canary: { version: '1.2.0', share: 0.1 }, shadows: [] },
      reason: 'a study',
      overridden: overridden.overridden,
    });
    await done(put('shared/traffic', { shadows: ['1.2.0'] }));
  });

  it('ends for a version that becomes the active one', async () => {
    await done(put('shared/traffic', { canary: { version: '1.1.0', share: 0.5 }, shadows: ['1.2.0'] }));
    const before = new Date();
    await done(activate('shared', '1.1.0'));
    expect(await get('shared/traffic')).toMatchObject({ canary: null, shadows: ['1.2.0'] });
    expect(answering('patient-1')).toBe('1.1.0');
    const { data } = await get<{ data: TrafficDto[] }>(`shared/traffic/history?at=${before.toISOString()}`);
    expect(data).toMatchObject([{ canary: { version: '1.1.0', share: 0.5 } }]);
  });

  it('refuses the active version, one twice, unknown ones and shares that are none', async () => {
    const refused = async (body: object): Promise<unknown> => {
      const answer = await put('shared/traffic', body);
      const { code, errors } = answer.json<ProblemDto>();
      return [answer.statusCode, code, errors?.map(({ pointer }) => pointer)];
    };
    expect(await refused({ canary: { version: '1.1.0', share: 0.5 } })).toEqual([
      422,
      'INVALID_REQUEST',
      ['/canary/version'],
    ]);
    expect(await refused({ canary: { version: '1.0.0', share: 0.5 }, shadows: ['1.0.0', '1.1.0'] })).toEqual([
      422,
      'INVALID_REQUEST',
      ['/shadows/0', '/shadows/1'],
    ]);
    expect(await refused({ canary: { version: '9.9.9', share: 0.5 } })).toEqual([404, 'VERSION_NOT_FOUND', undefined]);
    for (const share of [0, 1, -1, 'half', null])
      expect((await put('shared/traffic', { canary: { version: '1.0.0', share } })).statusCode).toBe(422);
    await register('idle', '1.0.0');
    expect(await problem(put('idle/traffic', { shadows: ['1.0.0'] }))).toEqual([404, 'MODEL_NOT_ACTIVE']);
  });
});
