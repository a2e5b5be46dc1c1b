/** Looking at model files over HTTP. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ProblemDto } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { formOf } from '../../../../test/setup/form.js';
import { startModelServer, type ModelServer } from '../../../../test/setup/model-server.js';
import { zipOf } from '../../../../test/setup/zip-archive.js';
import type { InspectionDto } from '../http/inspection.dto.js';
import { readManifest } from '../manifest/version-documents.js';

const golden = resolve(import.meta.dirname, '../../../../test/golden');
const folder = mkdtempSync(join(tmpdir(), 'latido-inspections-'));
const database = await ownDatabase();
let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer(database, { modelsDir: folder, environment: { MODEL_MAX_MB: '1' } });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const OCTETS = { 'content-type': 'application/octet-stream' };
type Answer = Awaited<ReturnType<ModelServer['request']>>;

function inspect(body: unknown, headers: Record<string, string> = OCTETS, query = ''): Promise<Answer> {
  return server.request('publisher', 'POST', `/v1/models/inspect${query}`, body, headers);
}

function inspectFile(fileName: string, content: Buffer | string, part = 'artifact'): Promise<Answer> {
  const { payload, headers } = formOf({ [part]: { fileName, content } });
  return inspect(payload, headers);
}

const refusalOf = (answer: Answer): [number, string] => [answer.statusCode, answer.json<ProblemDto>().code];
const uploads = (): string[] => {
  const path = join(server.dataFolder, 'uploads');
  return existsSync(path) ? readdirSync(path) : [];
};

describe('inspecting a model file', () => {
  it('tells what an ONNX file is, and drafts a manifest that is one', async () => {
    const bytes = readFileSync(join(golden, 'onnx/made/triage.onnx'));
    const answer = await inspectFile('Triage (final).onnx', bytes);
    expect(answer.statusCode, answer.body).toBe(200);
    const found = answer.json<InspectionDto>();
    expect(found).toMatchObject({
      format: 'onnx',
      sizeBytes: bytes.length,
      writtenBy: 'skl2onnx 1.20.0',
      opsets: expect.arrayContaining([{ domain: 'ai.onnx.ml', version: 1 }]) as unknown,
      inputs: [
        { name: 'age', type: 'int64', shape: [1] },
        { name: 'pressure', type: 'float32', shape: [1] },
        { name: 'sex', type: 'string', shape: [1] },
        { name: 'ward', type: 'string', shape: [1] },
      ],
      classes: ['high', 'low'],
      problems: [],
    });
    expect(found.parts).toContainEqual({ name: 'OneHotEncoder', count: 2 });
    expect(found.manifest).toMatchObject({
      name: 'triage-final',
      version: '1.0.0',
      inferred: true,
      artifact: { file: 'Triage__final_.onnx', format: 'onnx' },
    });
    expect(readManifest(found.manifestYaml ?? '')).toEqual(found.manifest);
    expect(parse(found.manifestYaml ?? '')).toEqual(found.manifest);
    expect(uploads()).toEqual([]);
  });

  it('tells layers of a Keras file that is the whole body, under the name that it is given', async () => {
    const bytes = readFileSync(join(golden, 'keras/mlp-6-14-7-1-k3_15-keras.keras'));
    const answer = await inspect(bytes, OCTETS, '?name=risk&version=2.0.0');
    expect(answer.json<InspectionDto>()).toMatchObject({
      format: 'keras',
      writtenBy: 'keras 3.15.1',
      parts: [{ name: 'Dense', count: 3 }],
      parameters: 211,
      outputs: [{ type: 'float32', shape: [1] }],
      classes: null,
      manifest: {
        name: 'risk',
        version: '2.0.0',
        task: 'binary-classification',
        output: { classes: [{ name: 'negative' }, { name: 'positive' }] },
      },
    });
    expect(uploads()).toEqual([]);
  });

  it('drafts observations for a model of sequences', async () => {
    const bytes = readFileSync(join(golden, 'keras/gru-48x12-1-k3_15-keras.keras'));
    const { manifest } = (await inspect(bytes)).json<InspectionDto>();
    expect(manifest).toMatchObject({
      inputs: [],
      observations: { signals: expect.arrayContaining([{ name: 'x1', title: 'x1', unit: '1' }]) as unknown },
      features: [{ window: { samples: expect.any(Number) as number } }],
    });
  });

  it('says why there is no draft where the file leaves open what it is', async () => {
    const bytes = readFileSync(join(golden, 'keras/conv2d-options-k2_15-h5.h5'));
    expect((await inspect(bytes)).json<InspectionDto>()).toMatchObject({
      format: 'h5',
      manifest: null,
      manifestYaml: null,
      problems: [expect.stringContaining('The file does not say')],
    });
  });

  it('refuses what is no model', async () => {
    for (const content of [Buffer.from('garbage'), Buffer.alloc(0), Buffer.from('PK\x03\x04 and no more'), zipOf([])]) {
      expect(refusalOf(await inspect(content))).toEqual([422, 'MODEL_UNREADABLE']);
    }
    expect(refusalOf(await inspectFile('model.onnx', 'garbage'))).toEqual([422, 'MODEL_UNREADABLE']);
    expect(uploads()).toEqual([]);
  });

  it('refuses an archive that would inflate to far more than it is', async () => {
    const description = JSON.stringify({
      modelTopology: { class_name: 'Sequential', config: { layers: [] }, keras_version: 'tfjs-layers 4.22.0' },
      weightsManifest: [{ paths: ['w.bin'], weights: [] }],
    });
    const bomb = zipOf([
      { name: 'model.json', content: Buffer.from(description) },
      { name: 'w.bin', content: Buffer.alloc(64 * 1024 * 1024) },
    ]);
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await inspect(Buffer.from(bomb));
    expect(refusalOf(answer)).toEqual([422, 'MODEL_UNREADABLE']);
    expect(answer.json<ProblemDto>().detail).toContain('more than the bound allows');
  });

  it('refuses other types than files, and files of other kinds', async () => {
    const json = { 'content-type': 'application/json' };
    expect(refusalOf(await inspect('{}', json))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(refusalOf(await inspect('a,b', { 'content-type': 'text/csv' }))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(refusalOf(await inspect(undefined, {}))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(refusalOf(await inspectFile('model.pkl', 'x'))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(refusalOf(await inspectFile('model.onnx', 'x', 'file'))).toEqual([422, 'INVALID_REQUEST']);
    expect(refusalOf(await inspect(Buffer.from('x'), OCTETS, '?name=Not%20One'))).toEqual([422, 'INVALID_REQUEST']);
    const elsewhere = await server.request('admin', 'PUT', '/v1/models/x/active', Buffer.from('x'), OCTETS);
    expect(refusalOf(elsewhere)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('refuses more than MODEL_MAX_MB, as soon as it has come', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1);
    expect(refusalOf(await inspect(large))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(refusalOf(await inspectFile('model.onnx', large))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(uploads()).toEqual([]);
  });

  it('leaves nothing behind of a file that is cut off', async () => {
    await server.app.listen(0, '127.0.0.1');
    const { port } = server.app.getHttpServer().address() as AddressInfo;
    const path = '/v1/models/inspect';
    const headers = { ...OCTETS, 'content-length': '100000', 'x-test-role': 'publisher' };
    const cut = httpRequest({ port, path, method: 'POST', headers });
    cut.on('error', () => undefined);
    cut.write(Buffer.alloc(1000));
    await expect.poll(uploads).toHaveLength(1);
    cut.destroy();
    await expect.poll(uploads).toEqual([]);
  });
});
