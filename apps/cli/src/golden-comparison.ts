/** A model's answers beside the expected ones. Loaded when there is something to compare: the engines come with it. */
import {
  compareScores,
  readNestedNumbers,
  tolerance,
  type Difference,
  type LoadedModel,
  type ModelArtifact,
  type NestedTensor,
  type Tolerance,
} from '#inference';
import { CommandError } from './command.js';
import type { ClassScores, GoldenAnswers } from './golden-cases.js';

/**
 * All outputs as one list of numbers; the failure names the output.
 * @param given in place of the tolerance that the answers name
 * @throws CommandError for answers that are not those of such a model
 */
export async function compareWithGolden(
  model: LoadedModel,
  artifact: ModelArtifact,
  golden: GoldenAnswers,
  given: Tolerance | undefined,
): Promise<Difference> {
  const bound = given ?? { absolute: golden.atol ?? tolerance.absolute, relative: golden.rtol ?? tolerance.relative };
  const inputs = tensorsInOrder(golden.inputs, await inputNames(model, artifact));
  const answers = await model.run({
    rows: inputs[0]?.shape[0] ?? 0,
    tensors: inputs.map(({ shape, values }) => ({ shape: shape.slice(1), values })),
  });
  const differences = expectedOutputs(golden, model).map(({ values }, index) =>
    compareScores(answers[index] ?? new Float32Array(0), values, bound),
  );
  const [first] = differences;
  if (!first || differences.length !== answers.length)
    throw new CommandError(`the model has ${answers.length} outputs, ${differences.length} are expected`);
  const failed = differences.findIndex(({ passed }) => !passed);
  const failure =
    failed === -1
      ? wrongLabel(golden, model, answers[0] ?? new Float32Array(0))
      : `output ${model.outputs[failed]?.name}: ${differences[failed]?.failure}`;
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

/** In the model's order: by its own names of the outputs or, where the answers have others, as they list theirs. */
function expectedOutputs(golden: GoldenAnswers, model: LoadedModel): NestedTensor[] {
  const { outputs, outputNames } = golden;
  if (outputs === undefined) return [expectedScores(golden, classesOf(golden, model))];
  const names = model.outputs.map(({ name }) => name);
  return tensorsInOrder(outputs, names.every((name) => Object.hasOwn(outputs, name)) ? names : (outputNames ?? names));
}

function classesOf(golden: GoldenAnswers, model: LoadedModel): readonly string[] | undefined {
  return model.classes ?? golden.classes?.map(String);
}

/** What a classifier's scores should be: rows of numbers in the order of the classes, or maps of class to number. */
function expectedScores(
  { probabilities, scores }: GoldenAnswers,
  classes: readonly string[] | undefined,
): NestedTensor {
  const rows = probabilities ?? scores ?? [];
  const [first] = rows;
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return tensorOf(rows);
  const order = classes ?? Object.keys(first);
  return tensorOf((rows as readonly ClassScores[]).map((row) => order.map((name) => row[name] ?? NaN)));
}

/** The class with the highest score must be the label, where the file says which score is whose. */
function wrongLabel(golden: GoldenAnswers, model: LoadedModel, scores: Float32Array): string | undefined {
  const classes = classesOf(golden, model);
  const { labels } = golden;
  if (!labels || !classes || scores.length !== labels.length * classes.length) return undefined;
  for (const [row, label] of labels.entries()) {
    const ofRow = Array.from(scores.subarray(row * classes.length, (row + 1) * classes.length));
    const answered = classes[ofRow.indexOf(Math.max(...ofRow))];
    if (answered !== String(label)) return `row ${row} is of class ${answered} instead of ${label}`;
  }
  return undefined;
}

/** The tensors in the order of `names`; a single one may stand for itself. */
function tensorsInOrder(named: GoldenAnswers['inputs'], names: readonly string[]): NestedTensor[] {
  if (Array.isArray(named)) return [tensorOf(named)];
  const byName = named as Readonly<Record<string, unknown>>;
  return names.map((name) => {
    if (!Object.hasOwn(byName, name))
      throw new CommandError(`it names ${Object.keys(byName).join(', ')}, and no ${name}`);
    return tensorOf(byName[name]);
  });
}

function tensorOf(nested: unknown): NestedTensor {
  const tensor = readNestedNumbers(nested);
  if (!tensor || tensor.shape.length === 0)
    throw new CommandError('its arrays are not of one shape, or not of numbers');
  return tensor;
}
