/** Examples of a version: how they come into the registry, out of it again, and to whom, on a real Postgres. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#audit';
import type { ProblemDto, Role } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { formOf } from '../../../test/setup/form.js';
import { startModelServer, type ModelServer } from '../../../test/setup/model-server.js';
import { tinyManifest, tinyRow, writeExamples, writeVersion } from '../../../test/setup/version-folder.js';
import type { VersionExamplesDto } from './http/examples.dto.js';
import { exampleRow } from './manifest/row-schema.js';
import { ModelRegistration } from './registration/model-registration.js';
import { VersionExport } from './version-export.js';

const database = await ownDatabase();
const root = resolve(import.meta.dirname, '../../..');
const shock = join(root, 'models/haemodynamic-shock/1.0.0');
const folder = mkdtempSync(join(tmpdir(), 'latido-examples-spec-'));
const models = join(folder, 'models');
const { row } = tinyRow();
const calm = { name: 'calm', title: 'Calm', label: 'no', input: row };
const other = { name: 'other', title: 'Other', input: row };
let server: ModelServer;
let registration: ModelRegistration;

async function start(): Promise<ModelServer> {
  const started = await startModelServer(database, { modelsDir: models });
  registration = started.app.get(ModelRegistration);
  return started;
}

beforeAll(async () => {
  cpSync(shock, join(models, 'haemodynamic-shock/1.0.0'), { recursive: true });
  writeVersion(models, 'tiny', '1.0.0');
  server = await start();
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder of this version that the server does not look through. */
const made = (version: string, changes = {}): string =>
  writeVersion(mkdtempSync(join(folder, 'made-')), 'tiny', version, changes);

async function examplesOf(version: string, role: Role = 'admin', model = 'tiny'): Promise<VersionExamplesDto> {
  const answer = await server.request(role, 'GET', `/v1/models/${model}/versions/${version}/examples`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<VersionExamplesDto>();
}

async function refusal(version: string, role: Role): Promise<[number, string]> {
  const answer = await server.request(role, 'GET', `/v1/models/tiny/versions/${version}/examples`);
  return [answer.statusCode, answer.json<ProblemDto>().code];
}

describe('the examples of a version', () => {
  it('are those that came with it, with the notice', async () => {
    const { examples } = JSON.parse(readFileSync(join(shock, 'examples.json'), 'utf8')) as { examples: object[] };
    expect(await examplesOf('1.0.0', 'user', 'haemodynamic-shock')).toEqual({
      model: 'haemodynamic-shock',
      version: '1.0.0',
      notice: 'Trained on synthetic data; not for clinical use',
      data: examples,
    });
  });

  it('are one of what its inputs declare, where none came with it', async () => {
    expect(await examplesOf('1.0.0', 'user')).toEqual({
      model: 'tiny',
      version: '1.0.0',
      notice: null,
      data: [{ name: 'example', title: 'Example', label: null, input: exampleRow(tinyManifest('tiny', '1.0.0')) }],
    });
  });

  it('are shown to whom the version is shown', async () => {
    await registration.addFolder(made('1.1.0', { examples: [calm, other] }), SYSTEM);
    expect((await examplesOf('1.1.0', 'publisher')).data).toEqual([calm, { ...other, label: null }]);
    expect(await refusal('1.1.0', 'user')).toEqual([404, 'VERSION_NOT_FOUND']);
    expect(await refusal('9.9.9', 'admin')).toEqual([404, 'VERSION_NOT_FOUND']);
  });

  it('are written out with it, under the name that its manifest has for them', async () => {
    const files = { examples: 'patients.json' };
    const source = made('1.2.0', { manifest: { files } });
    writeFileSync(join(source, 'patients.json'), JSON.stringify({ schemaVersion: 1, examples: [calm] }));
    await registration.addFolder(source, SYSTEM);
    const exported = await server.app.get(VersionExport).files('tiny', '1.2.0');
    const file = exported.find(({ name }) => name === 'patients.json');
    const parts: Buffer[] = [];
    for await (const part of file!.content) parts.push(part);
    expect(JSON.parse(Buffer.concat(parts).toString())).toEqual({ schemaVersion: 1, examples: [calm] });
  });

  it('come in a part of the form when it is published, and are refused like any document', async () => {
    const source = made('1.3.0');
    const file = (fileName: string) => ({ fileName, content: readFileSync(join(source, fileName)) });
    const parts = { manifest: file('manifest.yaml'), artifact: file('model.keras'), golden: file('golden.json') };
    const publish = (examples: readonly object[]) => {
      const { payload, headers } = formOf({ ...parts, examples: JSON.stringify({ schemaVersion: 1, examples }) });
      return server.request('publisher', 'POST', '/v1/models/tiny/versions', payload, headers);
    };
    const refused = await publish([{ ...calm, label: 'maybe', input: { ...row, a: 'high' } }]);
    expect([refused.statusCode, refused.json<ProblemDto>().code]).toEqual([422, 'MANIFEST_INVALID']);
    expect(refused.json<ProblemDto>().errors).toEqual([
      { pointer: '/examples/0/label', detail: 'is none of the classes that the manifest declares' },
      { pointer: '/examples/0/input/a', detail: 'must be a number' },
    ]);
    expect(await refusal('1.3.0', 'admin')).toEqual([404, 'VERSION_NOT_FOUND']);
    const published = await publish([calm]);
    expect(published.statusCode, published.body).toBe(201);
    expect((await examplesOf('1.3.0')).data).toEqual([calm]);
  });

  it('stand beside a bare model file', async () => {
    const source = made('1.0.0', { examples: [{ ...calm, label: 'negative' }] });
    const beside = mkdtempSync(join(folder, 'bare-'));
    const bare = join(beside, 'network.keras');
    cpSync(join(source, 'model.keras'), bare);
    for (const document of ['golden.json', 'examples.json'])
      cpSync(join(source, document), join(beside, `network.${document}`));
    await registration.addSource({ path: bare, name: 'network', version: '1.0.0' }, SYSTEM);
    expect((await examplesOf('1.0.0', 'admin', 'network')).data).toEqual([{ ...calm, label: 'negative' }]);
  });
});

describe('a version that is registered already', () => {
  it('takes examples that are put beside it, at the next start, and keeps the first', async () => {
    const place = join(models, 'tiny/1.0.0');
    writeExamples(place, [calm]);
    const contentBefore = await contentOf('1.0.0');
    await server.close();
    server = await start();
    expect((await examplesOf('1.0.0')).data).toEqual([calm]);
    expect(await contentOf('1.0.0')).toEqual(contentBefore);
    writeExamples(place, [other]);
    const again = await registration.addFolder(place, SYSTEM);
    expect(again).toMatchObject({ outcome: 'unchanged', status: 'verified' });
    expect((await examplesOf('1.0.0')).data).toEqual([calm]);
  });

  it('is not changed by examples that are at fault', async () => {
    const source = made('1.4.0');
    await registration.addFolder(source, SYSTEM);
    writeExamples(source, [{ ...calm, input: {} }]);
    await expect(registration.addFolder(source, SYSTEM)).rejects.toMatchObject({ kind: { code: 'MANIFEST_INVALID' } });
    expect((await examplesOf('1.4.0')).data.map(({ name }) => name)).toEqual(['example']);
  });
});

function contentOf(version: string): Promise<unknown> {
  return server.app
    .get(DataSource)
    .query(`SELECT content_sha256, status FROM model_versions WHERE model_name = 'tiny' AND version = $1`, [version]);
}
