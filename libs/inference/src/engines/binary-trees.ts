/**
 * Trees of two classes whose leaves hold the probability of the second one alone, as scikit-learn's forests are exported.
 * ONNX Runtime is to answer [1 - p, p]; the releases from 1.26 on up to the one that is pinned here answer [-p, p]. With
 * leaves for both classes they are right.
 */
import { attribute, node } from './onnx-fields.js';
import { floatsAttribute, integersAttribute, labelsOf, textAttribute, type OnnxNode } from './onnx-node.js';
import { bytesField, concatenate, readFields, textIn, varintField } from './protobuf-wire.js';

/** AttributeProto.AttributeType. */
const [floatsType, intsType] = [6, 7];

/** The node with leaves for both classes; undefined where it is none of these, and may stay as it is. */
export function withBothClasses(one: OnnxNode): Uint8Array | undefined {
  if (one.opType !== 'TreeEnsembleClassifier' || (textAttribute(one, 'post_transform') ?? 'NONE') !== 'NONE')
    return undefined;
  if (one.attributes.has('base_values') || one.attributes.has('class_weights_as_tensor')) return undefined;
  const weights = floatsAttribute(one, 'class_weights');
  const [ids, nodes, trees] = ['class_ids', 'class_nodeids', 'class_treeids'].map((name) =>
    integersAttribute(one, name),
  );
  const isSecondAlone = ids?.every((id) => id === 0n) && labelsOf(one).length === 2;
  if (!isSecondAlone || !nodes || !trees || weights.some((weight) => weight < 0)) return undefined;
  if ([ids, nodes, trees].some((list) => list?.length !== weights.length)) return undefined;
  // Every row meets one leaf of each tree: their shares of 1 add up to it.
  const share = 1 / new Set(trees).size;
  return withAttributes(one, [
    integersOf('class_ids', [...weights.map(() => 1n), ...weights.map(() => 0n)]),
    integersOf('class_nodeids', [...nodes, ...nodes]),
    integersOf('class_treeids', [...trees, ...trees]),
    floatsOf('class_weights', [...weights, ...weights.map((weight) => share - weight)]),
  ]);
}

function withAttributes({ field }: OnnxNode, replaced: readonly { name: string; content: Uint8Array }[]): Uint8Array {
  const names = new Set(replaced.map(({ name }) => name));
  const kept = readFields(field.content).filter(
    ({ number, content }) => number !== node.attribute || !names.has(textIn(content, attribute.name)),
  );
  return concatenate([
    ...kept.map(({ whole }) => whole),
    ...replaced.map(({ content }) => bytesField(node.attribute, content)),
  ]);
}

function integersOf(name: string, values: readonly bigint[]): { name: string; content: Uint8Array } {
  const content = concatenate([
    bytesField(attribute.name, new TextEncoder().encode(name)),
    // Ids and positions: small numbers that are not negative.
    ...values.map((value) => varintField(attribute.ints, Number(value))),
    varintField(attribute.type, intsType),
  ]);
  return { name, content };
}

function floatsOf(name: string, values: readonly number[]): { name: string; content: Uint8Array } {
  const packed = new Uint8Array(4 * values.length);
  const view = new DataView(packed.buffer);
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  const content = concatenate([
    bytesField(attribute.name, new TextEncoder().encode(name)),
    bytesField(attribute.floats, packed),
    varintField(attribute.type, floatsType),
  ]);
  return { name, content };
}
