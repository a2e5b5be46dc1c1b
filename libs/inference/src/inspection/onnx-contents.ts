/** What is in an ONNX file: read from its bytes, without a runtime. */
import {
  attribute,
  entry,
  graph,
  model,
  opset,
  shape,
  tensor,
  tensorType,
  valueInfo,
  valueType,
} from '../engines/onnx-fields.js';
import { OnnxNode } from '../engines/onnx-node.js';
import { knownTexts, OnnxGraph } from '../engines/onnx-semantics.js';
import { messages, readFields, textIn, varintsOf, wireType, type WireField } from '../engines/protobuf-wire.js';
import type { DescribedInput, DescribedOutput, FileContents, OutputEnding, PartCount } from './model-description.js';

/** TensorProto.DataType, by the names that ONNX Runtime gives them. */
const typeNames: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
};
/** Behind the operator that decides what an output is. */
const passesOn = new Set(['Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Cast', 'ZipMap']);
const mostFeatureNames = 1_000;

/** Of a file that `readOnnxFile` has read, and of the bytes that it answered. Throws `WireError`. */
export function onnxContents(bytes: Uint8Array): FileContents {
  const main = messages(bytes, model.graph)[0]?.content ?? new Uint8Array();
  const nodes = messages(main, graph.node).map((field) => new OnnxNode(field));
  const initializers = messages(main, graph.initializer);
  const constants = new Set(initializers.map(({ content }) => textIn(content, tensor.name)));
  const read = new OnnxGraph(main, nodes);
  const texts = knownTexts(read);
  const featureNames = featureNamesOf(bytes);
  return {
    format: 'onnx',
    writtenBy: `${textIn(bytes, model.producerName) || 'unknown'} ${textIn(bytes, model.producerVersion)}`.trim(),
    opsets: messages(bytes, model.opsets).map(({ content }) => ({
      domain: textIn(content, opset.domain) || 'ai.onnx',
      version: numberIn(content, opset.version) ?? 1,
    })),
    parts: partCounts(nodes.map(({ opType }) => opType)),
    parameters: parametersOf(initializers, nodes),
    // Until IR version 3 initializers stand among the inputs.
    inputs: messages(main, graph.input)
      .map(({ content }) => portOf(content))
      .filter(({ name }) => !constants.has(name))
      .map((port): DescribedInput => ({ ...port, ...(texts.has(port.name) && { texts: texts.get(port.name) ?? [] }) })),
    outputs: messages(main, graph.output)
      .map(({ content }) => portOf(content))
      .map((port): DescribedOutput => ({ ...port, ending: endingOf(port.name, read) })),
    ...(featureNames && { featureNames }),
  };
}

/** How often each name is there, most frequent first. */
export function partCounts(names: readonly string[]): PartCount[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

/** What computes the value, but for what passes it on. */
function endingOf(output: string, read: OnnxGraph): OutputEnding {
  const { producer } = read.sourceOf(output, passesOn);
  if (producer?.opType === 'Softmax') return 'softmax';
  return producer?.opType === 'Sigmoid' ? 'sigmoid' : 'other';
}

function portOf(content: Uint8Array): { name: string; type: string; shape: (number | null)[] } {
  const name = textIn(content, valueInfo.name);
  const [type] = messages(content, valueInfo.type);
  const [tensorField] = type ? messages(type.content, valueType.tensor) : [];
  if (!tensorField) return { name, type: 'no tensor', shape: [] };
  const elementType = numberIn(tensorField.content, tensorType.elementType) ?? 0;
  const [shapeField] = messages(tensorField.content, tensorType.shape);
  const dimensions = shapeField ? messages(shapeField.content, shape.dimension) : [];
  const sizes = dimensions.map(({ content: dimension }) => numberIn(dimension, shape.size) ?? null);
  return { name, type: typeNames[elementType] ?? `type ${elementType}`, shape: sizes.slice(1) };
}

/** Elements of the initializers, and the numbers that operators of ONNX-ML keep as attributes. */
function parametersOf(initializers: readonly WireField[], nodes: readonly OnnxNode[]): number {
  const stored = initializers.map(({ content }) =>
    readFields(content, [tensor.dims])
      .flatMap(varintsOf)
      .reduce((product, size) => product * size, 1),
  );
  const kept = nodes.flatMap(({ attributes }) => [...attributes.values()].map(floatsIn));
  return [...stored, ...kept].reduce((sum, count) => sum + count, 0);
}

function floatsIn(content: Uint8Array): number {
  return readFields(content, [attribute.floats]).reduce(
    (sum, { type, content: packed }) => sum + (type === wireType.bytes ? Math.floor(packed.length / 4) : 1),
    0,
  );
}

/** `feature_names` of the metadata: a list as JSON, or names with commas between them. */
function featureNamesOf(bytes: Uint8Array): string[] | undefined {
  const found = messages(bytes, model.metadata).find(({ content }) => textIn(content, entry.key) === 'feature_names');
  if (!found) return undefined;
  const text = textIn(found.content, entry.value);
  const names = listOf(text) ?? text.split(',').map((name) => name.trim());
  return names.length <= mostFeatureNames && names.every((name) => name !== '') ? names : undefined;
}

function listOf(json: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.every((name) => typeof name === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

function numberIn(message: Uint8Array, number: number): number | undefined {
  return readFields(message, [number])
    .filter(({ type }) => type === wireType.varint)
    .flatMap(varintsOf)
    .at(-1);
}
