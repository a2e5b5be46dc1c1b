/** The registry over HTTP, with the shipped cardiac model and small ones beside it, on a real Postgres. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#audit';
import type { ProblemDto, Role } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../test/setup/model-server.js';
import { writeVersion } from '../../../test/setup/version-folder.js';
import type { ActivationDto } from './http/activation.dto.js';
import type {
  ModelCardDto,
  ModelDto,
  ModelVersionDto,
  ModelVersionSummaryDto,
  VersionComparisonDto,
} from './http/model.dto.js';
import { ModelRegistration } from './registration/model-registration.js';

const database = await ownDatabase();
const shipped = resolve(import.meta.dirname, '../../../models/cardiac-risk/1.0.0');
const folder = mkdtempSync(join(tmpdir(), 'latido-models-spec-'));
let server: ModelServer;

beforeAll(async () => {
  cpSync(shipped, join(folder, 'models/cardiac-risk/1.0.0'), { recursive: true });
  writeVersion(join(folder, 'models'), 'tiny', '1.0.0');
  server = await startModelServer(database, { modelsDir: join(folder, 'models') });
  const registration = server.app.get(ModelRegistration);
  const other = join(folder, 'other');
  const metrics = [
    { name: 'accuracy', value: 0.75, dataset: 'held-out' },
    { name: 'auc', value: 0.8, dataset: 'held-out' },
  ];
  await registration.addFolder(
    writeVersion(other, 'tiny', '1.1.0', { manifest: { metrics }, card: '# Ours\n' }),
    SYSTEM,
  );
  await registration.addFolder(writeVersion(other, 'tiny', '1.2.0'), SYSTEM);
  await registration.addFolder(writeVersion(other, 'tiny', '2.0.0', { goldenOff: 0.01 }), SYSTEM);
  await registration.addFolder(writeVersion(other, 'unseen', '1.0.0'), SYSTEM);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function get<T>(url: string, role: Role = 'user', headers?: Record<string, string>): Promise<T> {
  const answer = await server.request(role, 'GET', url, undefined, headers);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<T>();
}

async function refusal(role: Role, url: string, body?: object): Promise<[number, string]> {
  const answer = await server.request(role, body ? 'PUT' : 'GET', url, body);
  return [answer.statusCode, answer.json<ProblemDto>().code];
}

const activate = (version: string, reason?: string): ReturnType<ModelServer['request']> =>
  server.request('admin', 'PUT', '/v1/models/tiny/active', { version, ...(reason ? { reason } : {}) });

describe('the list of models', () => {
  it('tells what is served, with inputs, output and metrics', async () => {
    const { data, nextCursor } = await get<{ data: ModelDto[]; nextCursor: string | null }>('/v1/models');
    expect(nextCursor).toBeNull();
    expect(data.map(({ name, activeVersion }) => [name, activeVersion])).toEqual([
      ['cardiac-risk', '1.0.0'],
      ['tiny', '1.0.0'],
    ]);
    const cardiac = await get<ModelDto>('/v1/models/cardiac-risk');
    expect(cardiac).toEqual(data[0]);
    expect(cardiac).toMatchObject({
      title: 'Cardiac risk',
      task: 'binary-classification',
      notice: 'Trained on synthetic data; not for clinical use',
    });
    expect(cardiac.inputs[3]).toEqual(
      expect.objectContaining({ name: 'age', unit: 'years', range: { minimum: 0, maximum: 99 } }),
    );
    expect(cardiac.metrics).toContainEqual(expect.objectContaining({ name: 'auc', dataset: 'held-out' }));
    expect(cardiac.activatedAt).not.toBeNull();
  });

  it('comes in pages', async () => {
    const first = await get<{ data: ModelDto[]; nextCursor: string }>('/v1/models?limit=1');
    expect(first.data.map(({ name }) => name)).toEqual(['cardiac-risk']);
    const second = await get<{ data: ModelDto[]; nextCursor: null }>(`/v1/models?limit=1&cursor=${first.nextCursor}`);
    expect(second.data.map(({ name }) => name)).toEqual(['tiny']);
    expect(second.nextCursor).toBeNull();
    expect(await refusal('user', '/v1/models?cursor=%2F%2F')).toEqual([422, 'INVALID_REQUEST']);
  });

  it('holds models without an active version for those alone who run them', async () => {
    expect(
      (await get<{ data: ModelDto[] }>('/v1/models', 'publisher')).data.find(({ name }) => name === 'unseen'),
    ).toMatchObject({ activeVersion: null, activatedAt: null });
    expect(await refusal('user', '/v1/models/unseen')).toEqual([404, 'MODEL_NOT_FOUND']);
    expect(await refusal('admin', `/v1/models/${'x'.repeat(60)}`)).toEqual([404, 'MODEL_NOT_FOUND']);
  });
});

describe('a version', () => {
  it('is told with its artifact and what was compared when it was verified', async () => {
    const version = await get<ModelVersionDto>('/v1/models/cardiac-risk/versions/1.0.0');
    const bytes = readFileSync(join(shipped, 'model.keras'));
    expect(version).toMatchObject({
      status: 'verified',
      active: true,
      artifact: { format: 'keras', sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length },
      provenance: expect.objectContaining({ seed: expect.any(Number) }),
    });
    const [verification] = version.verifications;
    expect(verification).toMatchObject({ passed: true, tolerance: { absolute: 1e-5, relative: 1e-5 } });
    expect(verification!.engines.map(({ name }) => name)).toEqual(['onnx', 'tfjs']);
    expect(verification!.comparisons.map(({ kind, engine }) => `${kind} ${engine}`)).toEqual([
      'golden onnx',
      'golden tfjs',
      'engines onnx',
      'alone onnx',
      'alone tfjs',
    ]);
    expect(
      Math.max(...verification!.comparisons.map(({ maxAbsoluteDifference }) => maxAbsoluteDifference)),
    ).toBeLessThan(1e-5);
  });

  it('has a JSON Schema of its row', async () => {
    const answer = await server.request('user', 'GET', '/v1/models/cardiac-risk/versions/1.0.0/schema');
    expect(answer.headers['content-type']).toMatch(/^application\/schema\+json/);
    expect(answer.json()).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { age: { title: 'Age', 'x-unit': 'years', examples: [68] } },
    });
  });

  it('has a card, as data or as Markdown', async () => {
    const card = await get<ModelCardDto>('/v1/models/cardiac-risk/versions/1.0.0/card');
    expect(card).toMatchObject({
      model: 'cardiac-risk',
      version: '1.0.0',
      text: readFileSync(join(shipped, 'card.md'), 'utf8'),
    });
    const markdown = await server.request('user', 'GET', '/v1/models/cardiac-risk/versions/1.0.0/card', undefined, {
      accept: 'text/markdown',
    });
    expect(markdown.headers).toMatchObject({ 'content-type': 'text/markdown; charset=utf-8', vary: 'accept' });
    expect(markdown.body).toBe(card.text);
    expect((await get<ModelCardDto>('/v1/models/tiny/versions/1.0.0/card')).text).toContain('| a | A |  | -5 to 5 |');
  });

  it('has an evaluation, or says that it has none', async () => {
    expect(await get('/v1/models/cardiac-risk/versions/1.0.0/evaluation')).toEqual(
      JSON.parse(readFileSync(join(shipped, 'evaluation.json'), 'utf8')),
    );
    expect(await refusal('user', '/v1/models/tiny/versions/1.0.0/evaluation')).toEqual([404, 'EVALUATION_NOT_FOUND']);
  });

  it('hands out its file as it was registered', async () => {
    const answer = await server.request('publisher', 'GET', '/v1/models/cardiac-risk/versions/1.0.0/artifact');
    const bytes = readFileSync(join(shipped, 'model.keras'));
    expect(answer.rawPayload.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="cardiac-risk-1.0.0.keras"',
      'content-length': String(bytes.length),
      etag: `"${createHash('sha256').update(bytes).digest('hex')}"`,
    });
  });

  it('is not sent again to who names the hash of its file', async () => {
    const url = '/v1/models/cardiac-risk/versions/1.0.0/artifact';
    const { etag } = (await server.request('publisher', 'GET', url)).headers;
    for (const known of [String(etag), `W/${etag}`, `"another", ${etag}`, '*']) {
      const answer = await server.request('publisher', 'GET', url, undefined, { 'if-none-match': known });
      expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
    }
    const other = await server.request('publisher', 'GET', url, undefined, { 'if-none-match': '"another"' });
    expect(other.statusCode).toBe(200);
  });

  it('is shown to users when it is or was active, and to those who run models whatever it is', async () => {
    const versionsFor = async (role: Role): Promise<string[]> =>
      (await get<{ data: ModelVersionSummaryDto[] }>('/v1/models/tiny/versions', role)).data.map(
        ({ version, status }) => `${version} ${status}`,
      );
    expect(await versionsFor('user')).toEqual(['1.0.0 verified']);
    const all = ['2.0.0 rejected', '1.2.0 verified', '1.1.0 verified', '1.0.0 verified'];
    for (const role of ['publisher', 'auditor', 'admin'] as const) expect(await versionsFor(role)).toEqual(all);
    expect(await refusal('user', '/v1/models/tiny/versions/1.1.0')).toEqual([404, 'VERSION_NOT_FOUND']);
    expect(await refusal('admin', '/v1/models/tiny/versions/9.9.9')).toEqual([404, 'VERSION_NOT_FOUND']);
    const page = await get<{ data: ModelVersionSummaryDto[]; nextCursor: string }>(
      '/v1/models/tiny/versions?limit=3',
      'admin',
    );
    expect(
      (
        await get<{ data: ModelVersionSummaryDto[] }>(`/v1/models/tiny/versions?cursor=${page.nextCursor}`, 'admin')
      ).data.map(({ version }) => version),
    ).toEqual(['1.0.0']);
  });

  it('that is rejected says why', async () => {
    const rejected = await get<ModelVersionDto>('/v1/models/tiny/versions/2.0.0', 'admin');
    expect(rejected.rejection).toMatch(/^onnx against keras 3\.15\.1: score 0 is .* instead of/);
    expect(rejected.verifications[0]).toMatchObject({ passed: false, reason: rejected.rejection });
  });
});

describe('two versions', () => {
  it('are compared by metrics, inputs and artifact', async () => {
    const comparison = await get<VersionComparisonDto>('/v1/models/tiny/compare?a=1.0.0&b=1.1.0', 'admin');
    expect(comparison.metrics).toEqual([
      { name: 'accuracy', dataset: 'held-out', a: 0.5, b: 0.75, difference: 0.25 },
      { name: 'auc', dataset: 'held-out', a: null, b: 0.8, difference: null },
    ]);
    expect(comparison).toMatchObject({
      inputs: { added: [], removed: [], changed: [] },
      interchangeable: true,
      sameArtifact: true,
    });
    expect(await refusal('admin', '/v1/models/tiny/compare?a=1.0.0')).toEqual([422, 'INVALID_REQUEST']);
    expect(await refusal('user', '/v1/models/tiny/compare?a=1.0.0&b=1.1.0')).toEqual([404, 'VERSION_NOT_FOUND']);
  });
});

describe('an activation', () => {
  it('is refused for what cannot serve, and changes nothing', async () => {
    const at = '/v1/models/tiny/active';
    expect(await refusal('admin', '/v1/models/nothing/active', { version: '1.0.0' })).toEqual([404, 'MODEL_NOT_FOUND']);
    expect(await refusal('admin', at, { version: '9.9.9' })).toEqual([404, 'VERSION_NOT_FOUND']);
    expect(await refusal('admin', at, { version: '2.0.0' })).toEqual([409, 'VERSION_NOT_ACTIVATABLE']);
    expect(await refusal('admin', at, { version: '1.0.0' })).toEqual([409, 'VERSION_ALREADY_ACTIVE']);
    expect(await refusal('admin', at, { version: 1, colour: 'red' })).toEqual([422, 'INVALID_REQUEST']);
    expect((await get<ModelDto>('/v1/models/tiny')).activeVersion).toBe('1.0.0');
  });

  it('holds from the next request, and is kept with who, when, why, from and to', async () => {
    const before = new Date();
    const answer = await activate('1.1.0', 'better on the held-out set');
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toMatchObject({
      model: 'tiny',
      version: '1.1.0',
      previousVersion: '1.0.0',
      reason: 'better on the held-out set',
      activatedBy: server.callers.admin,
    });
    expect((await get<ModelDto>('/v1/models/tiny')).activeVersion).toBe('1.1.0');

    const { data } = await get<{ data: ActivationDto[] }>('/v1/models/tiny/activations');
    expect(data.map(({ version, previousVersion, activatedBy }) => [version, previousVersion, activatedBy])).toEqual([
      ['1.1.0', '1.0.0', server.callers.admin],
      ['1.0.0', null, null],
    ]);
    const inForce = async (at: Date): Promise<string[]> =>
      (await get<{ data: ActivationDto[] }>(`/v1/models/tiny/activations?at=${at.toISOString()}`)).data.map(
        ({ version }) => version,
      );
    expect(await inForce(before)).toEqual(['1.0.0']);
    expect(await inForce(new Date())).toEqual(['1.1.0']);
    expect(await inForce(new Date('2020-01-01T00:00:00Z'))).toEqual([]);
    // ISO 8601 too, but no moment that `Date` reads.
    expect((await server.request('user', 'GET', '/v1/models/tiny/activations?at=2026-W05')).statusCode).toBe(422);

    const events: unknown = await server.app
      .get(DataSource)
      .query(
        `SELECT actor_kind, actor_id, details FROM audit_events WHERE action = 'model-version.activated' AND target_id = 'tiny' ORDER BY id DESC LIMIT 1`,
      );
    expect(events).toEqual([
      {
        actor_kind: 'user',
        actor_id: server.callers.admin,
        details: { from: '1.0.0', to: '1.1.0', reason: 'better on the held-out set' },
      },
    ]);
  });

  it('of two at once lets one win, and tells the other', async () => {
    const answers = await Promise.all([activate('1.0.0'), activate('1.2.0')]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    const refused = answers.find(({ statusCode }) => statusCode === 409)!;
    expect(refused.json<ProblemDto>().code).toBe('ACTIVATION_CONFLICT');
    const won = answers.find(({ statusCode }) => statusCode === 200)!.json<ActivationDto>();
    expect((await get<ModelDto>('/v1/models/tiny')).activeVersion).toBe(won.version);
    expect((await get<{ data: ActivationDto[] }>('/v1/models/tiny/activations')).data).toHaveLength(3);
  });
});

describe('the entities', () => {
  it('say the same as the migrations', async () => {
    const { upQueries } = await server.app.get(DataSource).driver.createSchemaBuilder().log();
    expect(
      upQueries
        .map(({ query }) => query)
        .filter((query) => /\b(models|model_versions|artifacts|activations)\b/.test(query)),
    ).toEqual([]);
  });
});
