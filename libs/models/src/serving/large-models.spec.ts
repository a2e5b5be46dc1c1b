/** A model that is too large to be read into memory for each load: from its folder to the answer, in Postgres and in S3. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelManifest } from '#inference';
import { ownDatabase } from '../../../../test/setup/database.js';
import { run } from '../../../../test/setup/filled-database.js';
import { startModelServer, type ModelServer } from '../../../../test/setup/model-server.js';
import {
  attributeOf,
  graphOf,
  modelOf,
  nodeOf,
  onnxType,
  portOf,
  tensorOf,
} from '../../../../test/setup/onnx-model.js';
import { S3Server } from '../../../../test/setup/s3-server.js';
import { ModelCatalogue } from '../model-catalogue.js';

/** The second layer has a weight for each pair: 2.8 MB of them. */
const [INNER, WIDTH] = [1000, 700];
/** What the model answers for 1. */
const LARGEST = (WIDTH - 1) / WIDTH;
const URL_OF_ARTIFACT = '/v1/models/wide/versions/1.0.0/artifact';

const [databaseOfPostgres, databaseOfS3] = [await ownDatabase(), await ownDatabase()];
const s3 = await S3Server.start();
const folder = mkdtempSync(join(tmpdir(), 'latido-large-'));
const models = join(folder, 'models');
const model = modelOf(
  graphOf(
    nodeOf('MatMul', ['x', 'first'], ['inner']),
    nodeOf('MatMul', ['inner', 'second'], ['wide']),
    nodeOf('ReduceMax', ['wide'], ['y'], attributeOf('axes', 7, Uint8Array.of(0x40, 1))),
    tensorOf('first', [1, INNER], new Float32Array(INNER).fill(1 / INNER)),
    tensorOf(
      'second',
      [INNER, WIDTH],
      Float32Array.from({ length: INNER * WIDTH }, (_, at) => (at % WIDTH) / WIDTH),
    ),
    portOf(11, 'x', onnxType.float32, [null, 1]),
    portOf(12, 'y', onnxType.float32, [null, 1]),
  ),
);

beforeAll(() => {
  const manifest: ModelManifest = {
    schemaVersion: 1,
    name: 'wide',
    version: '1.0.0',
    title: 'Wide',
    task: 'regression',
    artifact: { file: 'model.onnx', format: 'onnx' },
    inputs: [{ name: 'x', title: 'X', type: 'number', range: { minimum: 0, maximum: 100 } }],
    output: {},
  };
  const version = join(models, 'wide/1.0.0');
  mkdirSync(version, { recursive: true });
  writeFileSync(join(version, 'model.onnx'), model);
  writeFileSync(join(version, 'manifest.yaml'), stringify(manifest));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['Postgres', databaseOfPostgres, {}],
  ['S3', databaseOfS3, s3.environment],
] as const)('a large model in %s', (name, database, environment) => {
  let server: ModelServer;
  const open = () => startModelServer(database, { modelsDir: models, environment });
  const cached = (): string[] => readdirSync(join(server.dataFolder, 'artifacts'));
  const forgetCached = (): void => rmSync(join(server.dataFolder, 'artifacts'), { recursive: true, force: true });
  const scoreOf = async (x: number): Promise<number> => {
    const serving = await server.app.get(ModelCatalogue).serving('wide', undefined, 'user');
    return (await serving.score([{ x }])).values[0]!;
  };

  beforeAll(async () => {
    server = await open();
  });
  afterAll(() => server.close());

  it('is verified, activated and answers, from a file in the data folder', async () => {
    expect(await scoreOf(3)).toBeCloseTo(3 * LARGEST, 4);
    expect(cached()).toHaveLength(1);
    const chunks = await run(database.ownerUrl, 'SELECT index FROM artifact_chunks');
    expect(chunks).toHaveLength(name === 'Postgres' ? 3 : 0);
  });

  it('is handed out as it was registered', async () => {
    forgetCached();
    const answer = await server.request('publisher', 'GET', URL_OF_ARTIFACT);
    expect(answer.rawPayload.equals(model)).toBe(true);
    expect(answer.headers).toMatchObject({ 'content-length': String(model.length), etag: `"${cached()[0]}"` });
  });

  it('is opened by another thread after its file went, which is then brought again', async () => {
    const serving = await server.app.get(ModelCatalogue).serving('wide', undefined, 'user');
    forgetCached();
    const many = Array.from({ length: 2_000 }, (_, x) => ({ x: x % 100 }));
    const scores = (await serving.score(many)).values;
    expect(Array.from(scores)).toEqual(many.map(({ x }) => expect.closeTo(x * LARGEST, 2) as number));
    expect(cached()).toHaveLength(1);
  });

  it('is neither served nor handed out when its stored bytes are others', async () => {
    await server.close();
    if (name === 'Postgres')
      await run(database.ownerUrl, `UPDATE artifact_chunks SET content = set_byte(content, 5, 1) WHERE index = 2`);
    else {
      const [{ sha256 }] = (await run<{ sha256: string }>(database.ownerUrl, 'SELECT sha256 FROM artifacts')) as [
        { sha256: string },
      ];
      await s3.put(sha256, Buffer.concat([model.subarray(0, -1), Buffer.of(77)]));
    }
    server = await open();
    const catalogue = server.app.get(ModelCatalogue);
    await expect(catalogue.serving('wide', undefined, 'user')).rejects.toMatchObject({ name: 'VERSION_NOT_LOADED' });
    const answer = await server.request('publisher', 'GET', URL_OF_ARTIFACT);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([500, 'ARTIFACT_DAMAGED']);
    expect(cached()).toEqual([]);
  });
});

it('answers 503 with Retry-After while the bucket is away, and goes on when it is back', async () => {
  const database = databaseOfS3;
  const [row] = await run<{ sha256: string }>(database.ownerUrl, 'SELECT sha256 FROM artifacts');
  await s3.put(row!.sha256, Buffer.from(model));
  await s3.kill();
  const server = await startModelServer(database, { modelsDir: models, environment: s3.environment });
  try {
    const away = await server.request('publisher', 'GET', URL_OF_ARTIFACT);
    expect([away.statusCode, away.json<{ code: string }>().code]).toEqual([503, 'ARTIFACT_UNAVAILABLE']);
    expect(away.headers['retry-after']).toBe('5');
    await s3.start();
    expect((await server.request('publisher', 'GET', URL_OF_ARTIFACT)).statusCode).toBe(200);
  } finally {
    await server.close();
  }
});
