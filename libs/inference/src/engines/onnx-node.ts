/** A node of an ONNX graph as it lies in the file; attributes are read when they are asked for. */
import { attribute, node } from './onnx-fields.js';
import { int64sOf, messages, readFields, textIn, textOf, type WireField } from './protobuf-wire.js';

export interface OnnxNode {
  readonly field: WireField;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** AttributeProto by its name. */
  readonly attributes: ReadonlyMap<string, Uint8Array>;
}

export function readNode(field: WireField): OnnxNode {
  const { content } = field;
  const texts = (number: number): string[] => messages(content, number).map(({ content: name }) => textOf(name));
  const attributes = messages(content, node.attribute).map((found) => found.content);
  return {
    field,
    opType: textIn(content, node.opType),
    inputs: texts(node.input),
    outputs: texts(node.output),
    attributes: new Map(attributes.map((found) => [textIn(found, attribute.name), found])),
  };
}

export function textAttribute({ attributes }: OnnxNode, name: string): string | undefined {
  const found = attributes.get(name);
  return found && textIn(found, attribute.text);
}

export function textsAttribute({ attributes }: OnnxNode, name: string): string[] {
  const found = attributes.get(name);
  return found ? messages(found, attribute.strings).map(({ content }) => textOf(content)) : [];
}

function integersAttribute({ attributes }: OnnxNode, name: string): bigint[] {
  const found = attributes.get(name);
  return found ? readFields(found, [attribute.ints]).flatMap(int64sOf) : [];
}

/** The labels of an attribute `classlabels_…`, which every classifier of ONNX-ML and ZipMap have; integers as text. */
export function labelsOf(one: OnnxNode): string[] {
  const names = [...one.attributes.keys()].filter((name) => name.startsWith('classlabels_'));
  const strings = names.flatMap((name) => textsAttribute(one, name));
  return strings.length > 0 ? strings : names.flatMap((name) => integersAttribute(one, name).map(String));
}
