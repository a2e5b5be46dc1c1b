/** Registering versions from folders, on a real Postgres with the real engines. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SYSTEM } from '#audit';
import { InferenceEngines, type ModelManifest } from '#inference';
import { DomainError, newId } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../../test/setup/model-server.js';
import { tinyManifest, tinyRow, writeVersion } from '../../../../test/setup/version-folder.js';
import { ModelCatalogue } from '../model-catalogue.js';
import { ModelRegistration } from './model-registration.js';

const [startDatabase, replicaDatabase, handDatabase, tfjsDatabase] = [
  await ownDatabase(),
  await ownDatabase(),
  await ownDatabase(),
  await ownDatabase(),
];
const root = resolve(import.meta.dirname, '../../../..');
/** The older course model is no part of the project: its tests run where the fixtures are. */
const course = resolve(root, '../shared/fixtures/cardiac');
const folder = mkdtempSync(join(tmpdir(), 'latido-registration-'));
const opened: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const close of opened.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(
  database: Awaited<ReturnType<typeof ownDatabase>>,
  modelsDir: string,
  engine?: 'auto' | 'onnx' | 'tfjs',
): Promise<ModelServer> {
  const server = await startModelServer(database, { modelsDir, engine });
  opened.push(() => server.close());
  return server;
}

async function ownerOf(database: Awaited<ReturnType<typeof ownDatabase>>): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  opened.push(() => client.end());
  return client;
}

async function refusalOf(registering: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await registering.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw new Error('it was registered', { cause: error });
  return error;
}

describe('the folder of models at start', () => {
  const models = join(folder, 'start');

  it('is registered, its broken folders apart, and the highest verified version of each model answers', async () => {
    for (const version of ['1.2.0', '1.10.0', '1.9.0']) writeVersion(models, 'tiny', version);
    writeVersion(models, 'tiny', '3.0.0', { goldenOff: 0.5 });
    writeVersion(models, 'misplaced', '1.0.0', { manifest: { name: 'elsewhere' } });
    writeVersion(models, 'altered', '1.0.0', {
      manifest: { artifact: { file: 'model.keras', format: 'keras', sha256: 'a'.repeat(64) } },
    });
    writeVersion(models, 'truncated', '1.0.0', {
      artifact: readFileSync(join(root, 'test/golden/keras/mlp-6-14-7-1-k3_15-keras.keras')).subarray(0, 900),
    });
    writeVersion(models, 'no-artifact', '1.0.0', { manifest: { artifact: { file: 'gone.keras', format: 'keras' } } });
    mkdirSync(join(models, 'empty/1.0.0'), { recursive: true });
    mkdirSync(join(models, '.git/objects'), { recursive: true });
    writeFileSync(join(models, 'README.md'), 'not a model');

    const server = await open(startDatabase, models);
    const catalogue = server.app.get(ModelCatalogue);
    expect(catalogue.activeVersions().map(({ model, version }) => `${model} ${version}`)).toEqual(['tiny 1.10.0']);
    const owner = await ownerOf(startDatabase);
    const { rows } = await owner.query(
      `SELECT model_name || ' ' || version || ' ' || status AS line, rejection FROM model_versions ORDER BY id`,
    );
    expect(rows.map(({ line }: { line: string }) => line)).toEqual([
      'tiny 1.2.0 verified',
      'tiny 1.9.0 verified',
      'tiny 1.10.0 verified',
      'tiny 3.0.0 rejected',
    ]);
    const { row, probability } = tinyRow();
    const serving = await catalogue.serving('tiny', undefined, 'user');
    expect(serving.decode((await serving.score([row])).values)).toMatchObject({
      label: 'no',
      probabilities: { yes: expect.closeTo(probability, 5) as number },
    });
  });

  it('is left alone by the next start, without an engine being asked, and what an administrator activated stays', async () => {
    const owner = await ownerOf(startDatabase);
    const [first] = opened;
    const before = (await owner.query('SELECT * FROM model_versions ORDER BY id')).rows as unknown[];
    await first!();
    opened.shift();
    await owner.query(
      `UPDATE models SET active_version_id = (SELECT id FROM model_versions WHERE version = '1.2.0') WHERE name = 'tiny'`,
    );
    rmSync(join(models, 'truncated'), { recursive: true }); // a file that is not whole is looked at by every start
    const verify = vi.spyOn(InferenceEngines.prototype, 'verify');
    const server = await open(startDatabase, models);
    expect(verify).not.toHaveBeenCalled();
    verify.mockRestore();
    expect((await owner.query('SELECT * FROM model_versions ORDER BY id')).rows).toEqual(before);
    expect(server.app.get(ModelCatalogue).peekActive('tiny')?.version).toBe('1.2.0');
  });

  it('changed under a version that is registered is not taken for it', async () => {
    const changed = writeVersion(join(folder, 'changed'), 'tiny', '1.2.0', { card: '# Another card\n' });
    const server = await open(startDatabase, models);
    expect((await refusalOf(server.app.get(ModelRegistration).addFolder(changed, SYSTEM))).kind.code).toBe(
      'VERSION_CONFLICT',
    );
  });

  it('is registered once by two replicas that start together', async () => {
    const [a, b] = await Promise.all([open(replicaDatabase, models), open(replicaDatabase, models)]);
    for (const server of [a, b]) expect(server.app.get(ModelCatalogue).peekActive('tiny')?.version).toBe('1.10.0');
    const owner = await ownerOf(replicaDatabase);
    const { rows } = await owner.query(
      'SELECT (SELECT count(*)::int FROM model_versions) AS versions, (SELECT count(*)::int FROM activations) AS activations',
    );
    expect(rows).toEqual([{ versions: 4, activations: 1 }]);
  });
});

describe('a version handed in', () => {
  let server: ModelServer;
  let registration: ModelRegistration;
  let owner: pg.Client;

  beforeAll(async () => {
    mkdirSync(join(folder, 'nothing-in-it'));
    server = await open(handDatabase, join(folder, 'nothing-in-it'));
    registration = server.app.get(ModelRegistration);
    owner = await ownerOf(handDatabase);
  });

  const count = async (): Promise<unknown> =>
    (
      await owner.query(
        'SELECT (SELECT count(*)::int FROM models) AS models, (SELECT count(*)::int FROM model_versions) AS versions, (SELECT count(*)::int FROM artifacts) AS artifacts',
      )
    ).rows[0];

  it('is told with what was compared, is not activated, and leaves an audit event', async () => {
    const path = writeVersion(join(folder, 'by-hand'), 'hand', '1.0.0');
    const result = await registration.addFolder(path, { kind: 'user', id: server.callers.publisher });
    expect(result).toMatchObject({
      outcome: 'registered',
      model: 'hand',
      version: '1.0.0',
      status: 'verified',
      rejection: null,
    });
    expect(result.verification.comparisons).toHaveLength(5);
    const { rows } = await owner.query('SELECT active_version_id FROM models WHERE name = $1', ['hand']);
    expect(rows).toEqual([{ active_version_id: null }]);
    const events = await owner.query('SELECT action, actor_id, target_id FROM audit_events');
    expect(events.rows).toEqual([
      { action: 'model-version.registered', actor_id: server.callers.publisher, target_id: result.id },
    ]);
    expect(await registration.addFolder(path, SYSTEM)).toMatchObject({
      outcome: 'unchanged',
      id: result.id,
      status: 'verified',
    });
  });

  it('twice at once is registered once', async () => {
    const path = writeVersion(join(folder, 'by-hand'), 'twice', '1.0.0');
    const results = await Promise.all([registration.addFolder(path, SYSTEM), registration.addFolder(path, SYSTEM)]);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['registered', 'unchanged']);
    expect(results[0].id).toBe(results[1].id);
  });

  it('leaves nothing behind when its transaction fails', async () => {
    const before = await count();
    const path = writeVersion(join(folder, 'by-hand'), 'nobody', '1.0.0');
    await expect(registration.addFolder(path, { kind: 'user', id: newId() })).rejects.toThrow(
      /fk_model_versions_created_by/,
    );
    expect(await count()).toEqual(before);
  });

  it.each<[string, Partial<ModelManifest>, string]>([
    [
      'other columns than the model takes',
      { inputs: tinyManifest('x', '1.0.0').inputs.slice(1) },
      'takes 6 columns, the manifest declares 5',
    ],
    [
      'other classes than the model answers',
      { task: 'multiclass-classification' },
      '2 classes, the model has 1 scores',
    ],
  ])('that declares %s is stored as rejected, with the reason', async (what, manifest, reason) => {
    const path = writeVersion(join(folder, 'by-hand'), 'misfit', `1.0.${what.length}`, { manifest });
    expect(await registration.addFolder(path, SYSTEM)).toMatchObject({
      outcome: 'registered',
      status: 'rejected',
      rejection: expect.stringContaining(reason) as string,
    });
  });

  it('that is no version is refused, and says why', async () => {
    const path = writeVersion(join(folder, 'by-hand'), 'faulty', '1.0.0', { manifest: { title: '' } });
    const before = await count();
    expect((await refusalOf(registration.addFolder(path, SYSTEM))).extra.errors).toEqual([
      { pointer: '/title', detail: 'must have at least 1 characters' },
    ]);
    writeFileSync(join(path, 'manifest.yaml'), 'x'.repeat(300_000));
    expect((await refusalOf(registration.addFolder(path, SYSTEM))).message).toContain('at most 262144 are read');
    const pipe = writeVersion(join(folder, 'by-hand'), 'pipe', '1.0.0');
    rmSync(join(pipe, 'golden.json'));
    execFileSync('mkfifo', [join(pipe, 'golden.json')]);
    expect((await refusalOf(registration.addFolder(pipe, SYSTEM))).message).toBe('golden.json is not a file');
    expect((await refusalOf(registration.addFolder(join(folder, 'no-such-folder'), SYSTEM))).message).toBe(
      'manifest.yaml is not there',
    );
    expect(await count()).toEqual(before);
  });

  it('whose artifact is larger than MODEL_MAX_MB is refused before it is read', async () => {
    const path = writeVersion(join(folder, 'too-large'), 'large', '1.0.0');
    truncateSync(join(path, 'model.keras'), 512 * 2 ** 20 + 1);
    const refusal = await refusalOf(registration.addFolder(path, SYSTEM));
    expect([refusal.kind.code, refusal.message]).toEqual([
      'MANIFEST_INVALID',
      'model.keras has 536870913 bytes, at most 536870912 are read',
    ]);
  });

  it('is ONNX as scikit-learn exports it, checked by the one engine that computes it', async () => {
    const source = join(root, 'test/golden/onnx/penguins-xgboost');
    const golden = JSON.parse(readFileSync(`${source}.json`, 'utf8')) as {
      columns: string[];
      inputs: number[][];
      probabilities: number[][];
    };
    const path = join(folder, 'by-hand/penguins/1.0.0');
    mkdirSync(path, { recursive: true });
    cpSync(`${source}.onnx`, join(path, 'model.onnx'));
    const manifest: ModelManifest = {
      ...tinyManifest('penguins', '1.0.0'),
      task: 'multiclass-classification',
      artifact: { file: 'model.onnx', format: 'onnx' },
      inputs: golden.columns.map((name) => ({ name, title: name, type: 'number' })),
      output: { classes: ['Adelie', 'Gentoo', 'Chinstrap'].map((name) => ({ name, title: name })) },
    };
    writeFileSync(join(path, 'manifest.yaml'), stringify(manifest));
    writeFileSync(
      join(path, 'golden.json'),
      JSON.stringify({
        schemaVersion: 1,
        answeredBy: 'onnxruntime 1.19.2',
        columns: golden.columns,
        inputs: golden.inputs,
        outputs: golden.probabilities,
      }),
    );
    const result = await registration.addFolder(path, SYSTEM);
    expect(result).toMatchObject({ status: 'verified', verification: { singleEngine: true } });
    const serving = await server.app.get(ModelCatalogue).serving('penguins', '1.0.0', 'publisher');
    const row = Object.fromEntries(golden.columns.map((name, index) => [name, golden.inputs[0]![index]!]));
    expect(serving.decode((await serving.score([row])).values)).toMatchObject({ label: 'Gentoo' });
  });

  it.skipIf(!existsSync(course))('is the older course model of seven inputs, and answers as Keras does', async () => {
    const golden = JSON.parse(readFileSync(join(course, 'unlp-7-golden.json'), 'utf8')) as {
      columns: string[];
      scaled: { inputs: number[][]; outputs: number[][] };
    };
    const path = join(folder, 'by-hand/course/1.0.0');
    mkdirSync(path, { recursive: true });
    cpSync(join(course, 'unlp-7-inputs.keras'), join(path, 'model.keras'));
    const inputs = golden.columns.map((name) => ({
      name,
      title: name,
      type: 'number' as const,
      range: { minimum: 0, maximum: 1 },
    }));
    writeFileSync(join(path, 'manifest.yaml'), stringify({ ...tinyManifest('course', '1.0.0'), inputs }));
    writeFileSync(
      join(path, 'golden.json'),
      JSON.stringify({
        schemaVersion: 1,
        answeredBy: 'keras 2.13.1',
        columns: golden.columns,
        ...golden.scaled,
        note: undefined,
        min: undefined,
        max: undefined,
      }),
    );
    const result = await registration.addFolder(path, SYSTEM);
    expect(result).toMatchObject({ status: 'verified', rejection: null });
    expect(
      result.verification.comparisons
        .filter(({ kind }) => kind === 'golden')
        .map(({ rows, passed }) => ({ rows, passed })),
    ).toEqual([
      { rows: 10, passed: true },
      { rows: 10, passed: true },
    ]);
  });
});

describe('a classifier of scikit-learn whose scores are distances', () => {
  const source = join(root, 'test/golden/onnx/penguins-linear-svc');
  const { inputs, scores, labels } = JSON.parse(readFileSync(`${source}.json`, 'utf8')) as {
    inputs: number[][];
    scores: number[][];
    labels: number[];
  };
  const names = inputs[0]!.map((_, index) => `x${index}`);
  const classes = ['adelie', 'chinstrap', 'gentoo'];
  let server: ModelServer;

  beforeAll(async () => {
    const models = join(folder, 'distances');
    mkdirSync(models);
    server = await open(handDatabase, models);
  });

  function writeClassifier(name: string, output: ModelManifest['output']): string {
    const path = join(folder, 'classifiers', name, '1.0.0');
    mkdirSync(path, { recursive: true });
    cpSync(`${source}.onnx`, join(path, 'model.onnx'));
    const manifest: ModelManifest = {
      ...tinyManifest(name, '1.0.0'),
      task: 'multiclass-classification',
      artifact: { file: 'model.onnx', format: 'onnx' },
      inputs: names.map((input) => ({ name: input, title: input, type: 'number' })),
      output: { classes: classes.map((title) => ({ name: title, title })), ...output },
    };
    writeFileSync(join(path, 'manifest.yaml'), stringify(manifest));
    const golden = { schemaVersion: 1, answeredBy: 'scikit-learn 1.5', columns: names, inputs, outputs: scores };
    writeFileSync(join(path, 'golden.json'), JSON.stringify(golden));
    return path;
  }

  it('is stored as rejected where its manifest takes them for probabilities, though all comparisons agree', async () => {
    const registration = server.app.get(ModelRegistration);
    const result = await registration.addFolder(writeClassifier('as-probabilities', {}), SYSTEM);
    expect(result.verification.comparisons.every(({ passed }) => passed)).toBe(true);
    expect(result).toMatchObject({
      status: 'rejected',
      rejection: expect.stringContaining('output.kind: decision') as string,
    });
  });

  it('answers them as scores where it says so', async () => {
    const path = writeClassifier('as-decision', { kind: 'decision' });
    const { id, verification } = await server.app.get(ModelRegistration).addFolder(path, SYSTEM);
    expect(verification).toMatchObject({ passed: true, singleEngine: true });
    const serving = await server.app.get(ModelCatalogue).serving('as-decision', '1.0.0', 'admin');
    const rows = inputs.map((values) => Object.fromEntries(values.map((value, index) => [names[index]!, value])));
    const { values, width } = await serving.score(rows);
    const decode = await server.app.get(ModelCatalogue).resultsOf(id);
    const results = rows.map((_, row) => decode(values.subarray(row * width, (row + 1) * width)));
    expect(results.map((result) => 'label' in result && result.label)).toEqual(
      labels.map((label) => classes[label - 1]),
    );
    expect(results[0]).toMatchObject({ scores: { adelie: expect.closeTo(scores[0]![0]!, 4) as number } });
    expect(results[0]).not.toHaveProperty('probability');
  });
});

describe('with INFERENCE_ENGINE=tfjs', () => {
  it('a model is served by TensorFlow.js, and one that it cannot compute is not judged', async () => {
    const models = join(folder, 'tfjs');
    writeVersion(models, 'tiny', '1.0.0');
    const onnx = join(models, 'trees/1.0.0');
    mkdirSync(onnx, { recursive: true });
    cpSync(join(root, 'test/golden/onnx/penguins-xgboost.onnx'), join(onnx, 'model.onnx'));
    const manifest: ModelManifest = {
      ...tinyManifest('trees', '1.0.0'),
      task: 'multiclass-classification',
      artifact: { file: 'model.onnx', format: 'onnx' },
      inputs: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ name, title: name, type: 'number' })),
      output: { classes: ['x', 'y', 'z'].map((name) => ({ name, title: name })) },
    };
    writeFileSync(join(onnx, 'manifest.yaml'), stringify(manifest));
    const server = await open(tfjsDatabase, models, 'tfjs');
    const serving = server.app.get(ModelCatalogue).peekActive('tiny');
    expect(serving?.engine.name).toBe('tfjs');
    const { row, probability } = tinyRow();
    expect((await serving!.score([row, row])).values[1]).toBeCloseTo(probability, 5);
    expect((await refusalOf(server.app.get(ModelRegistration).addFolder(onnx, SYSTEM))).message).toContain(
      'INFERENCE_ENGINE=tfjs does not serve this model',
    );
    expect((await (await ownerOf(tfjsDatabase)).query('SELECT name FROM models')).rows).toEqual([{ name: 'tiny' }]);
  });
});
