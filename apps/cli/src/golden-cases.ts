/**
 * Models with the answers of the framework that trained them: a file beside a JSON of inputs and outputs, or a folder of
 * them, with a manifest.json that says which of them must be refused where there is one.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { NestedNumbers } from '#inference';
import { CommandError } from './command.js';

export interface GoldenCase {
  readonly name: string;
  readonly path: string;
  /** `run-or-refuse`: the right answers, or a refusal that names the layer. */
  readonly expect: 'run' | 'run-or-refuse' | 'refuse';
  /** The code that a refused file must be refused with. */
  readonly reason?: string;
}

export type ClassScores = Readonly<Record<string, number>>;
type Tensors = NestedNumbers | Readonly<Record<string, NestedNumbers>>;

/** The JSON beside a model. `outputs` for nets; `probabilities` or `scores`, and `labels`, for classifiers of scikit-learn. */
export interface GoldenAnswers {
  readonly inputs: Tensors;
  readonly outputs?: Tensors;
  readonly probabilities?: NestedNumbers | readonly ClassScores[];
  readonly scores?: NestedNumbers;
  readonly labels?: readonly (string | number)[];
  readonly classes?: readonly (string | number)[];
  readonly outputNames?: readonly string[];
  readonly atol?: number;
  readonly rtol?: number;
}

const modelSuffixes = ['.keras', '.h5', '.hdf5', '.onnx'];

interface ManifestEntry {
  readonly name?: string;
  readonly file: string;
  readonly expect?: GoldenCase['expect'];
  readonly reason?: string;
}

type Manifest = readonly ManifestEntry[] | { cases?: readonly ManifestEntry[]; refusals?: readonly ManifestEntry[] };

/** Throws `CommandError` for a path where nothing is to be verified. */
export function goldenCases(path: string): GoldenCase[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new CommandError(`There is no file or folder ${path}.`);
  if (!status.isDirectory()) return [{ name: basename(path), path, expect: 'run' }];
  const cases = existsSync(join(path, 'manifest.json')) ? casesOfManifest(path) : casesOfFolder(path);
  if (cases.length === 0) throw new CommandError(`${path} holds no ${modelSuffixes.join(', ')} file.`);
  return cases;
}

function casesOfManifest(folder: string): GoldenCase[] {
  const manifest = readJson(join(folder, 'manifest.json')) as Manifest;
  const entries =
    'length' in manifest
      ? manifest
      : [
          ...(manifest.cases ?? []),
          ...(manifest.refusals ?? []).map((refusal) => ({ ...refusal, expect: 'refuse' as const })),
        ];
  return entries.map(({ name, file, expect, reason }) => ({
    name: name ?? file,
    path: join(folder, file),
    expect: expect ?? 'run',
    ...(reason !== undefined && { reason }),
  }));
}

function casesOfFolder(folder: string): GoldenCase[] {
  return readdirSync(folder)
    .filter((file) => modelSuffixes.includes(extname(file)))
    .sort()
    .map((file) => ({ name: file, path: join(folder, file), expect: 'run' }));
}

/** Throws `CommandError` where there is no such file, or none with inputs and answers. */
export function readGoldenAnswers(modelPath: string): GoldenAnswers {
  const path = modelPath.slice(0, modelPath.length - extname(modelPath).length) + '.json';
  if (!existsSync(path)) throw new CommandError(`there is no ${basename(path)} beside it with inputs and outputs`);
  const file = readJson(path) as Partial<GoldenAnswers> | null;
  const answers = file?.outputs ?? file?.probabilities ?? file?.scores;
  if (file?.inputs === undefined || answers === undefined)
    throw new CommandError(`${basename(path)} does not hold inputs and outputs, probabilities or scores`);
  return file as GoldenAnswers;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError(`${path} is not valid JSON: ${error.message}`);
    throw error;
  }
}
