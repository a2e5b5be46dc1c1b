/** What a model file is, with a draft of its manifest. Stores nothing. */
import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { stringify } from 'yaml';
import type { InferenceEngines, ModelDescription, ModelManifest } from '#inference';
import { DomainError } from '#platform';
import type { InspectionDto } from '../http/inspection.dto.js';
import { manifestOf } from './infer-manifest.js';

export interface InspectedFile {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  /** Of the model; absent: by the file's name. */
  readonly name?: string;
  /** Absent: 1.0.0. */
  readonly version?: string;
}

/** Columns of the YAML text. */
const LINE_WIDTH = 120;

/** @throws MODEL_UNREADABLE for bytes that are no model, MODEL_TOO_COSTLY, ENGINE_UNAVAILABLE */
export async function inspectFile(
  { bytes, fileName, name = modelNameOf(fileName), version = '1.0.0' }: InspectedFile,
  engines: Pick<InferenceEngines, 'inspect'>,
): Promise<InspectionDto> {
  const description = await engines.inspect(bytes);
  const { format, writtenBy, opsets, parts, parameters, inputs, outputs, classes } = description;
  const draft = draftOf(description, { fileName, name, version });
  return {
    format,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    writtenBy,
    opsets: [...opsets],
    parts: [...parts],
    parameters,
    inputs: inputs.map((input) => ({ name: input.name, type: input.type, shape: [...input.shape] })),
    outputs: outputs.map((output) => ({ name: output.name, type: output.type, shape: [...output.shape] })),
    classes: classes ? [...classes] : null,
    ...draft,
  };
}

function draftOf(
  description: ModelDescription,
  file: { fileName: string; name: string; version: string },
): Pick<InspectionDto, 'manifest' | 'manifestYaml' | 'problems'> {
  let manifest: ModelManifest;
  try {
    manifest = manifestOf(description, file);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const problems = description.problems.length > 0 ? [...description.problems] : [error.message];
    return { problems, manifest: null, manifestYaml: null };
  }
  return { problems: [], manifest, manifestYaml: stringify(manifest, { lineWidth: LINE_WIDTH }) };
}

/** `Penguins (final).onnx` → `penguins-final`. */
function modelNameOf(fileName: string): string {
  const stem = basename(fileName, extname(fileName)).toLowerCase();
  const words = stem.split(/[^a-z0-9]+/).filter((word) => word !== '');
  const name = words.join('-').slice(0, 60).replace(/-$/, '');
  return /^[a-z]/.test(name) ? name : name === '' ? 'model' : `model-${name}`;
}
