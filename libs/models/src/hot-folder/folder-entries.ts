/** What stands in the hot folder: versions as `<name>/<version>/`, and bare model files `<name>.onnx`. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { MODEL_ENDINGS } from '../registration/version-source.js';
import { compareVersions } from '../manifest/semantic-version.js';

export interface FolderEntry {
  /** Its place below the folder: `cardiac-risk/1.0.0` or `penguins.onnx`. */
  readonly place: string;
  readonly path: string;
  /** Of the model. */
  readonly name: string;
  /** Undefined: a bare file. */
  readonly version: string | undefined;
  /** Changes with every file of the entry: names, sizes, times. */
  readonly fingerprint: string;
  /** When a file of it was changed last, Unix time in milliseconds. */
  readonly changedAtMs: number;
}

/**
 * By place; the versions of a model in their order. Hidden files and folders do not count, links do: mounted volumes are full of them.
 * @throws what reading the folder itself threw
 */
export async function entriesIn(folder: string): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  for (const name of await visibleIn(folder)) {
    const path = join(folder, name);
    const status = await stat(path).catch(() => undefined); // a link that leads nowhere
    if (status?.isDirectory())
      for (const version of (await openIn(path)).sort(compareVersions))
        entries.push(...(await versionEntry(path, name, version)));
    else if (status?.isFile() && MODEL_ENDINGS.includes(extname(name).toLowerCase()))
      entries.push(await fileEntry(folder, name));
  }
  return entries;
}

async function versionEntry(modelFolder: string, name: string, version: string): Promise<FolderEntry[]> {
  const path = join(modelFolder, version);
  const status = await stat(path).catch(() => undefined);
  if (!status?.isDirectory()) return [];
  const seen = await lookAt(path, await openIn(path));
  return [{ place: `${name}/${version}`, path, name, version, ...seen }];
}

/** With the documents beside it, `<name>.golden.json` and the like. */
async function fileEntry(folder: string, file: string): Promise<FolderEntry> {
  const name = file.slice(0, -extname(file).length);
  const beside = (await visibleIn(folder)).filter((other) => other.startsWith(`${name}.`));
  return { place: file, path: join(folder, file), name, version: undefined, ...(await lookAt(folder, beside)) };
}

async function lookAt(
  folder: string,
  names: readonly string[],
): Promise<Pick<FolderEntry, 'fingerprint' | 'changedAtMs'>> {
  const hash = createHash('sha256');
  let changedAtMs = 0;
  for (const name of names) {
    const status = await stat(join(folder, name)).catch(() => undefined);
    if (!status) continue;
    hash.update(`${name}\n${status.size}\n${status.mtimeMs}\n${status.ino}\n`);
    changedAtMs = Math.max(changedAtMs, status.mtimeMs, status.ctimeMs);
  }
  return { fingerprint: hash.digest('hex'), changedAtMs };
}

/** As `visibleIn`; empty for a folder that is not ours to read, such as lost+found. */
async function openIn(folder: string): Promise<string[]> {
  return visibleIn(folder).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'ENOENT') return [];
    throw error;
  });
}

async function visibleIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
}
