/** What the operators of a graph say beside its tensors: whether scores are probabilities, and which texts are known. */
import { graph, tensor, valueInfo } from './onnx-fields.js';
import { textAttribute, textsAttribute, type OnnxNode } from './onnx-node.js';
import { int64sOf, messages, readFields, textIn, textOf, varintsOf } from './protobuf-wire.js';
import type { KnownTexts } from './run-cost.js';

/** More operators than this stand between nothing that is looked for here; hostile files have chains without end. */
const longestChain = 64;
/** Of a model with more outputs none is looked at. */
const mostOutputs = 64;

/** A graph whose values can be followed in both directions; made once, in time that grows with the file. */
export class OnnxGraph {
  readonly producers: ReadonlyMap<string, OnnxNode>;
  readonly consumers: ReadonlyMap<string, readonly OnnxNode[]>;
  /** Names of the outputs. */
  readonly outputs: readonly string[];
  private initializers: Map<string, Uint8Array> | undefined;

  constructor(
    readonly content: Uint8Array,
    readonly nodes: readonly OnnxNode[],
  ) {
    this.producers = new Map(nodes.flatMap((one) => one.outputs.map((output) => [output, one] as const)));
    const consumers = new Map<string, OnnxNode[]>();
    for (const one of nodes) {
      for (const input of new Set(one.inputs)) {
        const known = consumers.get(input);
        if (known) known.push(one);
        else consumers.set(input, [one]);
      }
    }
    this.consumers = consumers;
    const outputs = messages(content, graph.output).map((field) => textIn(field.content, valueInfo.name));
    this.outputs = outputs.length > mostOutputs ? [] : outputs;
  }

  /** The TensorProto of a constant. */
  initializer(name: string): Uint8Array | undefined {
    this.initializers ??= new Map(
      messages(this.content, graph.initializer).map(({ content }) => [textIn(content, tensor.name), content]),
    );
    return this.initializers.get(name);
  }

  /** What computes a value, but for operators that pass it on, and what the value is called there. */
  sourceOf(name: string, passesOn: ReadonlySet<string>): { readonly value: string; readonly producer?: OnnxNode } {
    let value = name;
    let producer = this.producers.get(value);
    for (let steps = 0; producer && passesOn.has(producer.opType) && steps < longestChain; steps++) {
      value = producer.inputs[0] ?? '';
      producer = this.producers.get(value);
    }
    return producer ? { value, producer } : { value };
  }
}

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
/** Of one input, at most: a manifest declares no more. */
const mostColumns = 1_000;
/** What leaves a text as it is. */
const passesTextsOn = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/**
 * Whether the scores are values of a decision function: those of a linear classifier that nothing transforms (LinearSVC,
 * RidgeClassifier), or of a support vector machine without probabilities. False says only that the operators do not tell.
 */
export function isDecision(read: OnnxGraph): boolean {
  return read.nodes.some((one) => {
    const transform = textAttribute(one, 'post_transform') ?? 'NONE';
    const isRaw =
      (one.opType === 'LinearClassifier' && transform === 'NONE') ||
      (one.opType === 'SVMClassifier' && transform === 'NONE' && !one.attributes.has('prob_a'));
    return isRaw && reachesTheEnd(one.outputs[1], read);
  });
}

/** Whether nothing computes with the value, or with what it is passed on as. */
function reachesTheEnd(value: string | undefined, { consumers }: OnnxGraph): boolean {
  const pending = value === undefined ? [] : [value];
  const seen = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    if (seen.size >= longestChain) return false;
    seen.add(next);
    const reading = consumers.get(next) ?? [];
    if (!reading.every(({ opType }) => passesScoresOn.has(opType))) return false;
    pending.push(...reading.slice(0, longestChain).flatMap(({ outputs }) => outputs.slice(0, longestChain)));
  }
  return true;
}

/** The texts that encoders know, of each column of the inputs of text that they read. */
export function knownTexts(read: OnnxGraph): KnownTexts {
  const texts = new Map<string, string[][]>();
  for (const one of read.nodes) {
    const known = encodedTexts(one);
    if (known.length === 0) continue;
    const column = columnOf(one.inputs[0] ?? '', read);
    if (!column || column.index >= mostColumns) continue;
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
function columnOf(value: string, read: OnnxGraph): Column | undefined {
  let [name, index] = [value, 0];
  for (let steps = 0; steps < longestChain; steps++) {
    const producer = read.producers.get(name);
    if (!producer) return { input: name, index };
    if (producer.opType === 'Concat') [name, index] = [producer.inputs[index] ?? '', 0];
    else if (producer.opType === 'ArrayFeatureExtractor') {
      const taken = integerOf(read, producer.inputs[1] ?? '');
      if (taken === undefined || taken < 0) return undefined;
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
export function labelTable(read: OnnxGraph): string[] | undefined {
  const tables = read.outputs.flatMap((output) => {
    const { producer } = read.sourceOf(output, passesLabelsOn);
    if (producer?.opType !== 'ArrayFeatureExtractor') return [];
    const chosenBy = read.producers.get(producer.inputs[1] ?? '')?.opType;
    const labels = listOf(read, producer.inputs[0] ?? '');
    return chosenBy === 'ArgMax' && labels.length > 1 ? [labels] : [];
  });
  return tables.length === 1 ? tables[0] : undefined;
}

/** The nodes whose first output is, as it is, an output of the model: the classifiers that label for it. */
export function labelling(read: OnnxGraph): OnnxNode[] {
  return read.outputs.flatMap((output) => {
    const { value, producer } = read.sourceOf(output, passesLabelsOn);
    return producer && producer.outputs[0] === value ? [producer] : [];
  });
}

/** Texts of an initializer of texts or of whole numbers. */
function listOf(read: OnnxGraph, name: string): string[] {
  const content = read.initializer(name);
  if (!content) return [];
  const texts = messages(content, tensor.stringData).map((text) => textOf(text.content));
  if (texts.length > 0) return texts;
  const numbers = readFields(content, [tensor.int32Data, tensor.int64Data]).flatMap(int64sOf);
  if (numbers.length > 0) return numbers.map(String);
  const raw = messages(content, tensor.rawData)[0]?.content ?? new Uint8Array();
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const dataType = readFields(content, [tensor.dataType]).flatMap(varintsOf).at(-1);
  if (dataType === int64Type && raw.length % 8 === 0)
    return Array.from({ length: raw.length / 8 }, (_, index) => String(view.getBigInt64(8 * index, true)));
  if (dataType === int32Type && raw.length % 4 === 0)
    return Array.from({ length: raw.length / 4 }, (_, index) => String(view.getInt32(4 * index, true)));
  return [];
}

/** The only number of an initializer of int64. */
function integerOf(read: OnnxGraph, name: string): number | undefined {
  const numbers = listOf(read, name).map(Number);
  return numbers.length === 1 && Number.isSafeInteger(numbers[0]) ? numbers[0] : undefined;
}
