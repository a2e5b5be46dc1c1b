/** What the operators of a graph say beside its tensors: whether scores are probabilities, and which texts are known. */
import { graph, tensor, valueInfo } from './onnx-fields.js';
import { textAttribute, textsAttribute, type OnnxNode } from './onnx-node.js';
import { int64sOf, messages, readFields, textIn, textOf, varintsOf } from './protobuf-wire.js';
import type { KnownTexts } from './run-cost.js';

/** What may stand between a classifier and its output without making probabilities of its scores. */
const passesScoresOn = new Set([
  'ZipMap',
  'Identity',
  'Cast',
  'ArrayFeatureExtractor',
  'Reshape',
  'Squeeze',
  'Flatten',
]);
/** What leaves a label as it is. */
const passesLabelsOn = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Flatten']);
/** TensorProto.DataType. */
const int32Type = 6;
const int64Type = 7;
/** What leaves a text as it is. */
const passesTextsOn = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/**
 * Whether the scores are values of a decision function: those of a linear classifier that nothing transforms (LinearSVC,
 * RidgeClassifier), or of a support vector machine without probabilities. False says only that the operators do not tell.
 */
export function isDecision(nodes: readonly OnnxNode[]): boolean {
  return nodes.some((one) => {
    const transform = textAttribute(one, 'post_transform') ?? 'NONE';
    const isRaw =
      (one.opType === 'LinearClassifier' && transform === 'NONE') ||
      (one.opType === 'SVMClassifier' && transform === 'NONE' && !one.attributes.has('prob_a'));
    return isRaw && reachesTheEnd(one.outputs[1], nodes);
  });
}

/** Whether nothing computes with the value, or with what it is passed on as. */
function reachesTheEnd(value: string | undefined, nodes: readonly OnnxNode[]): boolean {
  const pending = [value];
  const seen = new Set<string | undefined>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { opType, inputs, outputs } of nodes) {
      if (!inputs.includes(next)) continue;
      if (!passesScoresOn.has(opType)) return false;
      pending.push(...outputs);
    }
  }
  return true;
}

/** The texts that encoders know, of each column of the inputs of text that they read. */
export function knownTexts(graphContent: Uint8Array, nodes: readonly OnnxNode[]): KnownTexts {
  const producers = new Map(nodes.flatMap((one) => one.outputs.map((output) => [output, one] as const)));
  const texts = new Map<string, string[][]>();
  for (const one of nodes) {
    const known = encodedTexts(one);
    if (known.length === 0) continue;
    const column = sourceOf(one.inputs[0] ?? '', producers, graphContent);
    if (!column) continue;
    const columns = texts.get(column.input) ?? [];
    columns[column.index] = known;
    texts.set(column.input, columns);
  }
  return texts;
}

function encodedTexts(one: OnnxNode): string[] {
  if (one.opType === 'OneHotEncoder') return textsAttribute(one, 'cats_strings');
  return one.opType === 'LabelEncoder' ? textsAttribute(one, 'keys_strings') : [];
}

interface Column {
  readonly input: string;
  readonly index: number;
}

/** The column of an input that a value is, after joining columns and taking one of them. */
function sourceOf(
  value: string,
  producers: ReadonlyMap<string, OnnxNode>,
  graphContent: Uint8Array,
): Column | undefined {
  let [name, index] = [value, 0];
  // A chain as long as the graph has gone in a circle.
  for (let steps = 0; steps <= producers.size; steps++) {
    const producer = producers.get(name);
    if (!producer) return { input: name, index };
    if (producer.opType === 'Concat') [name, index] = [producer.inputs[index] ?? '', 0];
    else if (producer.opType === 'ArrayFeatureExtractor') {
      const taken = integerOf(graphContent, producer.inputs[1] ?? '');
      if (taken === undefined) return undefined;
      [name, index] = [producer.inputs[0] ?? '', taken];
    } else if (passesTextsOn.has(producer.opType)) name = producer.inputs[0] ?? '';
    else return undefined;
  }
  return undefined;
}

/**
 * The labels of a classifier that is written out in plain operators: those of the list from which an output takes one by its
 * position. Undefined where there is none, or more than one.
 */
export function labelTable(graphContent: Uint8Array, nodes: readonly OnnxNode[]): string[] | undefined {
  const producers = new Map(nodes.flatMap((one) => one.outputs.map((output) => [output, one] as const)));
  const outputs = messages(graphContent, graph.output).map(({ content }) => textIn(content, valueInfo.name));
  const tables = outputs.flatMap((output) => {
    let producer = producers.get(output);
    for (let steps = 0; producer && passesLabelsOn.has(producer.opType) && steps < nodes.length; steps++)
      producer = producers.get(producer.inputs[0] ?? '');
    if (producer?.opType !== 'ArrayFeatureExtractor') return [];
    const chosenBy = producers.get(producer.inputs[1] ?? '')?.opType;
    const labels = listOf(graphContent, producer.inputs[0] ?? '');
    return chosenBy === 'ArgMax' && labels.length > 1 ? [labels] : [];
  });
  return tables.length === 1 ? tables[0] : undefined;
}

/** Texts of an initializer of texts or of whole numbers. */
function listOf(graphContent: Uint8Array, name: string): string[] {
  const found = messages(graphContent, graph.initializer).find(({ content }) => textIn(content, tensor.name) === name);
  if (!found) return [];
  const texts = messages(found.content, tensor.stringData).map(({ content }) => textOf(content));
  if (texts.length > 0) return texts;
  const numbers = readFields(found.content, [tensor.int32Data, tensor.int64Data]).flatMap(int64sOf);
  if (numbers.length > 0) return numbers.map(String);
  const raw = messages(found.content, tensor.rawData)[0]?.content ?? new Uint8Array();
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const dataType = readFields(found.content, [tensor.dataType]).flatMap(varintsOf).at(-1);
  if (dataType === int64Type && raw.length % 8 === 0)
    return Array.from({ length: raw.length / 8 }, (_, index) => String(view.getBigInt64(8 * index, true)));
  if (dataType === int32Type && raw.length % 4 === 0)
    return Array.from({ length: raw.length / 4 }, (_, index) => String(view.getInt32(4 * index, true)));
  return [];
}

/** The only number of an initializer of int64. */
function integerOf(graphContent: Uint8Array, name: string): number | undefined {
  const numbers = listOf(graphContent, name).map(Number);
  return numbers.length === 1 && Number.isSafeInteger(numbers[0]) ? numbers[0] : undefined;
}
