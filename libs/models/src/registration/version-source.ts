/** Model files as people have them, laid out as a version's folder is where they do not stand like that already. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, stat, symlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { InferenceEngines } from '#inference';
import { DomainError } from '#platform';
import { readManifest } from '../manifest/version-documents.js';
import { modelErrors } from '../models.errors.js';
import { plainFileName } from '../inspection/infer-manifest.js';
import { inferIntoFolder } from './infer-into-folder.js';
import { readDocument, readVersionFolder, VERSION_FILES, type VersionFiles } from './version-folder.js';

/** Endings of files that are a model by themselves. */
export const MODEL_ENDINGS = ['.keras', '.h5', '.hdf5', '.onnx', '.zip'];

const ENDING_OF_DOCUMENT: Readonly<Record<string, string>> = {
  '.manifest.yaml': VERSION_FILES.manifest,
  '.golden.json': VERSION_FILES.golden,
  '.evaluation.json': VERSION_FILES.evaluation,
  '.examples.json': VERSION_FILES.examples,
  '.metrics.json': VERSION_FILES.metrics,
  '.card.md': VERSION_FILES.card,
};

/** A version's folder, or a bare model file. */
export interface VersionSource {
  readonly path: string;
  /** Of the model: what its manifest must say, or what one that is inferred will. Undefined: what the manifest says. */
  readonly name: string | undefined;
  /** As `name`; a bare file without one has the version 0.0.0 with its hash behind, so that other content is another version. */
  readonly version: string | undefined;
}

export interface SourceReading {
  readonly largestArtifactBytes: number;
  readonly engines: Pick<InferenceEngines, 'inspect'>;
  /** An empty folder that outlives the reading, for links and for a manifest that is inferred. */
  readonly scratch: string;
}

/** @throws MANIFEST_INVALID, MANIFEST_NOT_INFERRED, MODEL_UNREADABLE saying what is wrong with the files */
export async function readSource(source: VersionSource, reading: SourceReading): Promise<VersionFiles> {
  const status = await stat(source.path).catch((error: unknown) => {
    throw invalid(`${source.path} cannot be read: ${(error as Error).message}`);
  });
  const folder = status.isDirectory() ? await layOutFolder(source, reading) : await layOutFile(source, reading);
  const files = await readVersionFolder(folder, reading.largestArtifactBytes);
  const { name, version } = files.manifest;
  if (name !== (source.name ?? name) || version !== (source.version ?? version))
    throw invalid(
      `manifest.yaml is that of ${name} ${version}, which belongs into ${name}/${version}, not into ${source.name ?? name}/${source.version ?? version}`,
    );
  return files;
}

/** A folder with a manifest is one as it is; without, it is one with the manifest that its only model file gives. */
async function layOutFolder(
  { path, name, version }: VersionSource,
  { engines, scratch, largestArtifactBytes }: SourceReading,
): Promise<string> {
  if (existsSync(join(path, VERSION_FILES.manifest))) return path;
  const names = (await readdir(path)).filter((file) => !file.startsWith('.'));
  const models = names.filter((file) => MODEL_ENDINGS.includes(extname(file).toLowerCase()));
  const [file] = models;
  if (file === undefined || models.length > 1)
    throw invalid(
      `manifest.yaml is not there, and ${models.length === 0 ? 'no model file is' : `${models.length} model files are`}`,
    );
  if (name === undefined || version === undefined)
    throw invalid('manifest.yaml is not there, and nothing else says which model and version it is');
  for (const other of names)
    await symlink(join(path, other), join(scratch, other === file ? plainFileName(file) : other));
  const laid = { folder: scratch, file: plainFileName(file), fileName: file, name, version, largestArtifactBytes };
  await inferIntoFolder(laid, engines);
  return scratch;
}

/** With what stands beside it: `<file>.golden.json` and the like. */
async function layOutFile(
  { path, name, version }: VersionSource,
  { engines, scratch, largestArtifactBytes }: SourceReading,
): Promise<string> {
  const fileName = basename(path);
  const stem = fileName.slice(0, fileName.length - extname(fileName).length);
  for (const [ending, document] of Object.entries(ENDING_OF_DOCUMENT)) {
    const beside = join(dirname(path), `${stem}${ending}`);
    if (existsSync(beside)) await symlink(beside, join(scratch, document));
  }
  const manifest = await readDocument(scratch, 'manifest');
  if (manifest !== null) {
    const { file } = readManifest(manifest).artifact;
    await symlink(path, join(scratch, file)).catch((error: unknown) => {
      throw invalid(`artifact.file is ${file}, which is another document's name: ${(error as Error).message}`);
    });
    return scratch;
  }
  const file = plainFileName(fileName);
  await symlink(path, join(scratch, file));
  const named = { name: name ?? stem, version: version ?? `0.0.0-h${(await sha256Of(path)).slice(0, 12)}` };
  await inferIntoFolder({ folder: scratch, file, fileName, ...named, largestArtifactBytes }, engines);
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
