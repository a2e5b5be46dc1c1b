/** `latido keras verify FILE|FOLDER`: every engine against the answers of the framework that trained the model. */
import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Difference, EngineName, InferenceEngines, LoadedModel, ModelArtifact, Tolerance } from '#inference';
import { DomainError } from '#platform';
import { columns, CommandError, UsageError, type Command, type Outcome } from '../command.js';
import {
  expectedScores,
  goldenCases,
  readGoldenFile,
  tensorsInOrder,
  type GoldenCase,
  type GoldenFile,
  type GoldenTensor,
} from '../golden-cases.js';

const engineNames: readonly EngineName[] = ['onnx', 'tfjs'];

type Verdict = 'equal' | 'refused' | 'not computed' | 'DIFFERENT' | 'FAILED';

interface Line {
  readonly case: string;
  readonly engine: EngineName | 'importer';
  readonly maxAbsoluteDifference?: number;
  readonly maxRelativeDifference?: number;
  readonly verdict: Verdict;
  readonly reason?: string;
}

export const verifyKeras: Command = {
  name: 'keras verify',
  summary: 'Compare every engine with the answers of the framework that trained a model',
  arguments: [
    { name: 'FILE|FOLDER', description: '.keras, .h5 or .onnx beside a JSON of the same name, or a folder of such' },
  ],
  options: {
    tolerance: {
      type: 'string',
      value: 'N',
      description: 'Instead of atol and rtol of the JSON (1e-5 where it names none)',
    },
  },
  notes: [
    'The JSON holds "inputs" and "outputs": nested lists, or objects of them by the names of the model\'s inputs and outputs; for classifiers\n"probabilities" or "scores", and "labels". An answer a fits an expected e where |a - e| <= atol + rtol |e|, for every number.',
    'A manifest.json in a folder names {cases: [{file, expect}], refusals: [{file, reason}]}: expect is run, run-or-refuse or refuse.',
    'No database and no server is needed. The exit code is 1 where anything differs, fails, or is not refused that should be.',
  ],
  async run({ config, arguments: [path], options, progress, signal }): Promise<Outcome> {
    const bound = toleranceOf(options['tolerance']);
    const cases = goldenCases(resolve(path as string));
    const { InferenceEngines, kerasImporter } = await import('#inference');
    const engines = new InferenceEngines('auto', progress, 1);
    kerasImporter.configure(config.inference.imports);
    const lines: Line[] = [];
    try {
      for (const golden of cases) {
        signal.throwIfAborted();
        lines.push(...(await verifyCase(engines, golden, bound)));
      }
    } finally {
      await engines.close();
      await kerasImporter.close();
    }
    return outcomeOf(cases.length, lines);
  },
};

function toleranceOf(option: string | boolean | undefined): Tolerance | undefined {
  if (typeof option !== 'string') return undefined;
  const value = Number(option);
  if (!(value >= 0) || option.trim() === '') throw new UsageError('--tolerance is a number that is not negative');
  return { absolute: value, relative: value };
}

async function verifyCase(
  engines: InferenceEngines,
  golden: GoldenCase,
  bound: Tolerance | undefined,
): Promise<Line[]> {
  const { ModelArtifact } = await import('#inference');
  const { containerKind } = await import('#keras');
  const bytes = readFileSync(golden.path);
  const format = { zip: 'keras', hdf5: 'h5', none: extname(golden.path) === '.onnx' ? 'onnx' : 'keras' } as const;
  const artifact = new ModelArtifact(bytes, format[containerKind(bytes) ?? 'none']);
  const refusal = artifact.format === 'onnx' ? undefined : await refusalOf(artifact);
  if (golden.expect === 'refuse' || refusal) return [refusalLine(golden, refusal)];
  let file: GoldenFile;
  try {
    file = readGoldenFile(golden.path);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [{ case: golden.name, engine: 'importer', verdict: 'FAILED', reason: error.message }];
  }
  const lines: Line[] = [];
  for (const engine of engineNames) lines.push(await verifyOn(engines, engine, golden.name, artifact, file, bound));
  const computed = lines.some(({ verdict }) => verdict !== 'not computed');
  return computed
    ? lines
    : [...lines, { case: golden.name, engine: 'importer', verdict: 'FAILED', reason: 'no engine computes it' }];
}

interface Refusal {
  readonly code: string;
  readonly layer?: string;
  readonly message: string;
}

async function refusalOf(artifact: ModelArtifact): Promise<Refusal | undefined> {
  const { KerasImportError } = await import('#keras');
  try {
    await artifact.kerasGraph();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError && error.cause instanceof KerasImportError) return error.cause;
    throw error;
  }
}

function refusalLine({ name, expect, reason }: GoldenCase, refusal: Refusal | undefined): Line {
  const line = { case: name, engine: 'importer' as const };
  if (!refusal) return { ...line, verdict: 'FAILED', reason: `it should be refused as ${reason ?? 'not readable'}` };
  const told = `${refusal.code}: ${refusal.message}`;
  const right =
    expect === 'refuse' ? reason === undefined || reason === refusal.code : expect === 'run-or-refuse' && refusal.layer;
  if (right) return { ...line, verdict: 'refused', reason: told };
  return { ...line, verdict: 'FAILED', reason: reason === undefined ? told : `${told} (expected: ${reason})` };
}

async function verifyOn(
  engines: InferenceEngines,
  engine: EngineName,
  name: string,
  artifact: ModelArtifact,
  file: GoldenFile,
  bound: Tolerance | undefined,
): Promise<Line> {
  const line = { case: name, engine };
  if (!engines.supports(artifact, engine))
    return { ...line, verdict: 'not computed', reason: `${engine} does not compute ${artifact.format} files` };
  let model: LoadedModel | undefined;
  try {
    model = await engines.load(artifact, engine);
    const difference = await compare(model, artifact, file, bound);
    const { maxAbsoluteDifference, maxRelativeDifference, failure } = difference;
    const verdict = difference.passed ? 'equal' : 'DIFFERENT';
    return { ...line, maxAbsoluteDifference, maxRelativeDifference, verdict, ...(failure && { reason: failure }) };
  } catch (error) {
    if (!(error instanceof DomainError || error instanceof CommandError)) throw error;
    const absent = error instanceof DomainError && error.kind.code === 'ENGINE_UNAVAILABLE';
    return { ...line, verdict: absent ? 'not computed' : 'FAILED', reason: error.message };
  } finally {
    await model?.dispose();
  }
}

/** All outputs as one list of numbers; the failure names the output. */
async function compare(
  model: LoadedModel,
  artifact: ModelArtifact,
  file: GoldenFile,
  given: Tolerance | undefined,
): Promise<Difference> {
  const { compareScores, tolerance } = await import('#inference');
  const bound = given ?? { absolute: file.atol ?? tolerance.absolute, relative: file.rtol ?? tolerance.relative };
  const inputs = tensorsInOrder(file.inputs, await inputNames(model, artifact));
  const rows = inputs[0]?.shape[0] ?? 0;
  const answers = await model.run({
    rows,
    tensors: inputs.map(({ shape, values }) => ({ shape: shape.slice(1), values })),
  });
  const expected = expectedOutputs(file, model);
  const differences = expected.map(({ values }, index) =>
    compareScores(answers[index] ?? new Float32Array(0), values, bound),
  );
  const [first] = differences;
  if (!first || differences.length !== answers.length)
    throw new CommandError(`the model has ${answers.length} outputs, ${differences.length} are expected`);
  const failed = differences.findIndex(({ passed }) => !passed);
  const labelFault = failed === -1 ? wrongLabel(file, model, answers[0] ?? new Float32Array(0)) : undefined;
  const failure = failed === -1 ? labelFault : `output ${model.outputs[failed]?.name}: ${differences[failed]?.failure}`;
  return {
    ...first,
    maxAbsoluteDifference: Math.max(...differences.map(({ maxAbsoluteDifference }) => maxAbsoluteDifference)),
    maxRelativeDifference: Math.max(...differences.map(({ maxRelativeDifference }) => maxRelativeDifference)),
    passed: failure === undefined,
    ...(failure !== undefined && { failure }),
  };
}

/** A Keras model's inputs by the names that its author gave them: an engine may have changed them. */
async function inputNames(model: LoadedModel, artifact: ModelArtifact): Promise<string[]> {
  const named = artifact.format === 'onnx' ? model.inputs : (await artifact.kerasGraph()).inputs;
  return named.map(({ name }) => name);
}

function expectedOutputs(file: GoldenFile, model: LoadedModel): GoldenTensor[] {
  if (file.outputs === undefined) return [expectedScores(file, model.classes ?? file.classes?.map(String))];
  const names = file.outputNames ?? model.outputs.map(({ name }) => name);
  return tensorsInOrder(file.outputs, names);
}

/** The class with the highest score must be the label, where the file says which score is whose. */
function wrongLabel(file: GoldenFile, model: LoadedModel, scores: Float32Array): string | undefined {
  const classes = model.classes ?? file.classes?.map(String);
  const { labels } = file;
  if (!labels || !classes || scores.length !== labels.length * classes.length) return undefined;
  for (const [row, label] of labels.entries()) {
    const ofRow = Array.from(scores.subarray(row * classes.length, (row + 1) * classes.length));
    const answered = classes[ofRow.indexOf(Math.max(...ofRow))];
    if (answered !== String(label)) return `row ${row} is of class ${answered} instead of ${label}`;
  }
  return undefined;
}

function outcomeOf(caseCount: number, lines: readonly Line[]): Outcome {
  const shown = (difference: number | undefined): string => difference?.toExponential(1) ?? '-';
  const rows = lines.map((line) => [
    line.case,
    line.engine,
    shown(line.maxAbsoluteDifference),
    shown(line.maxRelativeDifference),
    line.verdict,
    line.reason ?? '',
  ]);
  const count = (...verdicts: Verdict[]): number => lines.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const wrong = count('DIFFERENT', 'FAILED');
  const summary = [
    `${caseCount} cases`,
    `${count('equal')} comparisons equal`,
    `${count('refused')} refused as expected`,
    `${count('not computed')} not computed`,
    `${wrong} wrong`,
  ].join(', ');
  return {
    text: [columns([['case', 'engine', 'absolute', 'relative', 'verdict', ''], ...rows]), '', `${summary}.`].join('\n'),
    data: { cases: caseCount, wrong, lines },
    failed: wrong > 0,
  };
}
