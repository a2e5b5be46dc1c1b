/** What a model file is: read without its manifest, then loaded and run on a few random rows. Nothing is kept. */
import { containerKind, writeOnnx, type KerasGraph } from '#keras';
import { DomainError } from '#platform';
import type { InferenceEngine, LoadedModel } from '../engines/inference-engine.js';
import { ModelArtifact } from '../engines/model-artifact.js';
import { OnnxFileError, readOnnxFile } from '../engines/onnx-file.js';
import { WireError } from '../engines/protobuf-wire.js';
import { inferenceErrors } from '../inference.errors.js';
import type { TensorBatch } from '../tensor-batch.js';
import { valuesPerRow } from '../tensor-batch.js';
import type { DescribedInput, FileContents, ModelDescription, SeenScores } from './model-description.js';
import { onnxContents, partCounts } from './onnx-contents.js';

const triedRows = 64;
/** For an axis of any size. */
const sizeOfFreeAxis = 16;
/** Numbers in all inputs of the rows that are tried. */
const mostValues = 2 ** 22;
/** Rows of data as they come, and as scalers leave them. */
const magnitudes = [1, 100];
/** float32 rounding of a sum of probabilities. */
const rounding = 1e-4;

/**
 * The file's contents and what it answers. What would keep the model from serving is among `problems`.
 * @param engine that of ONNX Runtime
 * @throws MODEL_UNREADABLE for bytes that are no model, MODEL_TOO_COSTLY, ENGINE_UNAVAILABLE
 */
export async function inspectModel(bytes: Uint8Array, engine: InferenceEngine): Promise<ModelDescription> {
  if (!containerKind(bytes)) {
    const { served, contents } = readOnnx(bytes);
    return describe(contents, new ModelArtifact(served, 'onnx'), engine);
  }
  const graph = await new ModelArtifact(bytes, 'keras').kerasGraph();
  const written = writeOnnx(graph);
  return describe(kerasContents(graph, written), new ModelArtifact(written, 'onnx'), engine);
}

function readOnnx(bytes: Uint8Array): { served: Uint8Array; contents: FileContents } {
  try {
    const served = readOnnxFile(bytes).bytes;
    const contents = onnxContents(served);
    // Before ZipMap was taken out.
    return { served: bytes, contents: { ...contents, parts: onnxContents(bytes).parts } };
  } catch (error) {
    if (!(error instanceof OnnxFileError || error instanceof WireError)) throw error;
    throw new DomainError(inferenceErrors.MODEL_UNREADABLE, error.message, { cause: error });
  }
}

/** How an output ends is read from the graph that ONNX Runtime is given. */
function kerasContents(graph: KerasGraph, written: Uint8Array): FileContents {
  const { outputs } = onnxContents(written);
  const { packing, keras } = graph;
  return {
    format: packing,
    writtenBy: /^[\d.]/.test(keras.text) ? `keras ${keras.text}` : keras.text,
    opsets: [],
    parts: partCounts(graph.nodes.map(({ layer }) => layer.className)),
    parameters: graph.parameterCount,
    inputs: graph.inputs.map(({ name, tensor }) => ({ name, type: 'float32', shape: tensor.shape.slice(1) })),
    outputs: graph.outputs.map(({ name, tensor }, index) => ({
      name,
      type: 'float32',
      shape: tensor.shape.slice(1),
      ending: outputs[index]?.ending ?? 'other',
    })),
  };
}

async function describe(
  contents: FileContents,
  artifact: ModelArtifact,
  engine: InferenceEngine,
): Promise<ModelDescription> {
  let model: LoadedModel;
  try {
    model = await engine.load(artifact);
  } catch (error) {
    return { ...contents, isDecision: false, scores: [], problems: [reasonOf(error)] };
  }
  try {
    const { isDecision = false } = model;
    const { scores, classes = model.classes } = await seenScores(model, contents);
    return { ...contents, ...(classes && { classes }), isDecision, scores, problems: [] };
  } finally {
    await model.dispose();
  }
}

/** @throws what is the machine's fault, and not the model's */
function reasonOf(error: unknown): string {
  if (!(error instanceof DomainError) || error.kind.status === 503) throw error;
  return error.message;
}

async function seenScores(
  model: LoadedModel,
  { inputs, outputs }: FileContents,
): Promise<{ scores: SeenScores[]; classes?: readonly string[] }> {
  const described = new Map(inputs.map((input) => [input.name, input]));
  const answers: Float32Array[][] = [];
  let classes: readonly string[] | undefined;
  for (const magnitude of magnitudes) {
    try {
      const batch = randomBatch(model, described, magnitude);
      const answer = await model.run(batch);
      answers.push(answer);
      if (await isReversed(model, batch, answer)) classes = model.classes?.toReversed();
    } catch (error) {
      // Rows that make no sense to the model, an index outside of a table, say nothing against it.
      if (!(error instanceof DomainError) || error.kind.status === 503) throw error;
    }
  }
  const scores = model.outputs.flatMap((output, index) => {
    const width = valuesPerRow(output);
    if (width === null || width === 0) return [];
    const values = answers.map((answer) => answer[index] as Float32Array);
    const ending = outputs.find(({ name }) => name === output.name)?.ending ?? 'other';
    return [{ output: output.name, width, ending, ...whatTheyAre(values, width) }];
  });
  return { scores, ...(classes && { classes }) };
}

/**
 * Whether each row's own label is that of the smaller of its two scores, as ONNX Runtime answers some support vector machines:
 * the scores then stand in the other order than the file's classes.
 */
async function isReversed(
  model: LoadedModel,
  batch: TensorBatch,
  [scores, ...others]: Float32Array[],
): Promise<boolean> {
  const { classes } = model;
  if (classes?.length !== 2 || scores?.length !== 2 * batch.rows || others.length > 0) return false;
  const labels = await model.labels?.(batch);
  return labels?.every((label, row) => label === classes[scores[2 * row]! > scores[2 * row + 1]! ? 1 : 0]) ?? false;
}

function whatTheyAre(
  answers: readonly Float32Array[],
  width: number,
): Pick<SeenScores, 'withinProbabilities' | 'sumToOne'> {
  if (answers.length === 0) return { withinProbabilities: false, sumToOne: false };
  const withinProbabilities = answers.every((scores) =>
    scores.every((score) => score >= -rounding && score <= 1 + rounding),
  );
  const sumToOne = answers.every((scores) => {
    for (let row = 0; row < scores.length; row += width) {
      const sum = scores.subarray(row, row + width).reduce((total, score) => total + score, 0);
      if (Math.abs(sum - 1) > rounding * width) return false;
    }
    return true;
  });
  return { withinProbabilities, sumToOne: sumToOne && width > 1 };
}

function randomBatch(
  model: LoadedModel,
  described: ReadonlyMap<string, DescribedInput>,
  magnitude: number,
): TensorBatch {
  const shapes = model.inputs.map(({ shape }) => shape.map((size) => size ?? sizeOfFreeAxis));
  const perRow = shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const rows = Math.max(Math.min(triedRows, Math.floor(mostValues / Math.max(perRow, 1))), 1);
  let seed = magnitude;
  // Any spread does: Weyl's sequence of the golden ratio.
  const next = (): number => (seed = (seed + 0.618_033_988_749_895) % 1);
  const tensors = model.inputs.map(({ name, takesText }, index) => {
    const shape = shapes[index] as number[];
    const length = shape.reduce((product, size) => product * size, rows);
    const { type = 'float32', texts = [] } = described.get(name) ?? {};
    if (takesText) return textTensor(shape, length, texts, next);
    const isWhole = type !== 'float32' && type !== 'float64';
    const values = Float32Array.from({ length }, () => {
      const value = (2 * next() - 1) * magnitude;
      return isWhole ? Math.round(Math.abs(value)) : value;
    });
    return { shape, values };
  });
  return { rows, tensors };
}

function textTensor(
  shape: readonly number[],
  length: number,
  columns: readonly (readonly string[] | undefined)[],
  next: () => number,
): TensorBatch['tensors'][number] {
  const texts = [...new Set(columns.flatMap((column) => column ?? []))];
  if (texts.length === 0) texts.push('a');
  const values = Float32Array.from({ length }, (_, at) => {
    const known = columns[at % Math.max(shape.at(-1) ?? 1, 1)] ?? texts;
    return texts.indexOf(known[Math.floor(next() * known.length)] as string);
  });
  return { shape, values, texts };
}
