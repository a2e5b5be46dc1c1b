/** Models that TensorFlow.js itself makes, saves and answers. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import {
  layers,
  model as modelOf,
  input,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { zipOf, type ZipEntry } from '../../../../test/setup/zip-archive.js';
import { buildTensorFlowModel, importKeras, KerasImportError, writeOnnx } from '../index.js';

beforeAll(() => tf.setBackend('wasm'));

interface Saved {
  readonly modelTopology: object;
  readonly specs: { name: string; shape: number[]; dtype: string; quantization?: object }[];
  readonly data: Uint8Array;
}

async function save(model: LayersModel): Promise<Saved> {
  let saved: Saved | undefined;
  await model.save(
    tf.io.withSaveHandler(({ modelTopology, weightSpecs, weightData }) => {
      const data = Buffer.concat([weightData ?? []].flat().map((part) => Buffer.from(part)));
      saved = { modelTopology: modelTopology as object, specs: weightSpecs as Saved['specs'], data };
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  return saved as Saved;
}

/** The zip of a saved model, its weights in `shards` files. */
function zipped(
  { modelTopology, specs, data }: Saved,
  { shards = 1, folder = '', ...others }: { shards?: number; folder?: string; weightsManifest?: unknown } = {},
): Uint8Array {
  const size = Math.ceil(data.length / shards);
  const parts = Array.from({ length: shards }, (_, index) => data.subarray(index * size, (index + 1) * size));
  const paths = parts.map((_, index) => `group1-shard${index + 1}of${shards}.bin`);
  const description = {
    format: 'layers-model',
    generatedBy: 'TensorFlow.js tfjs-layers v4.22.0',
    modelTopology,
    weightsManifest: [{ paths, weights: specs }],
    ...others,
  };
  return zipOf([
    { name: `${folder}model.json`, content: Buffer.from(JSON.stringify(description)) },
    ...parts.map((content, index): ZipEntry => ({ name: `${folder}${paths[index]}`, content })),
  ]);
}

/** Both engines beside TensorFlow.js' own answer. */
async function expectSameAnswers(
  model: LayersModel,
  bytes: Uint8Array,
  digits = 5,
  rows = batchFor(model),
): Promise<void> {
  const graph = await importKeras(bytes);
  expect(graph.packing).toBe('tfjs');
  expect(graph.keras.text).toBe('tfjs-layers 4.22.0');
  const wanted = (model.predict(rows) as tf.Tensor).dataSync();
  const [built] = buildTensorFlowModel(graph, tf).run([rows]);
  const session = await InferenceSession.create(writeOnnx(graph));
  const feed = new Tensor('float32', rows.dataSync() as Float32Array, rows.shape);
  const answer = await session.run({ [session.inputNames[0] as string]: feed });
  for (const given of [built!.dataSync(), answer[session.outputNames[0] as string]!.data as Float32Array]) {
    expect(given).toHaveLength(wanted.length);
    given.forEach((value, index) => expect(value).toBeCloseTo(wanted[index] as number, digits));
  }
}

function batchFor(model: LayersModel): tf.Tensor {
  const [, ...shape] = model.inputs[0]!.shape;
  const sizes = [3, ...shape.map((size) => size ?? 4)];
  const length = sizes.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Float32Array.from({ length }, (_, index) => Math.sin(12.9898 * (index + 1))),
    sizes,
  );
}

const glorot = { kernelInitializer: 'glorotUniform', recurrentInitializer: 'glorotUniform' } as const;
const dense = (): LayersModel =>
  sequential({
    layers: [
      layers.dense({ units: 7, inputShape: [6], activation: 'relu', name: 'hidden' }),
      layers.batchNormalization({ name: 'normal' }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 3, activation: 'softmax', name: 'classes' }),
    ],
  });

describe('a layers model of TensorFlow.js', () => {
  it('of dense layers is answered as TensorFlow.js does, whatever its weights are cut into', async () => {
    const model = dense();
    const saved = await save(model);
    await expectSameAnswers(model, zipped(saved));
    await expectSameAnswers(model, zipped(saved, { shards: 5, folder: 'model/' }));
  });

  it('of an LSTM is answered as TensorFlow.js does', async () => {
    const model = sequential({
      layers: [
        layers.lstm({ units: 5, inputShape: [8, 3], returnSequences: true, ...glorot }),
        layers.lstm({ units: 4, ...glorot }),
        layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
    });
    await expectSameAnswers(model, zipped(await save(model)));
  });

  it.each<[string, () => LayersModel]>([
    [
      'masked, in both directions',
      () =>
        sequential({
          layers: [
            layers.masking({ inputShape: [5, 3] }),
            layers.bidirectional({
              layer: layers.lstm({ units: 2, returnSequences: true, ...glorot }) as never,
              mergeMode: 'concat',
            }),
            layers.gru({ units: 3, ...glorot }),
            layers.dense({ units: 2, activation: 'hardSigmoid' }),
          ],
        }),
    ],
    [
      'of convolutions',
      () =>
        sequential({
          layers: [
            layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [8, 8, 2], padding: 'same', activation: 'elu' }),
            layers.maxPooling2d({ poolSize: 2 }),
            layers.depthwiseConv2d({ kernelSize: 2 }),
            layers.globalAveragePooling2d({}),
            layers.layerNormalization(),
            layers.leakyReLU(),
            layers.dense({ units: 2 }),
          ],
        }),
    ],
    [
      'with a model inside and two ways through it',
      () => {
        const inner = sequential({ layers: [layers.dense({ units: 4, inputShape: [6], activation: 'tanh' })] });
        const x = input({ shape: [6] });
        const left = inner.apply(x) as SymbolicTensor;
        const right = layers.dense({ units: 4, useBias: false }).apply(x) as SymbolicTensor;
        const sum = layers.add().apply([left, right]) as SymbolicTensor;
        const joined = layers.concatenate().apply([sum, inner.apply(x) as SymbolicTensor]);
        return modelOf({ inputs: x, outputs: layers.dense({ units: 2 }).apply(joined) as SymbolicTensor });
      },
    ],
  ])('%s is answered as TensorFlow.js does', async (_, make) => {
    const model = make();
    const rows = batchFor(model);
    const [, steps] = rows.shape;
    // Two steps of zeros are masked where there is a mask.
    const masked =
      rows.shape.length === 3 ? tf.mul(rows, tf.tensor([0, 1, 1, 0, 1].slice(0, steps), [1, steps!, 1])) : rows;
    await expectSameAnswers(model, zipped(await save(model)), 5, masked);
  });

  it.each(['uint8', 'uint16', 'float16'] as const)(
    'of weights quantized to %s has the numbers that they stand for',
    async (dtype) => {
      const model = dense();
      const saved = await save(model);
      const specs: Saved['specs'] = [];
      const parts: Buffer[] = [];
      const restored: tf.Tensor[] = [];
      let offset = 0;
      for (const spec of saved.specs) {
        const count = spec.shape.reduce((product, size) => product * size, 1);
        const values = new Float32Array(
          saved.data.buffer.slice(saved.data.byteOffset + offset, saved.data.byteOffset + offset + 4 * count),
        );
        offset += 4 * count;
        const { bytes, quantization, read } = quantized(values, dtype);
        parts.push(bytes);
        specs.push({ ...spec, quantization });
        restored.push(tf.tensor(read, spec.shape));
      }
      model.setWeights(restored);
      await expectSameAnswers(model, zipped({ ...saved, specs, data: Buffer.concat(parts) }));
    },
  );

  const refusalOf = async (bytes: Uint8Array): Promise<string> => {
    const error: unknown = await importKeras(bytes).catch((reason: unknown) => reason);
    return error instanceof KerasImportError ? `${error.code}: ${error.message}` : 'it was read';
  };

  it('is refused where it is a graph model', async () => {
    const content = Buffer.from(
      JSON.stringify({ format: 'graph-model', modelTopology: { node: [] }, weightsManifest: [] }),
    );
    expect(await refusalOf(zipOf([{ name: 'model.json', content }]))).toMatch(/^unsupported-model: .* graph model/);
  });

  it('is refused where a shard is missing, cut off or too long, or names what is outside', async () => {
    const saved = await save(dense());
    const others = (paths: string[]): object => ({ weightsManifest: [{ paths, weights: saved.specs }] });
    expect(await refusalOf(zipped(saved, others(['gone.bin'])))).toMatch(/^missing-weights: .* holds no gone.bin/);
    expect(await refusalOf(zipped(saved, others(['../../etc/hostname'])))).toMatch(/^missing-weights/);
    expect(await refusalOf(zipped({ ...saved, data: saved.data.subarray(0, -4) }))).toMatch(/^truncated/);
    expect(await refusalOf(zipped({ ...saved, data: Buffer.concat([saved.data, Buffer.alloc(4)]) }))).toMatch(
      /^shape-mismatch: The weights are more/,
    );
    expect(await refusalOf(zipped(saved, { weightsManifest: 3 }))).toMatch(/^invalid-config/);
    const shape = [2 ** 30, 2 ** 20];
    const huge = { weightsManifest: [{ paths: [], weights: [{ name: 'w', shape, dtype: 'uint8' }] }] };
    expect(await refusalOf(zipped(saved, huge))).toMatch(/^too-large/);
    expect(
      await refusalOf(zipped({ ...saved, specs: saved.specs.map((one) => ({ ...one, dtype: 'string' })) })),
    ).toMatch(/^unsupported-dtype/);
  });

  it('is refused where its weights would inflate to far more than they are', async () => {
    const content = Buffer.from(JSON.stringify({ modelTopology: {}, weightsManifest: [] }));
    const bomb: ZipEntry = { name: 'w.bin', content: Buffer.alloc(64 * 1024 * 1024) };
    const description = {
      modelTopology: { class_name: 'Sequential', config: { layers: [] }, keras_version: 'tfjs-layers 4.22.0' },
      weightsManifest: [{ paths: ['w.bin'], weights: [] }],
    };
    expect(
      await refusalOf(zipOf([{ name: 'model.json', content: Buffer.from(JSON.stringify(description)) }, bomb])),
    ).toMatch(/^too-large: w.bin declares 67108864 bytes/);
    expect(await refusalOf(zipOf([{ name: 'model.json', content }]))).toMatch(/^invalid-config/);
  });
});

function quantized(
  values: Float32Array,
  dtype: 'uint8' | 'uint16' | 'float16',
): { bytes: Buffer; quantization: object; read: Float32Array } {
  if (dtype === 'float16') {
    // Numbers that half precision holds exactly.
    const read = values.map((value) => Math.round(value * 64) / 64);
    const bytes = Buffer.alloc(2 * values.length);
    read.forEach((value, index) => bytes.writeUInt16LE(halfBits(value), 2 * index));
    return { bytes, quantization: { dtype, original_dtype: 'float32' }, read };
  }
  const most = dtype === 'uint8' ? 255 : 65_535;
  const min = Math.min(...values);
  const scale = (Math.max(...values) - min) / most || 1;
  const codes = Array.from(values, (value) => Math.round((value - min) / scale));
  const bytes = Buffer.alloc(codes.length * (dtype === 'uint8' ? 1 : 2));
  codes.forEach((code, index) =>
    dtype === 'uint8' ? bytes.writeUInt8(code, index) : bytes.writeUInt16LE(code, 2 * index),
  );
  return {
    bytes,
    quantization: { dtype, min, scale, original_dtype: 'float32' },
    read: Float32Array.from(codes, (code) => code * scale + min),
  };
}

/** Of a number that half precision holds. */
function halfBits(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
}
