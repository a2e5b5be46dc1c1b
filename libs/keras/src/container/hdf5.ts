/**
 * HDF5 from bytes, by the HDF5 library itself compiled to WebAssembly (h5wasm) on a file system that holds nothing
 * else. The whole tree is listed once: links out of the file are refused and Windows' backslashes in names become
 * slashes.
 */
import { KerasImportError } from '../errors.js';
import type { ImportLimits } from '../limits.js';
import { elementCount } from '../shape.js';
import { requireSoundHeaps } from './global-heap.js';
import type { WeightArray, WeightGroup, WeightTree } from './weight-tree.js';

type Hdf5Library = typeof import('h5wasm');
type Hdf5Module = Awaited<Hdf5Library['ready']>;
type LibraryGroup = import('h5wasm').Group;

const maxDepth = 64;
/** Weights may declare this many bytes more than the file holds, for those that are packed or never written. */
const freeBytes = 16 * 1024 * 1024;
/** Random weights do not pack; a file whose weights are many times its size is made to fill the memory. */
const maxRatio = 2;
let library: Promise<Hdf5Library> | undefined;

/** Loads the library on the first use: it takes about 0.1 s and 25 MB, which servers of ONNX files need not pay. */
async function loadLibrary(): Promise<Hdf5Library> {
  const hdf5 = await import('h5wasm');
  const wasm = await hdf5.ready;
  // Without this a failed read only prints a message and leaves whatever the memory held before as the weights.
  wasm.activate_throwing_error_handler();
  // Its file system is in memory, but has devices: a file could name one as the storage of its weights.
  for (const name of wasm.FS.readdir('/dev') as string[]) {
    const path = `/dev/${name}`;
    if (!wasm.FS.isDir(wasm.FS.lstat(path).mode)) wasm.FS.unlink(path);
  }
  return hdf5;
}

/** Opens a file for the time of `use`. Throws `truncated`, `corrupt-hdf5`, `external-link` or `too-large`. */
export async function withHdf5File<T>(
  bytes: Uint8Array,
  limits: ImportLimits,
  use: (file: WeightTree) => T,
): Promise<T> {
  requireSoundHeaps(bytes);
  library ??= loadLibrary();
  const hdf5 = await library;
  const wasm = await hdf5.ready;
  // A name that no file can guess, so that none is linked to another one, or to itself, as external storage.
  const path = `/${crypto.randomUUID()}.h5`;
  let file: import('h5wasm').File | undefined;
  try {
    // The bytes are lent, not copied: they are only read.
    const lent: { canOwn: boolean } & Parameters<typeof wasm.FS.writeFile>[2] = { canOwn: true };
    wasm.FS.writeFile(path, bytes, lent);
    file = new hdf5.File(path, 'r');
    return use(new FileListing(hdf5, wasm, limits, freeBytes + maxRatio * bytes.length).of(file));
  } catch (error) {
    throw error instanceof KerasImportError ? error : hdf5Refusal(error);
  } finally {
    closeQuietly(wasm, path, file);
  }
}

/** A file that is damaged enough may not even close; what is said about it is why it could not be read. */
function closeQuietly(wasm: Hdf5Module, path: string, file: import('h5wasm').File | undefined): void {
  try {
    file?.close();
  } catch {
    // The refusal is on its way.
  }
  if (wasm.FS.analyzePath(path).exists) wasm.FS.unlink(path);
}

/** Walks the tree of a file once, with the bounds that it must keep. */
class FileListing {
  private readonly groups = new Map<string, WeightGroup>();
  private readonly datasets = new Map<string, WeightArray>();
  private readonly addresses = new Set<string>();
  private parametersRead = 0;
  private bytesRead = 0;

  constructor(
    private readonly hdf5: Hdf5Library,
    private readonly wasm: Hdf5Module,
    private readonly limits: ImportLimits,
    private readonly maxBytes: number,
  ) {}

  of(root: LibraryGroup): WeightTree {
    this.groups.set('', readableGroup(root, this.limits));
    const pending = [{ group: root, prefix: '', depth: 0 }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { group, prefix, depth } = next;
      this.requireNewGroup(group);
      const names = group.keys();
      this.requireRoomFor(names.length, depth);
      for (const name of names) {
        const path = prefix + name.replaceAll('\\', '/');
        this.requireNewName(name, path);
        const entity = group.get(name);
        if (entity instanceof this.hdf5.Group) {
          this.groups.set(path, readableGroup(entity, this.limits));
          pending.push({ group: entity, prefix: `${path}/`, depth: depth + 1 });
        } else if (entity instanceof this.hdf5.Dataset) {
          this.datasets.set(path, this.readableDataset(entity, path));
        } else if (entity instanceof this.hdf5.ExternalLink) {
          const message = `${path} is a link to another file (${entity.filename}); save the model with its weights in one file.`;
          throw new KerasImportError('external-link', message);
        } else if (entity instanceof this.hdf5.BrokenSoftLink) {
          throw new KerasImportError('corrupt-hdf5', `${path} is a link to nothing; save the model again with Keras.`);
        }
      }
    }
    return { groups: this.groups, datasets: this.datasets };
  }

  /** Links can make a tree that never ends, or one that doubles with each level: a group is met once. */
  private requireNewGroup(group: LibraryGroup): void {
    const address = this.wasm.create_object_reference(group.file_id, group.path).join();
    if (this.addresses.has(address)) {
      const message = `${group.path} is a link to a group that has another name; save the model again with Keras.`;
      throw new KerasImportError('corrupt-hdf5', message);
    }
    this.addresses.add(address);
  }

  private requireNewName(name: string, path: string): void {
    if (name === '' || name === '.' || name.includes('/') || name.includes('\0')) {
      throw new KerasImportError('corrupt-hdf5', 'The file holds an object without a proper name; save it again.');
    }
    if (this.groups.has(path) || this.datasets.has(path)) {
      throw new KerasImportError('corrupt-hdf5', `The file holds ${path} twice; save the model again with Keras.`);
    }
  }

  private requireRoomFor(objects: number, depth: number): void {
    if (this.groups.size + this.datasets.size + objects <= this.limits.maxHdf5Objects && depth < maxDepth) return;
    throw new KerasImportError(
      'too-large',
      `The file holds more than ${this.limits.maxHdf5Objects} objects, or nests them too deeply.`,
    );
  }

  private readableDataset(dataset: import('h5wasm').Dataset, path: string): WeightArray {
    const { metadata } = dataset;
    if (metadata.virtual_sources) {
      throw new KerasImportError(
        'external-storage',
        `${path} is a virtual dataset; save the model with its weights in one file.`,
      );
    }
    const shape = metadata.shape ?? [];
    return {
      shape,
      read: () => {
        requireNumbers(metadata, path);
        this.requireAffordable(metadata, path);
        for (const { id, name } of dataset.filters) requireHarmlessFilter(id, name, path);
        const values = toFloat32(dataset.value);
        if (values.length !== elementCount(shape)) throw contradiction(path);
        return values;
      },
    };
  }

  /** Before anything is allocated. */
  private requireAffordable(metadata: import('h5wasm').Metadata, path: string): void {
    const count = elementCount(metadata.shape ?? []);
    // Where sizes overflow, HDF5 takes the product for a small one.
    if (count !== metadata.total_size) throw contradiction(path);
    const chunk = elementCount(metadata.chunks ?? [0]);
    this.parametersRead += count;
    this.bytesRead += count * metadata.size;
    if (this.parametersRead > this.limits.maxParameters) {
      throw new KerasImportError('too-large', `The weights are more than ${this.limits.maxParameters} numbers.`);
    }
    if (this.bytesRead > this.maxBytes || chunk * metadata.size > this.maxBytes) {
      const message = `${path} and the weights before it declare more than the ${this.maxBytes} bytes that a file of this size may hold; save the model without compression.`;
      throw new KerasImportError('too-large', message);
    }
  }
}

function readableGroup(group: LibraryGroup, limits: ImportLimits): WeightGroup {
  let attributes: LibraryGroup['attrs'] | undefined;
  const read = (attribute: string): unknown => {
    attributes ??= group.attrs;
    if (!Object.hasOwn(attributes, attribute)) return undefined;
    const metadata = attributes[attribute]?.metadata;
    if (!metadata) return undefined;
    const { shape, size, total_size: count } = metadata;
    if (
      count > limits.maxHdf5Objects ||
      count * size > limits.maxConfigBytes ||
      (shape && elementCount(shape) !== count)
    ) {
      throw new KerasImportError(
        'too-large',
        `The attribute ${attribute} declares ${count} values of ${size} bytes, more than the bound allows.`,
      );
    }
    const value = group.get_attribute(attribute, false) as unknown;
    return metadata.cset === asciiSet ? asUtf8(value) : value;
  };
  const texts = (attribute: string): string[] | undefined => {
    const value = read(attribute);
    if (value === undefined || value === null) return undefined;
    // An empty list is stored as numbers, as there is no text to tell its type by.
    const list = typeof value === 'string' ? [value] : Array.from(value as ArrayLike<unknown>);
    if (list.every((item) => typeof item === 'string')) return list;
    throw new KerasImportError('corrupt-hdf5', `The attribute ${attribute} does not hold texts; save the model again.`);
  };
  return {
    text(attribute) {
      const value = read(attribute);
      return typeof value === 'string' ? value : undefined;
    },
    texts(attribute) {
      const whole = texts(attribute);
      if (whole) return whole;
      const joined: string[] = [];
      let parts = 0;
      for (let chunk = texts(`${attribute}0`); chunk; chunk = texts(`${attribute}${parts}`)) {
        for (const text of chunk) joined.push(text);
        parts += 1;
        // They name datasets.
        if (joined.length > limits.maxHdf5Objects) {
          throw new KerasImportError(
            'too-large',
            `The attribute ${attribute} lists more than ${limits.maxHdf5Objects} texts.`,
          );
        }
      }
      return parts > 0 ? joined : undefined;
    },
  };
}

const asciiSet = 0;

/** h5py writes bytes as ASCII, whatever they are; Keras 3 hands it UTF-8, which the library reads byte by byte. */
export function asUtf8(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asUtf8);
  if (typeof value !== 'string' || !/[\u0080-\u00ff]/.test(value)) return value;
  const bytes = Array.from(value, (character) => character.charCodeAt(0));
  if (bytes.some((byte) => byte > 255)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return value;
  }
}

const integerClass = 0;
const floatClass = 1;

function requireNumbers(metadata: import('h5wasm').Metadata, path: string): void {
  const readable =
    metadata.shape !== null &&
    metadata.littleEndian &&
    !metadata.vlen &&
    [integerClass, floatClass].includes(metadata.type) &&
    [4, 8].includes(metadata.size);
  if (readable) return;
  throw new KerasImportError(
    'unsupported-dtype',
    `${path} is not made of 32 or 64 bit numbers; save the model as float32.`,
  );
}

/** Deflate, shuffle and Fletcher's checksum; the others are rare, and code that is rarely run is where faults are. */
const harmlessFilters = [1, 2, 3];

function requireHarmlessFilter(id: number, name: string, path: string): void {
  if (harmlessFilters.includes(id)) return;
  const message = `${path} is packed by the filter ${name || id}, which Keras never uses; save the model without compression.`;
  throw new KerasImportError('unsupported-filter', message);
}

function toFloat32(values: unknown): Float32Array {
  if (values instanceof Float32Array) return values;
  if (typeof values === 'number' || typeof values === 'bigint') return Float32Array.of(Number(values));
  return Float32Array.from(values as ArrayLike<number | bigint>, Number);
}

function contradiction(path: string): KerasImportError {
  return new KerasImportError('corrupt-hdf5', `${path} declares a shape that it does not hold; save the model again.`);
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
