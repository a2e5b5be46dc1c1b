/**
 * HDF5 keeps texts of any length in global heaps (file format III.E). The library walks one by the sizes of its objects,
 * and where such a size is damaged it may never arrive: each is checked before the library meets it.
 */
import { KerasImportError } from '../errors.js';

/** Signature, version and reserved bytes: weights do not look like this by chance. */
const signature = Uint8Array.of(0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0);
const collectionHeader = 16;
const objectHeader = 16;

/** Throws `corrupt-hdf5`. */
export function requireSoundHeaps(bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf(signature); at !== -1; at = buffer.indexOf(signature, at + signature.length)) {
    if (at + collectionHeader > buffer.length || !isSound(buffer, at)) {
      throw new KerasImportError(
        'corrupt-hdf5',
        'The HDF5 part holds texts of sizes that cannot be; copy or save it again.',
      );
    }
  }
}

function isSound(buffer: Buffer, start: number): boolean {
  const size = Number(buffer.readBigUInt64LE(start + 8));
  // A file that is cut off is for the library to refuse.
  const end = Math.min(start + size, buffer.length);
  let at = start + collectionHeader;
  while (at + objectHeader <= end) {
    const index = buffer.readUInt16LE(at);
    const objectSize = Number(buffer.readBigUInt64LE(at + 8));
    // Index 0 is free space, whose size counts its own header.
    const step = index === 0 ? objectSize : objectHeader + Math.ceil(objectSize / 8) * 8;
    if (step < objectHeader) return false;
    at += step;
    if (at > start + size) return false;
  }
  return true;
}
