/**
 * What a file is, by its first bytes: Keras up to 2.12 wrote HDF5 into files named `.keras`, so a suffix tells nothing.
 */

export type ContainerKind = 'zip' | 'hdf5';

const zipLocalHeader = [0x50, 0x4b, 0x03, 0x04];
const hdf5Superblock = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Returns `undefined` for bytes that are neither. HDF5 may also begin at 512, 1024, 2048, …, behind a user block. */
export function containerKind(bytes: Uint8Array): ContainerKind | undefined {
  if (startsWith(bytes, zipLocalHeader, 0)) return 'zip';
  if (startsWith(bytes, hdf5Superblock, 0)) return 'hdf5';
  for (let offset = 512; offset < bytes.length; offset *= 2) {
    if (startsWith(bytes, hdf5Superblock, offset)) return 'hdf5';
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, signature: readonly number[], offset: number): boolean {
  return signature.every((byte, index) => bytes[offset + index] === byte);
}
