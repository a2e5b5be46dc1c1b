/**
 * Zip archives with bounds: every entry is listed and checked before any is inflated, names must be unique and stay
 * inside, and an entry may inflate to the size it declares and not one byte more.
 */
import { crc32 } from 'node:zlib';
import type { Readable } from 'node:stream';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { KerasImportError } from '../errors.js';
import type { ImportLimits } from '../limits.js';

const maxEntries = 10_000;

/** Keras stores entries as they are; somebody who packs a model again gains little, but for weights that are mostly 0. */
const maxRatio = 8;
/** Up to here an entry may inflate whatever its ratio: a configuration of many alike layers packs well. */
const freeBytes = 16 * 1024 * 1024;

export interface ZipArchive {
  readonly names: ReadonlySet<string>;
  /** Inflates one entry. Throws `too-large`, `zip-size-mismatch` or `corrupt-zip`. */
  read(name: string, maxBytes: number): Promise<Uint8Array>;
}

/** Lists an archive. Throws `corrupt-zip`, `truncated`, `zip-duplicate-entry`, `zip-path-escape` or `too-large`. */
export async function openZip(bytes: Uint8Array, limits: ImportLimits): Promise<ZipArchive> {
  const zip = await open(bytes);
  const entries = await listEntries(zip);
  let inflatedSoFar = 0;
  return {
    names: new Set(entries.keys()),
    async read(name, maxBytes) {
      const entry = entries.get(name);
      if (!entry) throw new KerasImportError('corrupt-zip', `The archive holds no ${name}; save the model again.`);
      const mayInflateTo = Math.min(maxBytes, freeBytes + maxRatio * entry.compressedSize);
      if (entry.uncompressedSize > mayInflateTo || inflatedSoFar + entry.uncompressedSize > limits.maxInflatedBytes) {
        throw new KerasImportError(
          'too-large',
          `${name} declares ${entry.uncompressedSize} bytes from ${entry.compressedSize} packed ones, more than the bound allows.`,
        );
      }
      inflatedSoFar += entry.uncompressedSize;
      return inflate(zip, entry);
    },
  };
}

function open(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }, (error, zip) => {
      if (error) reject(zipRefusal(error));
      else resolve(zip);
    });
  });
}

function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    const refuse = (error: KerasImportError): void => {
      zip.removeAllListeners('entry');
      reject(error);
    };
    zip.on('error', (error: Error) => refuse(zipRefusal(error)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      if (entries.has(entry.fileName)) {
        const message = `The archive holds ${entry.fileName} twice, so that two readers may see two models; save it again with Keras.`;
        return refuse(new KerasImportError('zip-duplicate-entry', message));
      }
      if (entries.size >= maxEntries) {
        return refuse(new KerasImportError('too-large', `The archive holds more than ${maxEntries} entries.`));
      }
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

async function inflate(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(zipRefusal(error)) : resolve(opened)));
  });
  // The stream ends in an error at the first byte beyond the declared size.
  const content = Buffer.allocUnsafe(entry.uncompressedSize);
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) length += chunk.copy(content, length);
  } catch (error) {
    throw zipRefusal(error as Error);
  }
  // yauzl checks sizes but not checksums; a flipped bit in a stored (not deflated) weight would otherwise go unnoticed.
  if (crc32(content) !== entry.crc32) {
    throw new KerasImportError(
      'corrupt-zip',
      `${entry.fileName} does not match its checksum; copy or save the file again.`,
    );
  }
  return content;
}

/** yauzl's errors carry no code, only sentences. */
function zipRefusal(error: Error): KerasImportError {
  const reason = error.message;
  const refusal = (code: KerasImportError['code'], advice: string): KerasImportError =>
    new KerasImportError(code, `${advice} (${reason})`, undefined, { cause: error });
  if (/relative path|absolute path|invalid characters in fileName/.test(reason)) {
    return refusal('zip-path-escape', 'The archive names a path outside of itself; save the model again with Keras.');
  }
  if (/bytes in the stream|size mismatch/.test(reason)) {
    return refusal(
      'zip-size-mismatch',
      'An entry of the archive inflates to another size than it declares; save the model again.',
    );
  }
  if (/End of central directory|unexpected EOF|overflows file bounds/.test(reason)) {
    return refusal('truncated', 'The archive is cut off; copy or save the file again.');
  }
  return refusal('corrupt-zip', 'The archive cannot be read; copy or save the file again.');
}
