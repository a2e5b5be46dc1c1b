/** A version as it stands in a folder: manifest.yaml, the artifact, and what the manifest names beside it. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '#inference';
import { DomainError, isRecordableText, UNRECORDABLE } from '#platform';
import { metricsOf, readMetrics } from '../manifest/metrics-file.js';
import { readEvaluation, readManifest } from '../manifest/version-documents.js';
import { modelErrors } from '../models.errors.js';
import { ArtifactFile } from '../storage/artifact-file.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What the documents of a version are called, where its manifest says nothing else. */
export const VERSION_FILES = {
  manifest: 'manifest.yaml',
  card: 'card.md',
  golden: 'golden.json',
  evaluation: 'evaluation.json',
  examples: 'examples.json',
  metrics: 'metrics.json',
} as const;

export type VersionDocument = keyof typeof VERSION_FILES;

/** Bytes of the documents, at most: the parsers' time grows with the size. */
export const LARGEST: Readonly<Record<VersionDocument, number>> = {
  manifest: 256 * KIB,
  card: MIB,
  golden: 16 * MIB,
  evaluation: 8 * MIB,
  examples: 4 * MIB,
  metrics: 256 * KIB,
};

/** The files that make up one version. Of the texts only the manifest has been read: the others are for a version that is new. */
export interface VersionFiles {
  readonly manifest: ModelManifest;
  /** Where it was handed in: the file must stay there until the version is registered. */
  readonly artifact: ArtifactFile;
  /** Markdown. */
  readonly card: string | null;
  /** JSON, unchecked. */
  readonly golden: string | null;
  /** JSON, unchecked. */
  readonly evaluation: string | null;
  /** JSON, unchecked. */
  readonly examples: string | null;
  /** SHA-256 over all files but the examples: equal for the same version in the same bytes. */
  readonly contentSha256: string;
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function unreadable(detail: string, cause?: unknown): DomainError {
  return new DomainError(modelErrors.MANIFEST_INVALID, detail, { cause });
}

/** What `read` makes of the file; null when there is none. @throws MANIFEST_INVALID when it is larger than `largest` or not a file. */
async function readBounded<T>(
  path: string,
  name: string,
  largest: number,
  read: (file: FileHandle) => Promise<T>,
): Promise<T | null> {
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
    return await read(file);
  } finally {
    await file.close();
  }
}

function textOf(file: FileHandle): Promise<string> {
  return file.readFile('utf8');
}

/** The text of a file that the manifest names, or, where it names none, of the one with the usual name if it is there. */
async function readNamed(
  folder: string,
  named: string | undefined,
  usual: string,
  largest: number,
): Promise<string | null> {
  const name = named ?? usual;
  const content = await readBounded(join(folder, name), name, largest, textOf);
  if (content === null && named !== undefined)
    throw unreadable(`${named} is not there, although the manifest names it`);
  return content;
}

/** A document of a folder under its usual name; null when it is not there. @throws MANIFEST_INVALID when it is too large or no file */
export function readDocument(folder: string, document: VersionDocument): Promise<string | null> {
  return readNamed(folder, undefined, VERSION_FILES[document], LARGEST[document]);
}

/** A model file's bytes. @throws MANIFEST_INVALID when it is not there, too large or no file */
export async function readModelFile(folder: string, file: string, largestBytes: number): Promise<Buffer> {
  const bytes = await readBounded(join(folder, file), file, largestBytes, (opened) => opened.readFile());
  if (bytes === null) throw unreadable(`${file} is not there`);
  return bytes;
}

/** Of the hashes of all parts, so that no two parts can be taken for one. */
function contentHash(parts: readonly (string | null)[]): string {
  return sha256(parts.map((part) => part ?? '-').join('\n'));
}

/**
 * Reads a version's folder, the artifact but for its hash left where it is.
 * @param largestArtifact bytes: MODEL_MAX_MB
 * @throws MANIFEST_INVALID saying what is missing, too large or wrong; also where the artifact is not the one that the manifest's
 * `sha256` names
 */
export async function readVersionFolder(folder: string, largestArtifact: number): Promise<VersionFiles> {
  const manifestText = await readBounded(join(folder, 'manifest.yaml'), 'manifest.yaml', LARGEST.manifest, textOf);
  if (manifestText === null) throw unreadable('manifest.yaml is not there');
  const manifest = readManifest(manifestText);
  const { file, sha256: declared } = manifest.artifact;

  const path = join(folder, file);
  const artifact = await readBounded(path, file, largestArtifact, (opened) => ArtifactFile.of(opened, path));
  if (artifact === null) throw unreadable(`${file} is not there, although the manifest names it`);
  if (declared !== undefined && declared !== artifact.sha256) {
    throw unreadable(
      `${file} has the SHA-256 ${artifact.sha256}, the manifest declares ${declared}: one of them is not of this version`,
    );
  }

  const card = await readNamed(folder, manifest.files?.card, VERSION_FILES.card, LARGEST.card);
  if (card !== null && !isRecordableText(card)) throw unreadable(`${VERSION_FILES.card} ${UNRECORDABLE}`);
  const golden = await readNamed(folder, manifest.files?.golden, VERSION_FILES.golden, LARGEST.golden);
  const evaluation = await readNamed(folder, manifest.files?.evaluation, VERSION_FILES.evaluation, LARGEST.evaluation);
  const examples = await readNamed(folder, manifest.files?.examples, VERSION_FILES.examples, LARGEST.examples);
  const metrics = await readNamed(folder, undefined, VERSION_FILES.metrics, LARGEST.metrics);
  // Examples change nothing about what is answered, and may come later than the version: they are no part of the hash.
  const texts = [card, golden, evaluation].map((text) => (text === null ? null : sha256(text)));
  const ofMetrics = metrics === null ? [] : [sha256(metrics)]; // without, the hash is that of versions from before there were any
  const contentSha256 = contentHash([sha256(manifestText), artifact.sha256, ...texts, ...ofMetrics]);
  return {
    manifest: withMetrics(manifest, metrics, evaluation),
    artifact,
    card,
    golden,
    evaluation,
    examples,
    contentSha256,
  };
}

/** Where the manifest has no metrics: those of metrics.json, or of the evaluation. */
function withMetrics(manifest: ModelManifest, metrics: string | null, evaluation: string | null): ModelManifest {
  if (manifest.metrics && manifest.metrics.length > 0) return manifest;
  if (metrics !== null) return { ...manifest, metrics: readMetrics(metrics, VERSION_FILES.metrics) };
  if (evaluation === null) return manifest;
  return { ...manifest, metrics: metricsOf(readEvaluation(evaluation, manifest, manifest.files?.evaluation)) };
}
