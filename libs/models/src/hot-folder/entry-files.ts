/** The files of an entry of the hot folder, laid out as a version's folder is, where they do not stand like that already. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { InferenceEngines } from '#inference';
import { DomainError } from '#platform';
import { readManifest } from '../manifest/version-documents.js';
import { modelErrors } from '../models.errors.js';
import { inferIntoFolder } from '../registration/infer-into-folder.js';
import { readVersionFolder, VERSION_FILES, type VersionFiles } from '../registration/version-folder.js';
import { MODEL_ENDINGS, type FolderEntry } from './folder-entries.js';

const ENDING_OF_DOCUMENT: Readonly<Record<string, string>> = {
  '.manifest.yaml': VERSION_FILES.manifest,
  '.golden.json': VERSION_FILES.golden,
  '.evaluation.json': VERSION_FILES.evaluation,
  '.metrics.json': VERSION_FILES.metrics,
  '.card.md': VERSION_FILES.card,
};

export interface EntryReading {
  readonly largestArtifactBytes: number;
  readonly engines: Pick<InferenceEngines, 'inspect'>;
  /** An empty folder that outlives the reading, for links and for a manifest that is inferred. */
  readonly scratch: string;
}

/** @throws MANIFEST_INVALID, MANIFEST_NOT_INFERRED, MODEL_UNREADABLE saying what is wrong with the entry */
export async function filesOf(entry: FolderEntry, reading: EntryReading): Promise<VersionFiles> {
  const folder = entry.version === undefined ? await layOutFile(entry, reading) : await layOutFolder(entry, reading);
  const files = await readVersionFolder(folder, reading.largestArtifactBytes);
  const { name, version } = files.manifest;
  if (name !== entry.name || (entry.version !== undefined && version !== entry.version))
    throw invalid(
      `manifest.yaml is that of ${name} ${version}, which belongs into ${entry.version === undefined ? `${name}${extname(entry.place)}` : `${name}/${version}`}`,
    );
  return files;
}

/** A folder with a manifest is one as it is; without, it is one with the manifest that its only model file gives. */
async function layOutFolder({ path, name, version }: FolderEntry, { engines, scratch }: EntryReading): Promise<string> {
  if (existsSync(join(path, VERSION_FILES.manifest))) return path;
  const names = (await readdir(path)).filter((file) => !file.startsWith('.'));
  const models = names.filter((file) => MODEL_ENDINGS.includes(extname(file).toLowerCase()));
  const [file] = models;
  if (file === undefined || models.length > 1)
    throw invalid(
      `manifest.yaml is not there, and ${models.length === 0 ? 'no model file is' : `${models.length} model files are`}`,
    );
  for (const other of names) await symlink(join(path, other), join(scratch, other));
  await inferIntoFolder({ folder: scratch, file, fileName: file, name, version: version! }, engines);
  return scratch;
}

/** A bare file has the version 0.0.0 with its hash behind, so that other content is another version. */
async function layOutFile({ path, name, place }: FolderEntry, { engines, scratch }: EntryReading): Promise<string> {
  const folder = dirname(path);
  for (const [ending, document] of Object.entries(ENDING_OF_DOCUMENT)) {
    const beside = join(folder, `${name}${ending}`);
    if (existsSync(beside)) await symlink(beside, join(scratch, document));
  }
  const manifest = join(scratch, VERSION_FILES.manifest);
  if (existsSync(manifest)) {
    await symlink(path, join(scratch, readManifest(await readFile(manifest, 'utf8')).artifact.file));
    return scratch;
  }
  await symlink(path, join(scratch, place));
  const version = `0.0.0-h${(await sha256Of(path)).slice(0, 12)}`;
  await inferIntoFolder({ folder: scratch, file: place, fileName: place, name, version }, engines);
  return scratch;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function invalid(detail: string): DomainError {
  return new DomainError(modelErrors.MANIFEST_INVALID, detail);
}
