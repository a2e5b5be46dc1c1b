/** `latido keras verify FILE|FOLDER`: every engine against the answers of the framework that trained the model. */
import { extname, resolve } from 'node:path';
import type { EngineName, InferenceEngines, LoadedModel, ModelArtifact, Tolerance } from '#inference';
import { DomainError } from '#platform';
import { columns, CommandError, UsageError, type Command, type Outcome } from '../command.js';
import { goldenCases, readGoldenAnswers, type GoldenAnswers, type GoldenCase } from '../golden-cases.js';
import { readModelFile } from '../model-file.js';

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
    'A manifest.json in a folder names {cases: [{file, expect}], refusals: [{file, reason}]}: expect is run, run-or-refuse or refuse.\nWhat it does not name is verified as well; there the JSON beside a file may say what to expect.',
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

/** A case of which a file is missing or unreadable fails by itself: the others of its folder are still verified. */
async function verifyCase(
  engines: InferenceEngines,
  golden: GoldenCase,
  bound: Tolerance | undefined,
): Promise<Line[]> {
  try {
    return await compareCase(engines, golden, bound);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [{ case: golden.name, engine: 'importer', verdict: 'FAILED', reason: error.message }];
  }
}

async function compareCase(
  engines: InferenceEngines,
  golden: GoldenCase,
  bound: Tolerance | undefined,
): Promise<Line[]> {
  const { ModelArtifact } = await import('#inference');
  const { containerKind } = await import('#keras');
  const bytes = await readModelFile(golden.path);
  const format = { zip: 'keras', hdf5: 'h5', none: extname(golden.path) === '.onnx' ? 'onnx' : 'keras' } as const;
  const artifact = new ModelArtifact(bytes, format[containerKind(bytes) ?? 'none']);
  const refusal = artifact.format === 'onnx' ? undefined : await refusalOf(artifact);
  if (golden.expect === 'refuse' || refusal) return [refusalLine(golden, refusal)];
  const answers = readGoldenAnswers(golden.path);
  const lines: Line[] = [];
  for (const engine of engineNames) lines.push(await verifyOn(engines, engine, golden.name, artifact, answers, bound));
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
  golden: GoldenAnswers,
  bound: Tolerance | undefined,
): Promise<Line> {
  const { compareWithGolden } = await import('../golden-comparison.js');
  const line = { case: name, engine };
  if (!engines.supports(artifact, engine))
    return { ...line, verdict: 'not computed', reason: `${engine} does not compute ${artifact.format} files` };
  let model: LoadedModel | undefined;
  try {
    model = await engines.load(artifact, engine);
    const difference = await compareWithGolden(model, artifact, golden, bound);
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
