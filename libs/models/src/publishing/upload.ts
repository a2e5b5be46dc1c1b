/** What somebody uploads to publish a version, as the files of a version's folder. */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { DomainError, invalidRequest, platformErrors, readMultipart, type MultipartPart } from '#platform';
import { readManifest } from '../manifest/version-documents.js';
import { LARGEST, VERSION_FILES, type VersionDocument } from '../registration/version-folder.js';
import { MODEL_ENDINGS } from '../registration/version-source.js';

const MIB = 1024 * 1024;
/** A manifest or a card may be sent as a plain field. */
const LARGEST_FIELD_BYTES = MIB;
const MOST_PARTS = 12;
/** What is older was left behind by a process that ended in the middle. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;

/** A model by itself, or the description of one on another server. */
const ARTIFACT_ENDINGS = [...MODEL_ENDINGS, '.json', '.yaml'];

/** What was uploaded, in a folder of its own that whoever asked for it removes. */
export interface Upload {
  readonly folder: string;
  /** As the client called it. */
  readonly artifactName: string;
  /** The version, for a manifest that has to be inferred. */
  readonly version: string | undefined;
  readonly hasManifest: boolean;
}

/** A new empty folder for one upload; what uploads of ended processes left behind is removed. */
export async function uploadFolder(dataDir: string): Promise<string> {
  const uploads = join(dataDir, 'uploads');
  await mkdir(uploads, { recursive: true, mode: 0o700 });
  for (const name of await readdir(uploads)) {
    const status = await stat(join(uploads, name)).catch(() => undefined); // removed meanwhile
    if (status && Date.now() - status.mtimeMs > ABANDONED_AFTER_MS)
      await rm(join(uploads, name), { recursive: true, force: true });
  }
  return mkdtemp(join(uploads, 'version-'));
}

/**
 * Writes the parts into the folder, each under the name that a version's folder has for it. Nothing large is held in memory.
 * @throws INVALID_REQUEST, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, MALFORMED_REQUEST, MANIFEST_INVALID
 */
export async function receiveUpload(request: FastifyRequest, folder: string, largestBytes: number): Promise<Upload> {
  const received = new Set<string>();
  let artifactName: string | undefined;
  let version: string | undefined;
  const limits = { fileBytes: largestBytes, fieldBytes: LARGEST_FIELD_BYTES, parts: MOST_PARTS };
  await readMultipart(request, limits, async (part) => {
    // What forms send for a field that nobody filled in.
    if ('value' in part && part.value === '') return;
    if (received.has(part.name)) throw invalidRequest([{ pointer: `/${part.name}`, detail: 'is there twice' }]);
    if (isDocument(part.name)) await writePart(part, join(folder, VERSION_FILES[part.name]), LARGEST[part.name]);
    else if (part.name === 'artifact') artifactName = await writeArtifact(part, folder, largestBytes);
    else if (part.name === 'version' && 'value' in part) version = part.value;
    else throw invalidRequest([{ pointer: `/${part.name.slice(0, 100)}`, detail: 'is not a known part' }]);
    received.add(part.name);
  });
  if (artifactName === undefined)
    throw invalidRequest([{ pointer: '/artifact', detail: 'is missing: the model file, as a file of the form' }]);
  return { folder, artifactName, version, hasManifest: received.has('manifest') };
}

function isDocument(name: string): name is VersionDocument {
  return Object.hasOwn(VERSION_FILES, name);
}

async function writeArtifact(part: MultipartPart, folder: string, largestBytes: number): Promise<string> {
  if (!('file' in part)) throw invalidRequest([{ pointer: '/artifact', detail: 'must be sent as a file' }]);
  const name = basename(part.fileName);
  if (!ARTIFACT_ENDINGS.includes(extname(name).toLowerCase()))
    throw new DomainError(
      platformErrors.UNSUPPORTED_MEDIA_TYPE,
      `The artifact must be a file of one of the kinds ${ARTIFACT_ENDINGS.join(', ')}.`,
    );
  await writePart(part, join(folder, UPLOADED_ARTIFACT), largestBytes);
  return name;
}

/** @throws PAYLOAD_TOO_LARGE as soon as more than `largestBytes` have come */
async function writePart(part: MultipartPart, path: string, largestBytes: number): Promise<void> {
  const tooLarge = (): DomainError =>
    new DomainError(platformErrors.PAYLOAD_TOO_LARGE, `${part.name} has more than ${largestBytes} bytes.`);
  if (!('file' in part)) {
    if (Buffer.byteLength(part.value) > largestBytes) throw tooLarge();
    await writeFile(path, part.value, { mode: 0o600 });
    return;
  }
  let bytes = 0;
  const bounded = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > largestBytes) throw tooLarge();
      yield chunk;
    }
  };
  await pipeline(part.file, bounded, createWriteStream(path, { mode: 0o600 }));
}

/** Until the manifest says what it is called. */
export const UPLOADED_ARTIFACT = '.artifact';

/**
 * Gives artifact and documents the names that the manifest has for them.
 * @throws MANIFEST_INVALID
 */
export async function nameByManifest(folder: string, manifestText: string): Promise<void> {
  const { artifact, files = {} } = readManifest(manifestText);
  await rename(join(folder, UPLOADED_ARTIFACT), join(folder, artifact.file));
  for (const document of ['card', 'golden', 'evaluation', 'examples'] as const) {
    const named = files[document];
    if (named !== undefined && named !== VERSION_FILES[document])
      await rename(join(folder, VERSION_FILES[document]), join(folder, named)).catch((error: unknown) => {
        // That it is missing is said by whoever reads the folder.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      });
  }
}
