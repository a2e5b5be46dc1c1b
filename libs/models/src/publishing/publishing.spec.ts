/** Publishing over HTTP, and taking versions out of use, on a real Postgres. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProblemDto, Role } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { formOf, type FormFile } from '../../../../test/setup/form.js';
import { startModelServer, type ModelServer } from '../../../../test/setup/model-server.js';
import { tinyManifest, writeVersion, type VersionChanges } from '../../../../test/setup/version-folder.js';
import type { ModelVersionDto } from '../http/model.dto.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-publishing-spec-'));
let server: ModelServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'models'));
  server = await startModelServer(database, { modelsDir: join(folder, 'models') });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The parts of a version that could be published as it is. */
function partsOf(version: string, changes: VersionChanges = {}): Record<string, FormFile> {
  const written = writeVersion(mkdtempSync(join(folder, 'made-')), 'tiny', version, changes);
  const file = (fileName: string): FormFile => ({ fileName, content: readFileSync(join(written, fileName)) });
  return {
    manifest: file('manifest.yaml'),
    artifact: file('model.keras'),
    golden: file('golden.json'),
    ...(changes.card === undefined ? {} : { card: file('card.md') }),
  };
}

function publish(
  parts: Record<string, string | FormFile>,
  { role = 'publisher', model = 'tiny' }: { role?: Role; model?: string } = {},
): ReturnType<ModelServer['request']> {
  const { payload, headers } = formOf(parts);
  return server.request(role, 'POST', `/v1/models/${model}/versions`, payload, headers);
}

async function refusal(answer: ReturnType<ModelServer['request']>): Promise<[number, string, string[]]> {
  const { statusCode, body } = await answer;
  const { code, errors = [] } = JSON.parse(body) as ProblemDto;
  return [statusCode, code, errors.map(({ pointer }) => pointer)];
}

const uploads = (): string[] => {
  const path = join(server.dataFolder, 'uploads');
  return existsSync(path) ? readdirSync(path) : [];
};

describe('publishing a version', () => {
  it('verifies and stores it, tells where it is, and activates nothing', async () => {
    const answer = await publish(partsOf('1.0.0', { card: '# Tiny\n' }));
    expect(answer.statusCode, answer.body).toBe(201);
    expect(answer.headers.location).toBe('/v1/models/tiny/versions/1.0.0');
    const version = answer.json<ModelVersionDto>();
    expect(version).toMatchObject({ status: 'verified', active: false, lastActivatedAt: null });
    expect(version.verifications[0]?.comparisons.map(({ kind }) => kind)).toContain('golden');
    expect((await server.request('publisher', 'GET', answer.headers.location as string)).json()).toEqual(version);
    expect(uploads()).toEqual([]);
  });

  it('again in the same bytes changes nothing, in others is refused', async () => {
    const again = await publish(partsOf('1.0.0', { card: '# Tiny\n' }));
    expect(again.statusCode, again.body).toBe(200);
    expect(await refusal(publish(partsOf('1.0.0', { card: '# Other\n' })))).toEqual([409, 'VERSION_CONFLICT', []]);
  });

  it('stores one whose scores are wrong as rejected, so that nobody tries it again', async () => {
    const answer = await publish(partsOf('1.0.1', { goldenOff: 0.01 }));
    expect(answer.statusCode, answer.body).toBe(201);
    expect(answer.json<ModelVersionDto>()).toMatchObject({ status: 'rejected', rejection: expect.stringMatching(/./) });
    expect(await refusal(server.request('admin', 'PUT', '/v1/models/tiny/active', { version: '1.0.1' }))).toEqual([
      409,
      'VERSION_NOT_ACTIVATABLE',
      [],
    ]);
  });

  it('takes a field that is empty for one that was not filled in', async () => {
    const { artifact, golden } = partsOf('1.0.5');
    const empty = { manifest: '', metrics: '', card: '' };
    const answer = await publish(
      { artifact: artifact!, golden: golden!, version: '0.1.0', ...empty },
      { model: 'empty' },
    );
    expect(answer.statusCode, answer.body).toBe(201);
  });

  it('takes metrics from beside the model where the manifest has none', async () => {
    const parts = partsOf('1.0.2', { manifest: { metrics: [] } });
    const metrics = JSON.stringify({ accuracy: 0.9, test: { roc_auc: 0.95 } });
    const answer = await publish({ ...parts, metrics });
    expect(answer.statusCode, answer.body).toBe(201);
    expect(answer.json<ModelVersionDto>().metrics).toEqual([
      { name: 'accuracy', value: 0.9, dataset: 'held-out' },
      { name: 'rocAuc', value: 0.95, dataset: 'test' },
    ]);
    expect(
      await refusal(publish({ ...partsOf('1.0.3', { manifest: { metrics: [] } }), metrics: '{"auc": "high"}' })),
    ).toEqual([422, 'MANIFEST_INVALID', ['/auc']]);
  });

  it('infers the manifest where there is none, and says so', async () => {
    const { artifact, golden } = partsOf('1.0.4');
    expect(await refusal(publish({ artifact: artifact! }, { model: 'bare' }))).toEqual([
      422,
      'INVALID_REQUEST',
      ['/version'],
    ]);
    expect(await refusal(publish({ artifact: artifact!, version: 'one' }, { model: 'bare' }))).toEqual([
      422,
      'MANIFEST_INVALID',
      ['/version'],
    ]);
    const answer = await publish({ artifact: artifact!, golden: golden!, version: '1.0.0' }, { model: 'bare' });
    expect(answer.statusCode, answer.body).toBe(201);
    const { inputs, inferred, status } = answer.json<ModelVersionDto>();
    expect({ status, inferred, inputs: inputs.map(({ name }) => name) }).toEqual({
      status: 'verified',
      inferred: true,
      inputs: ['a', 'b', 'c', 'd', 'e', 'f'],
    });
    const again = await publish({ artifact: artifact!, golden: golden!, version: '1.0.0' }, { model: 'bare' });
    expect(again.statusCode, again.body).toBe(200);
  });

  it('names the places where the manifest does not fit the artifact, and stores nothing', async () => {
    const { output } = tinyManifest('tiny', '1.1.0');
    const three = [...output.classes!, { name: 'maybe', title: 'Maybe' }];
    const unfit = partsOf('1.1.0', { manifest: { task: 'multiclass-classification', output: { classes: three } } });
    expect(await refusal(publish(unfit))).toEqual([422, 'MODEL_DOES_NOT_FIT', ['/output/classes']]);
    const narrow = partsOf('1.1.0', { manifest: { inputs: tinyManifest('tiny', '1.1.0').inputs.slice(1) } });
    delete narrow.golden;
    expect(await refusal(publish(narrow))).toEqual([422, 'MODEL_DOES_NOT_FIT', ['/inputs']]);
    expect(
      await refusal(publish({ ...partsOf('1.1.0'), artifact: { fileName: 'model.keras', content: 'no model' } })),
    ).toEqual([422, 'MODEL_UNREADABLE', []]);
    expect((await server.request('publisher', 'GET', '/v1/models/tiny/versions/1.1.0')).statusCode).toBe(404);
  });

  it('refuses names and versions out of their pattern, and a manifest of another model', async () => {
    expect(await refusal(publish(partsOf('1.1.0'), { model: 'large' }))).toEqual([422, 'MANIFEST_INVALID', ['/name']]);
    expect(await refusal(publish(partsOf('1.1.0', { manifest: { version: 'one' } })))).toEqual([
      422,
      'MANIFEST_INVALID',
      ['/version'],
    ]);
    expect(await refusal(publish(partsOf('1.1.0', { manifest: { name: 'Tiny!' } })))).toEqual([
      422,
      'MANIFEST_INVALID',
      ['/name'],
    ]);
  });

  it('refuses what is no form, no model file, an unknown part, a part that is there twice, or nothing', async () => {
    expect(await refusal(server.request('publisher', 'POST', '/v1/models/tiny/versions', { name: 'tiny' }))).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      [],
    ]);
    const { artifact, ...rest } = partsOf('1.1.0');
    expect(await refusal(publish({ ...rest, artifact: { ...artifact!, fileName: 'model.pkl' } }))).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      [],
    ]);
    expect(await refusal(publish({ ...partsOf('1.1.0'), weights: 'x' }))).toEqual([
      422,
      'INVALID_REQUEST',
      ['/weights'],
    ]);
    expect(await refusal(publish(rest))).toEqual([422, 'INVALID_REQUEST', ['/artifact']]);
    expect(await refusal(publish({}))).toEqual([422, 'INVALID_REQUEST', ['/artifact']]);
    const { payload, headers } = formOf(partsOf('1.1.0'));
    const cut = payload.subarray(0, payload.length - 200);
    expect(await refusal(server.request('publisher', 'POST', '/v1/models/tiny/versions', cut, headers))).toEqual([
      400,
      'MALFORMED_REQUEST',
      [],
    ]);
    expect(
      await refusal(
        server.request('publisher', 'POST', '/v1/models/tiny/versions', payload, {
          'content-type': 'multipart/form-data',
        }),
      ),
    ).toEqual([400, 'MALFORMED_REQUEST', []]);
    expect(uploads()).toEqual([]);
  });

  it('refuses parts without a name or with one of a prototype, and files without one', async () => {
    const named = (disposition: string): ReturnType<ModelServer['request']> => {
      const payload = `--x\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--x--\r\n`;
      const headers = { 'content-type': 'multipart/form-data; boundary=x' };
      return server.request('publisher', 'POST', '/v1/models/tiny/versions', payload, headers);
    };
    expect(await refusal(named('filename="a.onnx"'))).toEqual([400, 'MALFORMED_REQUEST', []]);
    expect(await refusal(named('name="constructor"; filename="a"'))).toEqual([
      422,
      'INVALID_REQUEST',
      ['/constructor'],
    ]);
    expect(await refusal(named('name="artifact"'))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE', []]);
  });

  it('refuses a document that is too large, or that no database can keep', async () => {
    const { manifest, ...rest } = partsOf('1.1.0');
    const large = { fileName: 'manifest.yaml', content: Buffer.alloc(300_000, '#') };
    expect(await refusal(publish({ ...rest, manifest: large }))).toEqual([413, 'PAYLOAD_TOO_LARGE', []]);
    const halved = String(manifest!.content).replace('Tiny tiny', '"a\\ud800b"');
    expect(await refusal(publish({ ...rest, manifest: halved }))).toEqual([422, 'MANIFEST_INVALID', []]);
    const card = { fileName: 'card.md', content: Buffer.from('# card', 'utf16le') };
    expect(await refusal(publish({ ...rest, manifest: manifest!, card }))).toEqual([422, 'MANIFEST_INVALID', []]);
  });

  it('refuses a file that is too large while it comes in, and leaves nothing behind', async () => {
    const small = await startModelServer(database, {
      modelsDir: join(folder, 'models'),
      environment: { MODEL_MAX_MB: '1' },
    });
    try {
      const large = { fileName: 'model.onnx', content: Buffer.alloc(2 * 2 ** 20) };
      const { payload, headers } = formOf({ ...partsOf('1.1.0'), artifact: large });
      const answer = await small.request('publisher', 'POST', '/v1/models/tiny/versions', payload, headers);
      expect([answer.statusCode, answer.json<ProblemDto>().code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
      expect(readdirSync(join(small.dataFolder, 'uploads'))).toEqual([]);
    } finally {
      await small.close();
    }
  });
});

describe('taking a version out of use', () => {
  const remove = (version: string, query = '', role: Role = 'admin'): ReturnType<ModelServer['request']> =>
    server.request(role, 'DELETE', `/v1/models/tiny/versions/${version}${query}`);

  it('deletes one that was never in service', async () => {
    await publish(partsOf('2.0.0'));
    expect((await remove('2.0.0')).statusCode).toBe(204);
    expect(await refusal(remove('2.0.0'))).toEqual([404, 'VERSION_NOT_FOUND', []]);
    expect((await publish(partsOf('2.0.0', { card: '# New\n' }))).statusCode).toBe(201);
  });

  it('refuses while it is active, and afterwards retires it, because the history names it', async () => {
    const activate = (version: string): ReturnType<ModelServer['request']> =>
      server.request('admin', 'PUT', '/v1/models/tiny/active', { version });
    expect((await activate('2.0.0')).statusCode).toBe(200);
    expect(await refusal(remove('2.0.0'))).toEqual([409, 'VERSION_IN_SERVICE', []]);
    expect(await refusal(remove('2.0.0', '?retire=true'))).toEqual([409, 'VERSION_IN_SERVICE', []]);
    expect((await activate('1.0.0')).statusCode).toBe(200);
    expect(await refusal(remove('2.0.0'))).toEqual([409, 'VERSION_REFERRED_TO', []]);
    expect((await remove('2.0.0', '?retire=true')).statusCode).toBe(204);
    expect(await refusal(activate('2.0.0'))).toEqual([409, 'VERSION_NOT_ACTIVATABLE', []]);
    expect((await server.request('user', 'GET', '/v1/models/tiny/versions/2.0.0')).statusCode).toBe(404);
  });
});
