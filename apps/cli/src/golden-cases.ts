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

/** Unchecked; a list alone is one of cases. */
interface Manifest {
  readonly cases?: unknown;
  readonly refusals?: unknown;
}

/** Throws `CommandError` for a path where nothing is to be verified. */
export function goldenCases(path: string): GoldenCase[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new CommandError(`There is no file or folder ${path}.`);
  if (!status.isDirectory()) return [caseOf(path)];
  const listed = existsSync(join(path, 'manifest.json')) ? casesOfManifest(path) : [];
  const others = modelFiles(path).filter((file) => !listed.some((entry) => entry.path === file));
  const cases = [...listed, ...others.map(caseOf)];
  if (cases.length === 0) throw new CommandError(`${path} holds no ${modelSuffixes.join(', ')} file.`);
  return cases;
}

function casesOfManifest(folder: string): GoldenCase[] {
  const path = join(folder, 'manifest.json');
  const manifest = readJson(path);
  const { cases = [], refusals = [] } = (Array.isArray(manifest) ? { cases: manifest } : (manifest ?? {})) as Manifest;
  if (!isEntries(cases) || !isEntries(refusals))
    throw new CommandError(`${path} is no list of cases, each with its file.`);
  const entries = [...cases, ...refusals.map((refusal) => ({ ...refusal, expect: 'refuse' as const }))];
  return entries.map(({ name, file, expect, reason }) => ({
    name: name ?? file,
    path: join(folder, file),
    expect: expect ?? 'run',
    ...(reason !== undefined && { reason }),
  }));
}

function isEntries(value: unknown): value is readonly ManifestEntry[] {
  return (
    Array.isArray(value) && value.every((entry) => typeof (entry as Partial<ManifestEntry> | null)?.file === 'string')
  );
}

/** What no manifest speaks of; its own JSON may say what is expected. */
function caseOf(path: string): GoldenCase {
  return { name: basename(path), path, expect: expectationBeside(path) ?? 'run' };
}

/** What is wrong with the JSON is told when the case is verified: the others of its folder are verified all the same. */
function expectationBeside(path: string): GoldenCase['expect'] | undefined {
  const beside = jsonBeside(path);
  try {
    return existsSync(beside) ? (readJson(beside) as Partial<ManifestEntry> | null)?.expect : undefined;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

function modelFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => modelSuffixes.includes(extname(file)))
    .sort()
    .map((file) => join(folder, file));
}

function jsonBeside(modelPath: string): string {
  return modelPath.slice(0, modelPath.length - extname(modelPath).length) + '.json';
}

/** Throws `CommandError` where there is no such file, or none with inputs and answers. */
export function readGoldenAnswers(modelPath: string): GoldenAnswers {
  const path = jsonBeside(modelPath);
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
