/** Models that TensorFlow.js makes, saves and answers, published as a zip without a manifest. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '#audit';
import { InferenceEngines, type GoldenFile } from '#inference';
import { ownDatabase } from '../../../../test/setup/database.js';
import { startModelServer, type ModelServer } from '../../../../test/setup/model-server.js';
import { zipOf } from '../../../../test/setup/zip-archive.js';
import { ModelCatalogue } from '../model-catalogue.js';
import { ModelRegistration } from '../registration/model-registration.js';
import { inferManifest } from './infer-manifest.js';

const folder = mkdtempSync(join(tmpdir(), 'latido-layers-models-'));
const database = await ownDatabase();
let server: ModelServer;

beforeAll(async () => {
  await tf.setBackend('wasm');
  server = await startModelServer(database, { modelsDir: folder });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function zipped(model: LayersModel): Promise<Uint8Array> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  const { format, generatedBy, modelTopology, weightSpecs, weightData } = saved!;
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  const description = JSON.stringify({ format, generatedBy, modelTopology, weightsManifest });
  return zipOf([
    { name: 'model.json', content: Buffer.from(description) },
    { name: 'weights.bin', content: Buffer.concat([weightData!].flat().map((part) => Buffer.from(part))) },
  ]);
}

/** Rows with TensorFlow.js' own answers. */
function goldenOf(model: LayersModel, shape: number[]): GoldenFile {
  const length = shape.reduce((product, size) => product * size, 1);
  const rows = tf.tensor(
    Float32Array.from({ length }, (_, index) => Math.sin(12.9898 * (index + 1))),
    shape,
  );
  const outputs = (model.predict(rows) as tf.Tensor).arraySync() as number[][];
  return { schemaVersion: 1, answeredBy: 'tfjs-layers 4.22.0', inputs: rows.arraySync() as number[][], outputs };
}

async function publish(name: string, model: LayersModel, shape: number[]): Promise<GoldenFile> {
  const bytes = await zipped(model);
  const golden = goldenOf(model, shape);
  const file = { bytes, fileName: 'model.zip', name, version: '1.0.0' };
  const manifest = await inferManifest(file, server.app.get(InferenceEngines));
  expect(manifest.artifact).toEqual({ file: 'model.zip', format: 'tfjs' });
  const version = join(folder, name, '1.0.0');
  mkdirSync(version, { recursive: true });
  writeFileSync(join(version, 'model.zip'), bytes);
  writeFileSync(join(version, 'manifest.yaml'), stringify(manifest));
  writeFileSync(join(version, 'golden.json'), JSON.stringify(golden));
  const result = await server.app.get(ModelRegistration).addFolder(version, SYSTEM);
  expect(result).toMatchObject({ status: 'verified', rejection: null });
  expect(result.verification.comparisons.map(({ kind, engine }) => `${kind} ${engine}`)).toEqual([
    'golden onnx',
    'golden tfjs',
    'engines onnx',
    'alone onnx',
    'alone tfjs',
  ]);
  return golden;
}

describe('a layers model of TensorFlow.js', () => {
  it('of dense layers is published without a manifest, and answers as TensorFlow.js does', async () => {
    const model = sequential({
      layers: [
        layers.dense({ units: 8, inputShape: [4], activation: 'relu' }),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    const { inputs, outputs } = await publish('dense', model, [8, 4]);
    const serving = await server.app.get(ModelCatalogue).serving('dense', '1.0.0', 'admin');
    const [[x1, x2, x3, x4]] = inputs as [[number, number, number, number]];
    const result = serving.decode((await serving.score([{ x1, x2, x3, x4 }])).values);
    const [[a, b, c]] = outputs as [[number, number, number]];
    expect(result).toMatchObject({
      probabilities: {
        'class-0': expect.closeTo(a, 5) as number,
        'class-1': expect.closeTo(b, 5) as number,
        'class-2': expect.closeTo(c, 5) as number,
      },
    });
    const version = await server.request('admin', 'GET', '/v1/models/dense/versions/1.0.0');
    expect(version.json()).toMatchObject({ inferred: true, artifact: { format: 'tfjs' } });
    const artifact = await server.request('admin', 'GET', '/v1/models/dense/versions/1.0.0/artifact');
    expect(artifact.headers['content-disposition']).toBe('attachment; filename="dense-1.0.0.zip"');
  });

  it('of an LSTM takes observations', async () => {
    const initial = { kernelInitializer: 'glorotUniform', recurrentInitializer: 'glorotUniform' } as const;
    const model = sequential({
      layers: [
        layers.lstm({ units: 5, inputShape: [6, 2], ...initial }),
        layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
    });
    await publish('sequences', model, [8, 6, 2]);
    const version = await server.request('admin', 'GET', '/v1/models/sequences/versions/1.0.0');
    expect(version.json()).toMatchObject({
      task: 'binary-classification',
      observations: { signals: [{ name: 'x1' }, { name: 'x2' }] },
      features: [{ window: { samples: 6 } }],
    });
  });
});
