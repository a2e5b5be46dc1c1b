/**
 * An `.onnx` file before ONNX Runtime sees it: what would make it read other files is refused, and ZipMap, which
 * scikit-learn's exporter adds by default and onnxruntime-node cannot answer, is taken out. Field numbers are facts of
 * onnx.proto.
 */
import {
  bytesField,
  concatenate,
  messages,
  readFields,
  textIn,
  textOf,
  varintField,
  varintsOf,
  wireType,
  WireError,
  type WireField,
} from './protobuf-wire.js';
import { withBothClasses } from './binary-trees.js';
import { attribute, graph, model, node, tensor, valueInfo } from './onnx-fields.js';
import { labelsOf, OnnxNode } from './onnx-node.js';
import { isDecision, knownTexts, labelling, labelTable, OnnxGraph } from './onnx-semantics.js';
import type { KnownTexts } from './run-cost.js';

/** Why an ONNX file is refused. */
const onnxRefusals = {
  'not-onnx': 'The bytes are no ONNX model, or are cut off.',
  'external-data': 'Weights stand in other files than this one; save the model with its weights inside.',
  'too-deep': 'Graphs within graphs, deeper than any model needs.',
} as const;

type OnnxRefusal = keyof typeof onnxRefusals;

export class OnnxFileError extends Error {
  constructor(
    readonly code: OnnxRefusal,
    detail: string,
  ) {
    super(`${onnxRefusals[code]} (${detail})`);
    this.name = 'OnnxFileError';
  }
}

export interface OnnxFile {
  /** What to load: the file itself where nothing had to change. */
  readonly bytes: Uint8Array;
  /** Class labels in the order of the scores, as a classifier of scikit-learn carries them; integers as text. */
  readonly classes?: readonly string[];
  /** Whether the scores are values of a decision function, and no probabilities: as far as the operators say. */
  readonly isDecision: boolean;
  /** Whether the labels that the runtime answers beside the scores may be believed. */
  readonly labelsAreRight: boolean;
  /** What the columns of inputs of text may be, by the input's name, where the file says it. */
  readonly texts: KnownTexts;
}

/** Initialisation and training of a model, each a graph. */
const modelTraining = 20;
const trainingGraphs = [1, 2];
const modelFunctions = 25;
const functionNode = 7;
/** Values and indices. */
const sparseParts = [1, 2];
const float32 = 1;
const deepestGraph = 16;
/** ONNX Runtime would read bytes with this mark in another format than ONNX. */
const runtimeFormatMark = 'ORTM';

/** Looks through the file. Throws `OnnxFileError`. */
export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  try {
    if (textOf(bytes.subarray(4, 8)) === runtimeFormatMark) throw new WireError('it is in a format of ONNX Runtime');
    const fields = readFields(bytes);
    const graphs = fields.filter(({ number, type }) => number === model.graph && type === wireType.bytes);
    const [main] = graphs;
    if (!main || graphs.length > 1) throw new WireError(`it has ${graphs.length} graphs`);
    for (const field of fields) checkModelField(field);
    const nodes = messages(main.content, graph.node).map((field) => new OnnxNode(field));
    const read = new OnnxGraph(main.content, nodes);
    const classes = classesOf(read);
    const flat = withoutZipMap(main.content, nodes);
    const hasTrees = nodes.some(({ opType }) => opType === 'TreeEnsembleClassifier');
    const mended = hasTrees ? withMendedTrees(flat ?? main.content) : undefined;
    const served = mended ?? flat;
    const kept = fields.map((field) => (field === main && served ? bytesField(model.graph, served) : field.whole));
    return {
      bytes: served ? concatenate(kept) : bytes,
      ...(classes && { classes }),
      isDecision: isDecision(read),
      labelsAreRight: mended === undefined,
      texts: knownTexts(read),
    };
  } catch (error) {
    if (error instanceof WireError) throw new OnnxFileError('not-onnx', error.message);
    throw error;
  }
}

function checkModelField({ number, type, content }: WireField): void {
  if (type !== wireType.bytes) return;
  if (number === model.graph) checkGraph(content, 0);
  if (number === modelTraining)
    for (const trained of messages(content, ...trainingGraphs)) checkGraph(trained.content, 1);
  if (number === modelFunctions) for (const called of messages(content, functionNode)) checkNode(called.content, 1);
}

function checkGraph(content: Uint8Array, depth: number): void {
  if (depth > deepestGraph) throw new OnnxFileError('too-deep', `more than ${deepestGraph} levels`);
  for (const field of messages(content, graph.node, graph.initializer, graph.sparseInitializer)) {
    if (field.number === graph.node) checkNode(field.content, depth);
    else if (field.number === graph.initializer) checkTensor(field.content);
    else checkSparseTensor(field.content);
  }
}

function checkNode(content: Uint8Array, depth: number): void {
  const { tensor: one, tensors, graph: inner, graphs, sparseTensor, sparseTensors } = attribute;
  for (const owned of messages(content, node.attribute)) {
    for (const field of messages(owned.content, one, tensors, inner, graphs, sparseTensor, sparseTensors)) {
      if (field.number === one || field.number === tensors) checkTensor(field.content);
      else if (field.number === inner || field.number === graphs) checkGraph(field.content, depth + 1);
      else checkSparseTensor(field.content);
    }
  }
}

function checkSparseTensor(content: Uint8Array): void {
  for (const part of messages(content, ...sparseParts)) checkTensor(part.content);
}

function checkTensor(content: Uint8Array): void {
  for (const field of readFields(content, [tensor.externalData, tensor.dataLocation])) {
    const located = field.type === wireType.varint && varintsOf(field).some((location) => location !== 0);
    if (located || field.type === wireType.bytes)
      throw new OnnxFileError('external-data', 'a tensor of the model has its location set to external');
  }
}

/**
 * ZipMap has the last word, then what makes the labels that the model answers; where other nodes disagree the order is not
 * known.
 */
function classesOf(read: OnnxGraph): readonly string[] | undefined {
  const zipMaps = read.nodes.filter(({ opType }) => opType === 'ZipMap');
  return agreed(zipMaps) ?? labelTable(read) ?? agreed(labelling(read)) ?? agreed(read.nodes);
}

/** The labels of nodes that have some, where all have the same. */
function agreed(nodes: readonly OnnxNode[]): readonly string[] | undefined {
  const labels = nodes.map(labelsOf).filter(({ length }) => length > 0);
  const orders = new Map(labels.map((classes) => [JSON.stringify(classes), classes]));
  return orders.size === 1 ? [...orders.values()][0] : undefined;
}

/** The graph with trees that the runtime would get wrong written otherwise; undefined where there are none. */
function withMendedTrees(content: Uint8Array): Uint8Array | undefined {
  let mended = false;
  const fields = readFields(content).map((field) => {
    const trees = field.number === graph.node ? withBothClasses(new OnnxNode(field)) : undefined;
    mended ||= trees !== undefined;
    return trees ? bytesField(graph.node, trees) : field.whole;
  });
  return mended ? concatenate(fields) : undefined;
}

/** The graph with what each ZipMap reads in place of its maps; undefined where there is none to take out. */
function withoutZipMap(content: Uint8Array, nodes: readonly OnnxNode[]): Uint8Array | undefined {
  const consumed = new Set(nodes.flatMap(({ inputs }) => inputs));
  const dropped = nodes.filter(
    ({ opType, outputs }) => opType === 'ZipMap' && !outputs.some((name) => consumed.has(name)),
  );
  if (dropped.length === 0) return undefined;
  const droppedNodes = new Set(dropped.map(({ field }) => field.whole.byteOffset));
  const bySource = new Map(dropped.map((zipMap) => [zipMap.outputs[0] ?? '', zipMap]));
  const fields = readFields(content);
  const outputs = new Set(fields.filter(({ number }) => number === graph.output).map(nameOf));
  const kept = fields.flatMap((field) => {
    if (field.number === graph.node && droppedNodes.has(field.whole.byteOffset)) return [];
    if (field.number !== graph.output && field.number !== graph.valueInfo) return [field.whole];
    const zipMap = bySource.get(nameOf(field));
    if (!zipMap) return [field.whole];
    const source = zipMap.inputs[0] ?? '';
    if (field.number === graph.valueInfo || outputs.has(source)) return [];
    outputs.add(source);
    return [bytesField(graph.output, scoresInfo(source, labelsOf(zipMap).length || undefined))];
  });
  return concatenate(kept);
}

/** A ValueInfoProto: a float32 tensor of any number of rows, of `width` scores each. */
function scoresInfo(name: string, width: number | undefined): Uint8Array {
  const dimensions = [
    bytesField(1, new Uint8Array()),
    bytesField(1, width === undefined ? new Uint8Array() : varintField(1, width)),
  ];
  const tensorType = concatenate([varintField(1, float32), bytesField(2, concatenate(dimensions))]);
  return concatenate([
    bytesField(valueInfo.name, new TextEncoder().encode(name)),
    bytesField(2, bytesField(1, tensorType)),
  ]);
}

function nameOf({ content }: WireField): string {
  return textIn(content, valueInfo.name);
}
