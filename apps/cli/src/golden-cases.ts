/**
 * Models with the answers of the framework that trained them: a file beside a JSON of inputs and outputs, or a folder of
 * them, with a manifest.json that says which of them must be refused where there is one.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { CommandError } from './command.js';

export interface GoldenCase {
  readonly name: string;
  readonly path: string;
  /** `run-or-refuse`: the right answers, or a refusal that names the layer. */
  readonly expect: 'run' | 'run-or-refuse' | 'refuse';
  /** The code that a refused file must be refused with. */
  readonly reason?: string;
}

/** Numbers of all rows, flat in row-major order. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type Nested = number | readonly Nested[];
type ClassScores = Readonly<Record<string, number>>;

/** The JSON beside a model. `outputs` for nets; `probabilities` or `scores`, and `labels`, for classifiers of scikit-learn. */
export interface GoldenFile {
  readonly inputs: Nested | Readonly<Record<string, Nested>>;
  readonly outputs?: Nested | Readonly<Record<string, Nested>>;
  readonly probabilities?: Nested | readonly ClassScores[];
  readonly scores?: Nested;
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
  if (!statSync(path).isDirectory()) return [{ name: basename(path), path, expect: 'run' }];
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
export function readGoldenFile(modelPath: string): GoldenFile {
  const path = modelPath.slice(0, modelPath.length - extname(modelPath).length) + '.json';
  if (!existsSync(path)) throw new CommandError(`there is no ${basename(path)} beside it with inputs and outputs`);
  const file = readJson(path) as Partial<GoldenFile> | null;
  const answers = file?.outputs ?? file?.probabilities ?? file?.scores;
  if (file?.inputs === undefined || answers === undefined)
    throw new CommandError(`${basename(path)} does not hold inputs and outputs, probabilities or scores`);
  return file as GoldenFile;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError(`${path} is not valid JSON: ${error.message}`);
    throw error;
  }
}

/** The tensors in the order of `names`; a single one may stand for itself. Throws `CommandError`. */
export function tensorsInOrder(
  named: Nested | Readonly<Record<string, Nested>>,
  names: readonly string[],
): GoldenTensor[] {
  if (isNested(named)) return [tensorOf(named)];
  return names.map((name) => {
    const nested = named[name];
    if (nested === undefined) throw new CommandError(`it names ${Object.keys(named).join(', ')}, and no ${name}`);
    return tensorOf(nested);
  });
}

function isNested(value: Nested | Readonly<Record<string, Nested>>): value is Nested {
  return typeof value === 'number' || Array.isArray(value);
}

export function tensorOf(nested: Nested): GoldenTensor {
  const shape: number[] = [];
  for (let level: Nested | undefined = nested; typeof level === 'object'; level = level[0]) shape.push(level.length);
  const values = Float32Array.from(numbersOf(nested));
  if (values.length !== shape.reduce((product, size) => product * size, 1))
    throw new CommandError('its arrays are not of one shape');
  return { shape, values };
}

function numbersOf(nested: Nested): readonly number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(numbersOf);
}

/** What a classifier's scores should be: rows of numbers in the order of the classes, or maps of class to number. */
export function expectedScores(
  { probabilities, scores }: GoldenFile,
  classes: readonly string[] | undefined,
): GoldenTensor {
  const rows = (probabilities ?? scores ?? []) as Nested | readonly ClassScores[];
  const [first] = rows as readonly unknown[];
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return tensorOf(rows as Nested);
  const order = classes ?? Object.keys(first);
  return tensorOf((rows as readonly ClassScores[]).map((row) => order.map((name) => row[name] ?? NaN)));
}
