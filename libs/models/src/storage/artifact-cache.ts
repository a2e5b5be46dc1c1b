/** Model files on this machine: brought from the store once, looked at whenever they are opened, and bounded in size. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { ModelContent, ModelFile } from '#inference';
import { DataFolder, LatidoConfig } from '#platform';
import { artifactDamaged, artifactUnavailable } from './artifact-errors.js';
import { ArtifactStore, type ArtifactKey } from './artifact-store.js';
import { Artifact } from './artifact.entity.js';

/** Files up to this size are read into memory whenever they are needed, and never written here. */
const SMALL_BYTES = 2 ** 20;
/** A file that is still being written after this long was left behind by a process that ended. */
const ABANDONED_MS = 60 * 60 * 1000;

@Injectable()
export class ArtifactCache {
  private readonly logger = new Logger(ArtifactCache.name);
  private readonly folder: string;
  private readonly mostBytes: number;
  /** What is being brought, so that those who open it at once bring it once. */
  private readonly coming = new Map<string, Promise<string>>();

  constructor(
    @InjectRepository(Artifact) private readonly artifacts: Repository<Artifact>,
    private readonly store: ArtifactStore,
    folder: DataFolder,
    config: LatidoConfig,
  ) {
    this.folder = folder.file('artifacts');
    this.mostBytes = config.artifacts.cacheBytes;
  }

  /**
   * A stored model file: the bytes of a small one, which are checked, or a file whose bytes are checked each time it is asked for.
   * @throws ARTIFACT_DAMAGED, ARTIFACT_UNAVAILABLE; the methods of the file as well
   */
  async open(sha256: string): Promise<ModelContent> {
    const artifact = await this.artifacts.findOneBy({ sha256 });
    if (!artifact) throw artifactDamaged(sha256, 'is not in the database');
    if (artifact.sizeBytes <= SMALL_BYTES) return this.inMemory(artifact);
    return this.asFile(artifact);
  }

  private async inMemory(artifact: ArtifactKey): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.store.read(artifact)) parts.push(part);
    return Buffer.concat(parts);
  }

  private asFile(artifact: ArtifactKey): ModelFile {
    const path = (): Promise<string> => this.bring(artifact);
    return { sizeBytes: artifact.sizeBytes, path, read: async () => onDisk(readFile(await path())) };
  }

  private bring(artifact: ArtifactKey): Promise<string> {
    const { sha256 } = artifact;
    let coming = this.coming.get(sha256);
    if (!coming) {
      coming = this.findOrWrite(artifact).finally(() => this.coming.delete(sha256));
      this.coming.set(sha256, coming);
    }
    return coming;
  }

  private async findOrWrite(artifact: ArtifactKey): Promise<string> {
    const { sha256 } = artifact;
    const path = join(this.folder, sha256);
    const found = await onDisk(hashOf(path));
    if (found === sha256 && (await onDisk(touch(path)))) return path;
    if (found !== undefined && found !== sha256)
      this.logger.warn({ sha256, found }, 'a model file on this machine is damaged: it is brought anew');
    await this.write(artifact, path);
    await onDisk(this.evict(sha256));
    return path;
  }

  /** The file appears whole or not at all, whoever else brings it at the same time. */
  private async write(artifact: ArtifactKey, path: string): Promise<void> {
    await onDisk(mkdir(this.folder, { recursive: true, mode: 0o700 }));
    const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
    try {
      const file = await onDisk(open(draft, 'wx', 0o600));
      try {
        for await (const part of this.store.read(artifact)) await onDisk(file.writeFile(part));
      } finally {
        await file.close();
      }
      await onDisk(rename(draft, path));
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Those opened longest ago go. One that somebody has open stays his: only its name goes. */
  private async evict(justBrought: string): Promise<void> {
    const files = await this.files();
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size, openedAt } of files.sort((a, b) => a.openedAt - b.openedAt)) {
      const draft = name.includes('.');
      const goes = draft ? Date.now() - openedAt > ABANDONED_MS : bytes > this.mostBytes && name !== justBrought;
      if (!goes) continue;
      await rm(join(this.folder, name), { force: true });
      bytes -= size;
    }
  }

  private async files(): Promise<{ name: string; size: number; openedAt: number }[]> {
    const files = [];
    for (const name of await readdir(this.folder)) {
      const found = await stat(join(this.folder, name)).catch(() => undefined); // another process removed it
      if (found?.isFile()) files.push({ name, size: found.size, openedAt: found.mtimeMs });
    }
    return files;
  }
}

/** SHA-256 of a file; undefined where there is none. */
async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(part as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}

/** Marks a file as opened now. False where another process removed it a moment ago. */
async function touch(path: string): Promise<boolean> {
  try {
    await utimes(path, new Date(), new Date());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A full disk or a folder without permission is the machine's fault, and may pass. */
function onDisk<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: NodeJS.ErrnoException) => {
    throw artifactUnavailable(`The model file cannot be kept in DATA_DIR/artifacts (${error.code}).`, error);
  });
}
