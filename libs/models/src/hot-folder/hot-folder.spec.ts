/** What appears in MODELS_DIR while the server runs, and what goes from it, on a real Postgres with the real engines. */
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ownDatabase } from '../../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../../test/setup/model-server.js';
import { writeExamples, writeVersion } from '../../../../test/setup/version-folder.js';
import type { ModelDto, ModelVersionDto } from '../http/model.dto.js';
import { HotFolder } from './hot-folder.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-hot-folder-spec-'));
const models = join(folder, 'models');
const goldenOnnx = resolve(import.meta.dirname, '../../../../test/golden/onnx');
const SETTLE_MS = 1_700;
let server: ModelServer;
let hotFolder: HotFolder;

beforeAll(async () => {
  writeVersion(models, 'tiny', '1.0.0');
  writeVersion(models, 'gone', '1.0.0');
  server = await startModelServer(database, {
    modelsDir: models,
    environment: { MODELS_SCAN_SECONDS: '0', HOT_FOLDER_AUTO_ACTIVATE: 'eager', REPLICA_NAME: 'here' },
  });
  hotFolder = server.app.get(HotFolder);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two looks, long enough after each other that what does not change has settled. */
async function settle(): Promise<void> {
  await hotFolder.look();
  await sleep(SETTLE_MS);
  await hotFolder.look();
}

async function versionOf(model: string, version: string): Promise<ModelVersionDto | undefined> {
  const answer = await server.request('admin', 'GET', `/v1/models/${model}/versions/${version}`);
  return answer.statusCode === 200 ? answer.json<ModelVersionDto>() : undefined;
}

/** Copied under another name and moved into place, as careful people do; or straight into place. */
function place(model: string, version: string, changes = {}): string {
  const made = writeVersion(mkdtempSync(join(folder, 'made-')), model, version, changes);
  mkdirSync(join(models, model), { recursive: true });
  const target = join(models, model, version);
  cpSync(made, target, { recursive: true });
  return target;
}

describe('at the first start', () => {
  it('everything that came with the installation is registered and activated', async () => {
    expect(await versionOf('tiny', '1.0.0')).toMatchObject({ status: 'verified', active: true });
  });
});

describe('a version that appears', () => {
  it('is picked up when nobody writes to it any more, and verified but not activated', async () => {
    place('tiny', '1.1.0');
    await hotFolder.look();
    expect(await versionOf('tiny', '1.1.0')).toBeUndefined();
    await settle();
    expect(await versionOf('tiny', '1.1.0')).toMatchObject({ status: 'verified', active: false });
  });

  it('that is half-written is not, and is when it is whole', async () => {
    const whole = writeVersion(join(folder, 'whole'), 'tiny', '1.2.0');
    const artifact = readFileSync(join(whole, 'model.keras'));
    const target = place('tiny', '1.2.0', { artifact: artifact.subarray(0, artifact.length / 2) });
    await settle();
    expect(await versionOf('tiny', '1.2.0')).toBeUndefined();
    appendFileSync(join(target, 'model.keras'), artifact.subarray(artifact.length / 2));
    await hotFolder.look();
    expect(await versionOf('tiny', '1.2.0')).toBeUndefined();
    await settle();
    expect(await versionOf('tiny', '1.2.0')).toMatchObject({ status: 'verified' });
  });

  it('is activated where the model is named for it, and its policy lets it', async () => {
    place('eager', '1.0.0');
    await settle();
    expect(await versionOf('eager', '1.0.0')).toMatchObject({ active: true });
    const policy = { metrics: [{ name: 'accuracy', dataset: 'held-out', minimum: 0.6 }] };
    await server.request('admin', 'PUT', '/v1/models/eager/policy', policy);
    place('eager', '1.1.0'); // its accuracy is 0.5
    await settle();
    expect(await versionOf('eager', '1.1.0')).toMatchObject({ status: 'verified', active: false });
  });

  it('without a manifest has one inferred, and takes its metrics from beside it', async () => {
    const target = join(models, 'notebook', '0.3.0');
    mkdirSync(target, { recursive: true });
    cpSync(join(goldenOnnx, 'vertebral-random-forest.onnx'), join(target, 'forest.onnx'));
    writeFileSync(join(target, 'metrics.json'), JSON.stringify({ accuracy: 0.86, f1_weighted: 0.85 }));
    await settle();
    expect(await versionOf('notebook', '0.3.0')).toMatchObject({
      status: 'verified',
      inferred: true,
      metrics: [
        { name: 'accuracy', value: 0.86, dataset: 'held-out' },
        { name: 'f1Weighted', value: 0.85, dataset: 'held-out' },
      ],
    });
  });

  it('as a bare file is a version by its content', async () => {
    const bare = join(models, 'penguins.onnx');
    const list = async (): Promise<ModelVersionDto[]> =>
      (await server.request('admin', 'GET', '/v1/models/penguins/versions')).json<{ data: ModelVersionDto[] }>().data;
    cpSync(join(goldenOnnx, 'penguins-random-forest.onnx'), bare);
    await settle();
    expect(await list()).toMatchObject([
      { version: expect.stringMatching(/^0\.0\.0-h[0-9a-f]{12}$/), status: 'verified' },
    ]);
    cpSync(join(goldenOnnx, 'penguins-logreg-scaler-zipmap.onnx'), bare);
    await settle();
    expect((await list()).map(({ status }) => status)).toEqual(['verified', 'verified']);
  });

  it('that is nothing of the kind stops no other', async () => {
    mkdirSync(join(models, 'odd.manifest.yaml'));
    cpSync(join(goldenOnnx, 'penguins-linear-svc.onnx'), join(models, 'odd.onnx'));
    const target = join(models, 'strange', '1.0.0');
    mkdirSync(join(target, 'golden.json'), { recursive: true });
    cpSync(join(goldenOnnx, 'penguins-linear-svc.onnx'), join(target, 'a model.onnx'));
    writeFileSync(join(place('wide', '1.0.0'), 'card.md'), Buffer.from('# card', 'utf16le'));
    place('zebra', '1.0.0');
    await settle();
    expect(await versionOf('zebra', '1.0.0')).toMatchObject({ status: 'verified' });
    for (const name of ['odd', 'strange', 'wide'])
      expect((await server.request('admin', 'GET', `/v1/models/${name}`)).statusCode).toBe(404);
    rmSync(join(target, 'golden.json'), { recursive: true });
    await settle();
    expect(await versionOf('strange', '1.0.0')).toMatchObject({ status: 'verified', inferred: true });
  });

  it('is found by itself within a few seconds', async () => {
    const watching = await startModelServer(database, { modelsDir: models, environment: { MODELS_SCAN_SECONDS: '1' } });
    try {
      place('tiny', '1.3.0');
      await vi.waitFor(async () => expect(await versionOf('tiny', '1.3.0')).toBeDefined(), {
        timeout: 60_000,
        interval: 200,
      });
    } finally {
      await watching.close();
    }
  });
});

describe('a version whose files are removed', () => {
  it('is retired, unless it is in service, and taken back when they return', async () => {
    const away = join(folder, 'away');
    renameSync(join(models, 'tiny'), away);
    await hotFolder.look();
    expect(await versionOf('tiny', '1.0.0')).toMatchObject({ status: 'verified', active: true });
    expect(await versionOf('tiny', '1.1.0')).toMatchObject({ status: 'retired' });
    const model = (await server.request('user', 'GET', '/v1/models/tiny')).json<ModelDto>();
    expect(model.activeVersion).toBe('1.0.0');
    renameSync(away, join(models, 'tiny'));
    await settle();
    expect(await versionOf('tiny', '1.1.0')).toMatchObject({ status: 'verified' });
  });

  it('is taken back when they return with examples that are at fault, and those are left out', async () => {
    const there = place('examined', '1.0.0');
    await settle();
    const away = join(folder, 'examined');
    renameSync(there, away);
    await hotFolder.look();
    expect(await versionOf('examined', '1.0.0')).toMatchObject({ status: 'retired' });
    writeExamples(away, [{ name: 'empty', title: 'Empty', input: {} }]);
    renameSync(away, there);
    await settle();
    expect(await versionOf('examined', '1.0.0')).toMatchObject({ status: 'verified' });
    const examples = await server.request('admin', 'GET', '/v1/models/examined/versions/1.0.0/examples');
    expect(examples.json()).toMatchObject({ data: [{ name: 'example' }] });
  });

  it('is kept where a rollback would lead to it', async () => {
    place('swapped', '1.0.0');
    place('swapped', '1.1.0');
    await settle();
    for (const version of ['1.0.0', '1.1.0'])
      await server.request('admin', 'PUT', '/v1/models/swapped/active', { version });
    rmSync(join(models, 'swapped/1.0.0'), { recursive: true });
    await hotFolder.look();
    expect(await versionOf('swapped', '1.0.0')).toMatchObject({ status: 'verified' });
    expect((await server.request('admin', 'POST', '/v1/models/swapped/rollback', {})).statusCode).toBe(200);
  });

  it('stays retired when somebody asked for it', async () => {
    await server.request('admin', 'DELETE', '/v1/models/tiny/versions/1.1.0?retire=true');
    utimesSync(join(models, 'tiny/1.1.0/golden.json'), new Date(), new Date()); // looked at again
    await settle();
    expect(await versionOf('tiny', '1.1.0')).toMatchObject({ status: 'retired' });
  });

  it('goes on where the whole folder is gone: a volume that is not mounted', async () => {
    const away = join(folder, 'volume');
    renameSync(models, away);
    await hotFolder.look();
    mkdirSync(models);
    await hotFolder.look();
    expect(await versionOf('tiny', '1.2.0')).toMatchObject({ status: 'verified' });
    rmSync(models, { recursive: true });
    renameSync(away, models);
  });
});
