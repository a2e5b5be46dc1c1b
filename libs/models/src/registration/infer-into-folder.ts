/** Gives a version's folder that came without a manifest one that is inferred from its model file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InferenceEngines, ModelManifest } from '#inference';
import { inferManifest } from '../inspection/infer-manifest.js';
import { readGolden } from '../manifest/version-documents.js';
import { inTurn } from '../inspection/in-turn.js';
import { readDocument, readModelFile, VERSION_FILES } from './version-folder.js';

/** Where the model file is, and what it shall be. */
export interface Unmanifested {
  readonly folder: string;
  /** The name of the file in the folder. */
  readonly file: string;
  /** What the file was called by whoever brought it. */
  readonly fileName: string;
  readonly name: string;
  readonly version: string;
  readonly largestArtifactBytes: number;
}

/**
 * Writes manifest.yaml. The same file always gets the same text, so that a version that comes again is known as the same.
 * @throws as inferManifest
 */
export async function inferIntoFolder(
  { folder, file, fileName, name, version, largestArtifactBytes }: Unmanifested,
  engines: Pick<InferenceEngines, 'inspect'>,
): Promise<ModelManifest> {
  const golden = await readDocument(folder, 'golden');
  const known = golden === null ? {} : { golden: readGolden(golden) };
  // The whole file is in memory while it is looked at: one at a time.
  const manifest = await inTurn(async () => {
    const bytes = await readModelFile(folder, file, largestArtifactBytes);
    return inferManifest({ bytes, fileName, name, version, ...known }, engines);
  });
  await writeFile(join(folder, VERSION_FILES.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
