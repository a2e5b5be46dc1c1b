/** What the operators of a graph say beside its tensors: whether scores are probabilities, and which texts are known. */
import { graph, tensor } from './onnx-fields.js';
import { textAttribute, textsAttribute, type OnnxNode } from './onnx-node.js';
import { int64sOf, messages, readFields, textIn } from './protobuf-wire.js';
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

/** The only number of an initializer of int64. */
function integerOf(graphContent: Uint8Array, name: string): number | undefined {
  const found = messages(graphContent, graph.initializer).find(({ content }) => textIn(content, tensor.name) === name);
  if (!found) return undefined;
  const [raw] = messages(found.content, tensor.rawData);
  if (raw?.content.length === 8) {
    const { buffer, byteOffset } = raw.content;
    return Number(new DataView(buffer, byteOffset, 8).getBigInt64(0, true));
  }
  const numbers = readFields(found.content, [tensor.int64Data]).flatMap(int64sOf);
  return numbers.length === 1 ? Number(numbers[0]) : undefined;
}
