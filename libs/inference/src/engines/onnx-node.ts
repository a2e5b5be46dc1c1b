/** A node of an ONNX graph as it lies in the file; attributes are read when they are asked for. */
import { attribute, node } from './onnx-fields.js';
import { int64sOf, messages, readFields, textIn, textOf, type WireField } from './protobuf-wire.js';

export class OnnxNode {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  private named: ReadonlyMap<string, Uint8Array> | undefined;

  constructor(readonly field: WireField) {
    const [inputs, outputs]: [string[], string[]] = [[], []];
    let opType = '';
    for (const { number, content } of messages(field.content, node.input, node.output, node.opType)) {
      const text = textOf(content);
      if (number === node.input) inputs.push(text);
      else if (number === node.output) outputs.push(text);
      else opType = text;
    }
    this.opType = opType;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** AttributeProto by its name. */
  get attributes(): ReadonlyMap<string, Uint8Array> {
    this.named ??= new Map(
      messages(this.field.content, node.attribute).map(({ content }) => [textIn(content, attribute.name), content]),
    );
    return this.named;
  }
}

export function textAttribute({ attributes }: OnnxNode, name: string): string | undefined {
  const found = attributes.get(name);
  return found && textIn(found, attribute.text);
}

export function textsAttribute({ attributes }: OnnxNode, name: string): string[] {
  const found = attributes.get(name);
  return found ? messages(found, attribute.strings).map(({ content }) => textOf(content)) : [];
}

export function integersAttribute({ attributes }: OnnxNode, name: string): bigint[] {
  const found = attributes.get(name);
  return found ? readFields(found, [attribute.ints]).flatMap(int64sOf) : [];
}

export function floatsAttribute({ attributes }: OnnxNode, name: string): number[] {
  const found = attributes.get(name);
  if (!found) return [];
  // One by one or all of them packed: four bytes each.
  return readFields(found, [attribute.floats]).flatMap(({ content }) => {
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    return Array.from({ length: Math.floor(content.length / 4) }, (_, index) => view.getFloat32(4 * index, true));
  });
}

/** The labels of an attribute `classlabels_…`, which every classifier of ONNX-ML and ZipMap have; integers as text. */
export function labelsOf(one: OnnxNode): string[] {
  const names = [...one.attributes.keys()].filter((name) => name.startsWith('classlabels_'));
  const strings = names.flatMap((name) => textsAttribute(one, name));
  return strings.length > 0 ? strings : names.flatMap((name) => integersAttribute(one, name).map(String));
}
