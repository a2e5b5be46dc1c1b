/** Weights as TensorFlow.js stores them: groups of arrays, one after the other, cut into shards wherever it fits. */
import { KerasImportError } from '../errors.js';
import type { ImportLimits } from '../limits.js';
import type { WeightArray } from './weight-tree.js';

/** An entry of `weightsManifest`, unchecked. */
export interface StoredGroup {
  readonly paths?: unknown;
  readonly weights?: unknown;
}

interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization: Quantization | undefined;
  /** Of the optimizer, where it was saved too. */
  readonly group: unknown;
}

/** How numbers were made smaller: value = stored · scale + min; float16 as it is. */
interface Quantization {
  readonly dtype: string;
  readonly scale: number;
  readonly min: number;
}

const bytesOf: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };

/** By name, in their order. Throws `KerasImportError`. */
export async function readStoredWeights(
  groups: readonly StoredGroup[],
  readShard: (path: string) => Promise<Uint8Array>,
  limits: ImportLimits,
): Promise<Map<string, WeightArray>> {
  const weights = new Map<string, WeightArray>();
  let parameters = 0;
  for (const { paths, weights: entries } of groups) {
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string') || !Array.isArray(entries))
      throw invalid('weightsManifest is not a list of paths and weights');
    const shards: Uint8Array[] = [];
    for (const path of paths) shards.push(await readShard(path));
    const content = Buffer.concat(shards);
    let offset = 0;
    for (const entry of entries.map(readEntry)) {
      const count = entry.shape.reduce((product, size) => product * size, 1);
      parameters += count;
      // A product of sizes past all numbers is none.
      if (!(parameters <= limits.maxParameters))
        throw new KerasImportError('too-large', `The weights are more than ${limits.maxParameters} numbers.`);
      const size = count * storedBytes(entry);
      if (offset + size > content.length)
        throw new KerasImportError('truncated', `The weights end before ${entry.name}; copy the files again.`);
      const bytes = content.subarray(offset, offset + size);
      offset += size;
      if (entry.group === 'optimizer') continue;
      if (weights.has(entry.name)) throw invalid(`two weights are called ${entry.name}`);
      weights.set(entry.name, { shape: entry.shape, read: () => numbersOf(bytes, count, entry) });
    }
    if (offset !== content.length)
      throw new KerasImportError(
        'shape-mismatch',
        'The weights are more than model.json describes; copy the files again.',
      );
  }
  return weights;
}

function readEntry(given: unknown): WeightEntry {
  const { name, shape, dtype, quantization, group } = (given ?? {}) as Record<string, unknown>;
  const sizes = Array.isArray(shape) ? (shape as unknown[]) : undefined;
  const valid = sizes?.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
  if (typeof name !== 'string' || !valid || typeof dtype !== 'string')
    throw invalid('a weight has no name, shape or type');
  return { name, shape: sizes as number[], dtype, quantization: readQuantization(quantization, name), group };
}

function readQuantization(given: unknown, name: string): Quantization | undefined {
  if (given === undefined || given === null) return undefined;
  const { dtype, scale = 1, min = 0 } = given as Record<string, unknown>;
  const known = dtype === 'uint8' || dtype === 'uint16' || dtype === 'float16';
  if (!known || !Number.isFinite(scale) || !Number.isFinite(min))
    throw new KerasImportError('unsupported-dtype', `${name} is quantized in a way that is not read.`);
  return { dtype, scale: scale as number, min: min as number };
}

function storedBytes({ name, dtype, quantization }: WeightEntry): number {
  const bytes = bytesOf[quantization?.dtype ?? dtype];
  if (bytes === undefined || (quantization && dtype !== 'float32'))
    throw new KerasImportError('unsupported-dtype', `${name} holds ${dtype}, which is not read.`);
  return bytes;
}

/** Little-endian, as TensorFlow.js writes them everywhere and every machine that Node runs on has them. */
function numbersOf(bytes: Uint8Array, count: number, { dtype, quantization }: WeightEntry): Float32Array {
  if (dtype === 'float32' && !quantization) return new Float32Array(Uint8Array.from(bytes).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[quantization?.dtype ?? dtype] as (view: DataView, index: number) => number;
  const { scale, min } = quantization?.dtype === 'float16' || !quantization ? { scale: 1, min: 0 } : quantization;
  // In one step, as TensorFlow.js rounds to float32 after both.
  return Float32Array.from({ length: count }, (_, index) => read(view, index) * scale + min);
}

const readers: Readonly<Record<string, (view: DataView, index: number) => number>> = {
  int32: (view, index) => view.getInt32(4 * index, true),
  bool: (view, index) => view.getUint8(index),
  uint8: (view, index) => view.getUint8(index),
  uint16: (view, index) => view.getUint16(2 * index, true),
  float16: (view, index) => halfOf(view.getUint16(2 * index, true)),
};

/** IEEE 754 half precision: a sign, five bits of exponent, ten of fraction. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function invalid(detail: string): KerasImportError {
  return new KerasImportError('invalid-config', `model.json: ${detail}; save the model again with TensorFlow.js.`);
}
