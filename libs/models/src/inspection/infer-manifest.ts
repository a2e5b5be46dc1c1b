/** A manifest from a model file alone, as far as the file goes: names, types, classes. */
import type { GoldenFile, InferenceEngines, ModelDescription, ModelManifest } from '#inference';
import { DomainError } from '#platform';
import { readManifest } from '../manifest/version-documents.js';
import { modelErrors } from '../models.errors.js';
import { inferInputs } from './infer-inputs.js';
import { inferOutput } from './infer-output.js';

export interface ModelFile {
  readonly bytes: Uint8Array;
  /** As it stands in `artifact.file`; what the file is, its bytes say. */
  readonly fileName: string;
  /** Of the model. */
  readonly name: string;
  readonly version: string;
  /** Its `columns` name the inputs of a file that does not. */
  readonly golden?: GoldenFile;
}

const NOBODY_WROTE_IT =
  'This manifest was inferred from the model file: names, units, ranges and meanings are not known to anybody but its author.';
const LONGEST_FRAMEWORK = 100;

/**
 * The manifest of a file that came without one, marked `inferred`. It is valid, and the file fits it; whether its scores are
 * right only golden rows tell.
 * @throws MODEL_UNREADABLE for bytes that are no model; MANIFEST_NOT_INFERRED saying what the file leaves open;
 *   MANIFEST_INVALID for a name or a version out of its pattern; MODEL_TOO_COSTLY, ENGINE_UNAVAILABLE
 */
export async function inferManifest(
  file: ModelFile,
  engines: Pick<InferenceEngines, 'inspect'>,
): Promise<ModelManifest> {
  return manifestOf(await engines.inspect(file.bytes), file);
}

/** As `inferManifest`, of a file that was looked at before. */
export function manifestOf(description: ModelDescription, file: Omit<ModelFile, 'bytes'>): ModelManifest {
  const [problem] = description.problems;
  if (problem !== undefined) throw new DomainError(modelErrors.MANIFEST_NOT_INFERRED, problem);
  const { task, output } = inferOutput(description);
  const draft: ModelManifest = {
    schemaVersion: 1,
    name: file.name,
    version: file.version,
    title: titleOf(file.name),
    description: NOBODY_WROTE_IT,
    inferred: true,
    task,
    artifact: { file: plainFileName(file.fileName), format: description.format },
    ...inferInputs(description, file.golden),
    output,
    provenance: { framework: description.writtenBy.slice(0, LONGEST_FRAMEWORK) },
  };
  return readManifest(JSON.stringify(draft), 'the inferred manifest');
}

/** `penguins-linear-svc` → `Penguins linear svc`. */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words === '' ? 'Model' : `${words[0]?.toUpperCase()}${words.slice(1)}`;
}

/** A name that a file of a version's folder may have. */
export function plainFileName(given: string): string {
  const name = given.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'model' : name.slice(-100).replace(/^[^A-Za-z0-9]+/, '');
}
