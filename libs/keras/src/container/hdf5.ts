/**
 * HDF5 from bytes, by the HDF5 library itself compiled to WebAssembly (h5wasm) on a file system that holds nothing
 * else. The whole tree is listed once: links out of the file are refused and Windows' backslashes in names become
 * slashes.
 */
import { KerasImportError } from '../errors.js';
import type { ImportLimits } from '../limits.js';

export interface Hdf5Dataset {
  readonly shape: readonly number[];
  /**
   * All values in row-major order, converted to float32. Throws `unsupported-dtype`, `external-storage` or
   * `corrupt-hdf5`.
   */
  read(): Float32Array;
}

export interface Hdf5Group {
  /** A string attribute, or `undefined` where there is none. */
  text(attribute: string): string | undefined;
  /** A list of strings, put together from `name0`, `name1`, … where it exceeded HDF5's 64 KB per attribute. */
  texts(attribute: string): string[] | undefined;
}

export interface Hdf5File {
  /** By path without a leading slash; `''` is the root. */
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  readonly datasets: ReadonlyMap<string, Hdf5Dataset>;
}

type Hdf5Library = typeof import('h5wasm');
type LibraryGroup = import('h5wasm').Group;

const maxDepth = 64;
let filesOpened = 0;
let library: Promise<Hdf5Library> | undefined;

/** Loads the library on the first use: it takes about 0.1 s and 25 MB, which servers of ONNX files need not pay. */
async function loadLibrary(): Promise<Hdf5Library> {
  const hdf5 = await import('h5wasm');
  const wasm = await hdf5.ready;
  // Without this a failed read only prints a message and leaves whatever the memory held before as the weights.
  wasm.activate_throwing_error_handler();
  return hdf5;
}

/** Opens a file for the time of `use`. Throws `truncated`, `corrupt-hdf5`, `external-link` or `too-large`. */
export async function withHdf5File<T>(bytes: Uint8Array, limits: ImportLimits, use: (file: Hdf5File) => T): Promise<T> {
  library ??= loadLibrary();
  const hdf5 = await library;
  const { FS } = await hdf5.ready;
  const path = `/model-${++filesOpened}.h5`;
  FS.writeFile(path, bytes);
  let file: import('h5wasm').File | undefined;
  try {
    file = new hdf5.File(path, 'r');
    return use(listFile(hdf5, file, limits));
  } catch (error) {
    throw error instanceof KerasImportError ? error : hdf5Refusal(error);
  } finally {
    file?.close();
    FS.unlink(path);
  }
}

function listFile(hdf5: Hdf5Library, root: LibraryGroup, limits: ImportLimits): Hdf5File {
  const groups = new Map<string, Hdf5Group>([['', readableGroup(root)]]);
  const datasets = new Map<string, Hdf5Dataset>();
  let parameters = 0;
  const pending = [{ group: root, prefix: '', depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { group, prefix, depth } = next;
    for (const name of group.keys()) {
      const path = prefix + name.replaceAll('\\', '/');
      if (groups.has(path) || datasets.has(path)) {
        throw new KerasImportError('corrupt-hdf5', `The file holds ${path} twice; save the model again with Keras.`);
      }
      if (groups.size + datasets.size >= limits.maxHdf5Objects || depth >= maxDepth) {
        throw new KerasImportError(
          'too-large',
          `The file holds more than ${limits.maxHdf5Objects} objects, or nests them too deeply.`,
        );
      }
      const entity = group.get(name);
      if (entity instanceof hdf5.Group) {
        groups.set(path, readableGroup(entity));
        pending.push({ group: entity, prefix: `${path}/`, depth: depth + 1 });
      } else if (entity instanceof hdf5.Dataset) {
        parameters += entity.metadata.total_size;
        datasets.set(path, readableDataset(entity, path, parameters, limits));
      } else if (entity instanceof hdf5.ExternalLink) {
        const message = `${path} is a link to another file (${entity.filename}); save the model with its weights in one file.`;
        throw new KerasImportError('external-link', message);
      } else if (entity instanceof hdf5.BrokenSoftLink) {
        throw new KerasImportError('corrupt-hdf5', `${path} is a link to nothing; save the model again with Keras.`);
      }
    }
  }
  return { groups, datasets };
}

function readableGroup(group: LibraryGroup): Hdf5Group {
  let known: Set<string> | undefined;
  const read = (attribute: string): unknown => {
    known ??= new Set(Object.keys(group.attrs));
    return known.has(attribute) ? group.get_attribute(attribute, false) : undefined;
  };
  const texts = (attribute: string): string[] | undefined => {
    const value = read(attribute);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? [value] : Array.from(value as ArrayLike<unknown>, String);
  };
  return {
    text(attribute) {
      const value = read(attribute);
      return typeof value === 'string' ? value : undefined;
    },
    texts(attribute) {
      const whole = texts(attribute);
      if (whole) return whole;
      let joined: string[] | undefined;
      for (let part = 0, chunk = texts(`${attribute}0`); chunk; chunk = texts(`${attribute}${++part}`)) {
        joined = [...(joined ?? []), ...chunk];
      }
      return joined;
    },
  };
}

const integerClass = 0;
const floatClass = 1;

function readableDataset(
  dataset: import('h5wasm').Dataset,
  path: string,
  parametersSoFar: number,
  limits: ImportLimits,
): Hdf5Dataset {
  const { metadata } = dataset;
  if (metadata.virtual_sources?.length) {
    throw new KerasImportError(
      'external-storage',
      `${path} is a virtual dataset; save the model with its weights in one file.`,
    );
  }
  return {
    shape: metadata.shape ?? [],
    read() {
      const readable =
        metadata.shape !== null &&
        metadata.littleEndian &&
        !metadata.vlen &&
        [integerClass, floatClass].includes(metadata.type) &&
        [4, 8].includes(metadata.size);
      if (!readable) {
        throw new KerasImportError(
          'unsupported-dtype',
          `${path} is not made of 32 or 64 bit numbers; save the model as float32.`,
        );
      }
      if (parametersSoFar > limits.maxParameters) {
        throw new KerasImportError('too-large', `The weights are more than ${limits.maxParameters} numbers.`);
      }
      const values = dataset.value;
      if (values instanceof Float32Array) return values;
      if (typeof values === 'number' || typeof values === 'bigint') return Float32Array.of(Number(values));
      return Float32Array.from(values as ArrayLike<number | bigint>, Number);
    },
  };
}

/** HDF5's own diagnosis is a stack of C calls; its last lines name the cause. */
function hdf5Refusal(error: unknown): KerasImportError {
  const diagnosis = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  if (/truncated file/.test(diagnosis)) {
    return new KerasImportError('truncated', 'The HDF5 file is cut off; copy or save it again.', undefined, options);
  }
  if (/external raw data file|External file list/i.test(diagnosis)) {
    const message =
      'A weight is stored in another file (HDF5 external storage); save the model with its weights in one file.';
    return new KerasImportError('external-storage', message, undefined, options);
  }
  return new KerasImportError(
    'corrupt-hdf5',
    'The HDF5 part of the file cannot be read; copy or save it again.',
    undefined,
    options,
  );
}
