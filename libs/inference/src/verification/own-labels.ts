/**
 * Whether the answers of a classifier are those of its own file, which labels each row beside its scores: scores in another
 * order than their names, or of another meaning, show here and nowhere else.
 */
import type { LoadedModel } from '../engines/inference-engine.js';
import type { ModelManifest } from '../manifest.js';
import type { ScoreDecoder } from '../prediction-result.js';
import type { TensorBatch } from '../tensor-batch.js';

/** Nearer to each other than this, either class may be the larger one. */
const tie = 1e-5;

export interface LabelledScores {
  readonly batch: TensorBatch;
  /** Row-major. */
  readonly scores: Float32Array;
  readonly width: number;
}

/**
 * What is wrong where most rows are answered another class; undefined where none is, and where the file has no labels. Single
 * rows may differ: a support vector machine labels by votes, and its probabilities are made afterwards. Classes that the
 * manifest calls otherwise are told by their positions.
 */
export async function labelFault(
  model: LoadedModel,
  { output }: Pick<ModelManifest, 'output'>,
  decode: ScoreDecoder,
  { batch, scores, width }: LabelledScores,
): Promise<string | undefined> {
  const declared = (output.classes ?? []).map(({ name }) => name);
  const { classes = declared } = model;
  // Another threshold is there to answer other classes.
  if (declared.length !== classes.length || declared.length === 0 || output.threshold !== undefined) return undefined;
  const own = await model.labels?.(batch);
  if (!own?.every((label) => classes.includes(label))) return undefined;
  const isNamed = declared.every((name) => classes.includes(name));
  const different: string[] = [];
  let compared = 0;
  own.forEach((label, row) => {
    const ofRow = scores.subarray(row * width, (row + 1) * width);
    if (isTie(ofRow, output.kind)) return;
    compared += 1;
    const result = decode(ofRow);
    const answer = 'label' in result ? result.label : '';
    const expected = isNamed ? label : declared[classes.indexOf(label)];
    if (answer !== expected) different.push(`${answer} and not ${expected}`);
  });
  if (different.length * 2 <= compared) return undefined;
  return `${different.length} of ${compared} rows would be answered another class than the model itself says, ${different[0]} for instance: output.classes must be in the order of the scores`;
}

function isTie(scores: Float32Array, kind: ModelManifest['output']['kind']): boolean {
  const [only = 0] = scores;
  if (scores.length === 1) return Math.abs(kind === 'decision' ? only : only - 0.5) < tie;
  const [largest = 0, next = 0] = [...scores].sort((a, b) => b - a);
  return largest - next < tie;
}
