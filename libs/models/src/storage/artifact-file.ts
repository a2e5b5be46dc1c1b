/** A model file that is to be registered, where it was handed in: read part by part, never held. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { ModelFile } from '#inference';
import { artifactUnavailable } from './artifact-errors.js';

/** What the hash is computed by at a time. */
const READ_BYTES = 2 ** 20;

export class ArtifactFile implements ModelFile {
  private constructor(
    private readonly place: string,
    readonly sizeBytes: number,
    readonly sha256: string,
  ) {}

  /** @param file opened from `path`; it is read once, and stays open */
  static async of(file: FileHandle, path: string): Promise<ArtifactFile> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const part of partsOf(file, READ_BYTES)) {
      hash.update(part);
      size += part.length;
    }
    return new ArtifactFile(path, size, hash.digest('hex'));
  }

  path(): Promise<string> {
    return Promise.resolve(this.place);
  }

  /** All of it at once. @throws as `parts` */
  async read(): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.parts(this.sizeBytes + 1)) parts.push(part);
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /**
   * The bytes in parts of `partBytes`, but for the last, which is held back until all are known to be those of `sha256`: whoever counts
   * bytes would take the file for whole with it.
   * @throws ARTIFACT_UNAVAILABLE instead of the last one where they are not, any longer: nothing may come of the others
   */
  async *parts(partBytes: number): AsyncGenerator<Buffer, void> {
    const hash = createHash('sha256');
    const file = await open(this.place).catch((error: unknown) => {
      throw artifactUnavailable('The model file cannot be read any longer.', error);
    });
    let last: Buffer | undefined;
    let size = 0;
    try {
      for await (const part of partsOf(file, partBytes)) {
        hash.update(part);
        size += part.length;
        if (size > this.sizeBytes) break;
        if (last) yield last;
        last = part;
      }
    } finally {
      await file.close();
    }
    if (hash.digest('hex') !== this.sha256)
      throw artifactUnavailable('The model file was changed while it was read; nothing is stored.');
    if (last) yield last;
  }
}

/** The file from its start, in full parts but for the last. */
async function* partsOf(file: FileHandle, partBytes: number): AsyncGenerator<Buffer, void> {
  for (let position = 0; ;) {
    const part = Buffer.allocUnsafeSlow(partBytes);
    let filled = 0;
    while (filled < partBytes) {
      const { bytesRead } = await file.read(part, filled, partBytes - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (filled > 0) yield part.subarray(0, filled);
    if (filled < partBytes) return;
    position += filled;
  }
}
