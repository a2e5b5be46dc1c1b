/** A version as it stands in a folder: manifest.yaml, the artifact, and what the manifest names beside it. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '#inference';
import { DomainError } from '#platform';
import { readManifest } from '../manifest/version-documents.js';
import { modelErrors } from '../models.errors.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes, at most. The parsers' time grows with the size, and an artifact is one value in the database. */
const LARGEST = { manifest: 256 * KIB, card: MIB, golden: 16 * MIB, evaluation: 8 * MIB, artifact: 64 * MIB };

/** The files that make up one version. Of the texts only the manifest has been read: the others are for a version that is new. */
export interface VersionFiles {
  readonly manifest: ModelManifest;
  readonly artifact: Buffer;
  readonly artifactSha256: string;
  /** Markdown. */
  readonly card: string | null;
  /** JSON, unchecked. */
  readonly golden: string | null;
  /** JSON, unchecked. */
  readonly evaluation: string | null;
  /** SHA-256 over all files: equal for the same version in the same bytes. */
  readonly contentSha256: string;
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function unreadable(detail: string, cause?: unknown): DomainError {
  return new DomainError(modelErrors.MANIFEST_INVALID, detail, { cause });
}

/** The file's bytes; null when there is none. @throws MANIFEST_INVALID when it is larger than `largest` or not a file. */
async function readBounded(path: string, name: string, largest: number): Promise<Buffer | null> {
  let file;
  try {
    // A pipe would be waited for until somebody writes to it; opened like this it is seen to be no file.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(`${name} cannot be read: ${(error as Error).message}`, error);
  }
  try {
    const status = await file.stat();
    if (!status.isFile()) throw unreadable(`${name} is not a file`);
    if (status.size > largest) throw unreadable(`${name} has ${status.size} bytes, at most ${largest} are read`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The text of a file that the manifest names, or, where it names none, of the one with the usual name if it is there. */
async function readNamed(
  folder: string,
  named: string | undefined,
  usual: string,
  largest: number,
): Promise<string | null> {
  const name = named ?? usual;
  const content = await readBounded(join(folder, name), name, largest);
  if (content === null && named !== undefined)
    throw unreadable(`${named} is not there, although the manifest names it`);
  return content === null ? null : content.toString('utf8');
}

/** Each part by its own hash, so that no two parts can be taken for one. */
function contentHash(parts: readonly (Buffer | string | null)[]): string {
  return sha256(parts.map((part) => (part === null ? '-' : sha256(part))).join('\n'));
}

/**
 * Reads a version's folder.
 * @throws MANIFEST_INVALID saying what is missing, too large or wrong; also where the artifact is not the one that the manifest's
 * `sha256` names
 */
export async function readVersionFolder(folder: string): Promise<VersionFiles> {
  const manifestText = (await readBounded(join(folder, 'manifest.yaml'), 'manifest.yaml', LARGEST.manifest))?.toString(
    'utf8',
  );
  if (manifestText === undefined) throw unreadable('manifest.yaml is not there');
  const manifest = readManifest(manifestText);
  const { file, sha256: declared } = manifest.artifact;

  const artifact = await readBounded(join(folder, file), file, LARGEST.artifact);
  if (artifact === null) throw unreadable(`${file} is not there, although the manifest names it`);
  const artifactSha256 = sha256(artifact);
  if (declared !== undefined && declared !== artifactSha256) {
    throw unreadable(
      `${file} has the SHA-256 ${artifactSha256}, the manifest declares ${declared}: one of them is not of this version`,
    );
  }

  const card = await readNamed(folder, manifest.files?.card, 'card.md', LARGEST.card);
  const golden = await readNamed(folder, manifest.files?.golden, 'golden.json', LARGEST.golden);
  const evaluation = await readNamed(folder, manifest.files?.evaluation, 'evaluation.json', LARGEST.evaluation);
  const contentSha256 = contentHash([manifestText, artifact, card, golden, evaluation]);
  return { manifest, artifact, artifactSha256, card, golden, evaluation, contentSha256 };
}
