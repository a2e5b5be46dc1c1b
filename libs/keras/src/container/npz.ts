/**
 * Weights as `model.weights.npz`, which Keras 3 writes where h5py is missing: an archive of NumPy files, one a layer, each a
 * pickled dictionary of the layer's variables. Pickles are read as data, never run. What is answered has the paths of
 * the HDF5 file that Keras writes otherwise.
 */
import { KerasImportError } from '../errors.js';
import type { ImportLimits } from '../limits.js';
import { elementCount } from '../shape.js';
import { corruptNpz, PickledName, PickledObject, readPickle, type PickledValue } from './pickle.js';
import type { WeightArray, WeightGroup, WeightTree } from './weight-tree.js';
import { openZip } from './zip.js';

/** Of one layer; a variable of TensorFlow takes about 300. */
const maxPickleSteps = 100_000;

/** Throws `corrupt-npz`, `unsupported-dtype`, `too-large`, and what a damaged archive is refused with. */
export async function readNpz(bytes: Uint8Array, limits: ImportLimits): Promise<WeightTree> {
  const archive = await openZip(bytes, limits);
  const groups = new Map<string, WeightGroup>([['', withoutAttributes]]);
  const datasets = new Map<string, WeightArray>();
  let parameters = 0;
  for (const name of archive.names) {
    const layer = name.replace(/\.npy$/, '').replace(/^__root__$/, '');
    const vars = layer === '' ? 'vars' : `${layer}/vars`;
    vars.split('/').forEach((_, depth, path) => groups.set(path.slice(0, depth + 1).join('/'), withoutAttributes));
    for (const [key, array] of variablesOf(await archive.read(name, limits.maxInflatedBytes), name)) {
      parameters += elementCount(array.shape);
      datasets.set(`${vars}/${key}`, { shape: array.shape, read: () => valuesOf(array, name) });
    }
    if (parameters > limits.maxParameters)
      throw new KerasImportError('too-large', `The weights are more than ${limits.maxParameters} numbers.`);
    if (groups.size + datasets.size > limits.maxHdf5Objects)
      throw new KerasImportError('too-large', `The weights are more than ${limits.maxHdf5Objects} objects.`);
  }
  return { groups, datasets };
}

const withoutAttributes: WeightGroup = { text: () => undefined, texts: () => undefined };

/** As NumPy has it. */
interface StoredArray {
  readonly shape: readonly number[];
  /** `f4` with its byte order before it: `<f4`. */
  readonly dtype: string;
  /** First axis fastest, as in Fortran, instead of last. */
  readonly isFortran: boolean;
  readonly bytes: Uint8Array;
}

/** A layer's variables by their number in the layer. */
function variablesOf(file: Uint8Array, name: string): Map<string, StoredArray> {
  const array = arrayState(readPickle(pickleOf(file, name), maxPickleSteps));
  const items = array?.[4];
  const variables = Array.isArray(items) ? items[0] : undefined;
  if (!(variables instanceof Map)) throw corruptNpz(`${name} is no dictionary`);
  return new Map(
    [...variables].map(([key, variable]) => {
      const stored = storedArray(variable);
      if (typeof key !== 'string' || !stored)
        throw corruptNpz(`${name} holds something else than variables of NumPy, JAX or TensorFlow`);
      return [key, stored];
    }),
  );
}

const npyMagic = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'));

/** A .npy file is a header, here of one Python object, and what it announces. */
function pickleOf(file: Uint8Array, name: string): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isNpy = file.length >= 12 && npyMagic.every((byte, index) => file[index] === byte);
  if (!isNpy) throw corruptNpz(`${name} is no file of NumPy`);
  const [start, length] = file[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = new TextDecoder('latin1').decode(file.subarray(start, start + length));
  if (!/'descr': *'\|?O8?'/.test(header) || !/'shape': *\(\)/.test(header))
    throw corruptNpz(`${name} is no dictionary`);
  return file.subarray(start + length);
}

/** Keras pickles its variables whole; the numbers stand at another place in those of each back end. */
function storedArray(variable: PickledValue): StoredArray | undefined {
  const value = isMadeBy(variable, 'Variable') ? (itemOf(stateOf(variable), '_value') ?? variable) : variable;
  const state = arrayState(value) ?? arrayState(initialValue(value)) ?? jaxState(value);
  if (!state) return undefined;
  const [, shape, dtype, isFortran, bytes] = state;
  const type = dtypeOf(dtype);
  const valid =
    Array.isArray(shape) &&
    shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0) &&
    type !== undefined &&
    bytes instanceof Uint8Array;
  return valid ? { shape: shape as number[], dtype: type, isFortran: isFortran === true, bytes } : undefined;
}

/** `(version, shape, dtype, isFortran, bytes)`, or a list in place of the bytes where the items are Python's. */
function arrayState(value: PickledValue | undefined): PickledValue[] | undefined {
  // A single number: `scalar(dtype, bytes)`.
  if (isMadeBy(value, 'scalar') && Array.isArray(value.args))
    return [1, [], value.args[0] ?? null, false, ...value.args.slice(1)];
  if (!isMadeBy(value, '_reconstruct') || !Array.isArray(value.state)) return undefined;
  return value.state.length === 5 ? value.state : undefined;
}

/** TensorFlow: its variables are made again of `(class, args, {initial_value, …}, …)`. */
function initialValue(value: PickledValue): PickledValue | undefined {
  const [maker] = value instanceof PickledObject ? [value.callable] : [];
  const state = maker instanceof PickledObject ? maker.state : undefined;
  return Array.isArray(state) ? itemOf(state[2], 'initial_value') : undefined;
}

/** JAX: `_reconstruct_array(NumPy's function, its arguments, the array's state, …)`. */
function jaxState(value: PickledValue): PickledValue[] | undefined {
  if (!isMadeBy(value, '_reconstruct_array') || !Array.isArray(value.args)) return undefined;
  const state = value.args[2];
  return Array.isArray(state) && state.length === 5 ? state : undefined;
}

function isMadeBy(value: PickledValue | undefined, name: string): value is PickledObject {
  if (!(value instanceof PickledObject) || !(value.callable instanceof PickledName)) return false;
  return value.callable.name.endsWith(`.${name}`);
}

/** Python keeps a state of attributes and slots as `(attributes, slots)`. */
function stateOf({ state }: PickledObject): PickledValue | undefined {
  return Array.isArray(state) ? state[0] : state;
}

function itemOf(map: PickledValue | undefined, key: string): PickledValue | undefined {
  return map instanceof Map ? map.get(key) : undefined;
}

/** `dtype('f4')`, with the byte order in its state. */
function dtypeOf(dtype: PickledValue | undefined): string | undefined {
  if (!isMadeBy(dtype, 'dtype') || !Array.isArray(dtype.args) || !Array.isArray(dtype.state)) return undefined;
  const [[name], [, order]] = [dtype.args, dtype.state];
  return typeof name === 'string' && typeof order === 'string' ? `${order}${name}` : undefined;
}

const readers: Readonly<Record<string, (view: DataView, index: number) => number>> = {
  '<f4': (view, index) => view.getFloat32(4 * index, true),
  '<f8': (view, index) => view.getFloat64(8 * index, true),
  '<i4': (view, index) => view.getInt32(4 * index, true),
  '<i8': (view, index) => Number(view.getBigInt64(8 * index, true)),
};

function valuesOf({ shape, dtype, isFortran, bytes }: StoredArray, name: string): Float32Array {
  const read = readers[dtype];
  if (!read) {
    const message = `${name} holds numbers that are not of 32 or 64 bits; save the model as float32.`;
    throw new KerasImportError('unsupported-dtype', message);
  }
  const size = elementCount(shape);
  if (bytes.length !== size * Number(dtype.slice(2))) throw corruptNpz(`${name} holds less or more than it declares`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Float32Array.from({ length: size }, (_, index) => read(view, index));
  return isFortran ? lastAxisFastest(values, shape) : values;
}

function lastAxisFastest(values: Float32Array, shape: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  return Float32Array.from(values, (_, index) => {
    let [rest, from] = [index, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] as number;
      from += (rest % size) * (strides[axis] as number);
      rest = Math.floor(rest / size);
    }
    return values[from] as number;
  });
}
