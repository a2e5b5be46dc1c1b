/** Collects the nodes and constants of an ONNX graph under names that cannot collide. */
import { elementCount } from '../shape.js';
import { attributeType, tensorType, type OnnxAttribute, type OnnxNode, type OnnxTensor } from './onnx-schema.js';

/** Numbers and lists of them are integers (`int`) or floats by what they are wrapped in; texts are strings. */
export type OnnxAttributeValue =
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { floats: readonly number[] }
  | { string: string };

/** What a layer uses to write its ONNX form. Values are known by name. */
export interface OnnxScope {
  /** The same graph, names below `owner`: for a layer inside this one. */
  within(owner: string): OnnxScope;
  /** Adds a node of one output and returns the output's name. An empty input name leaves an optional input out. */
  op(opType: string, inputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttributeValue>>): string;
  /** Adds a node of several outputs and returns their names. */
  ops(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttributeValue>>,
    outputs: number,
  ): string[];
  /** A float32 constant, row-major. */
  floats(values: ArrayLike<number>, shape: readonly number[]): string;
  /** A float32 constant without axes. */
  scalar(value: number): string;
  /** An int64 constant of one axis: a shape, axes, … */
  integers(values: readonly number[]): string;
}

export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  private readonly names = new Set<string>();
  private readonly constants = new Map<Float32Array, { name: string; shape: string }>();

  /** A name that starts with `wanted` and is not taken yet. */
  unique(wanted: string): string {
    let name = wanted;
    for (let attempt = 1; this.names.has(name); attempt++) name = `${wanted}_${attempt}`;
    this.names.add(name);
    return name;
  }

  /** Gives a value a second name, by an Identity node, and returns that name. ONNX Runtime removes the node again. */
  rename(value: string, wanted: string): string {
    const name = this.unique(wanted);
    this.nodes.push({
      name: this.unique(`${name}/Identity`),
      opType: 'Identity',
      input: [value],
      output: [name],
      attribute: [],
    });
    return name;
  }

  /** A scope whose nodes and constants are named after `owner`. */
  scope(owner: string): OnnxScope {
    const ops: OnnxScope['ops'] = (opType, inputs, attributes, outputs) => {
      const name = this.unique(`${owner}/${opType}`);
      const output = Array.from({ length: outputs }, () => this.unique(`${name}:out`));
      this.nodes.push({
        name,
        opType,
        input: [...inputs],
        output,
        attribute: Object.entries(attributes).map(toAttribute),
      });
      return output;
    };
    return {
      within: (inner) => this.scope(`${owner}/${inner}`),
      ops,
      op: (opType, inputs, attributes = {}) => ops(opType, inputs, attributes, 1)[0] as string,
      floats: (values, shape) => this.floats(owner, values, shape),
      scalar: (value) => this.floats(owner, [value], []),
      integers: (values) =>
        this.addTensor(owner, tensorType.int64, [values.length], BigInt64Array.from(values, BigInt)),
    };
  }

  private floats(owner: string, values: ArrayLike<number>, shape: readonly number[]): string {
    if (values.length !== elementCount(shape))
      throw new RangeError(`${values.length} values do not fill [${shape.join(', ')}]`);
    if (!(values instanceof Float32Array))
      return this.addTensor(owner, tensorType.float, shape, Float32Array.from(values));
    // A shared layer writes the same weights at every application: one constant is enough.
    const known = this.constants.get(values);
    if (known?.shape === shape.join()) return known.name;
    const name = this.addTensor(owner, tensorType.float, shape, values);
    this.constants.set(values, { name, shape: shape.join() });
    return name;
  }

  private addTensor(
    owner: string,
    dataType: number,
    shape: readonly number[],
    values: Float32Array | BigInt64Array,
  ): string {
    const name = this.unique(`${owner}/constant`);
    // raw_data is little-endian, as are the typed arrays of every processor that Node runs on.
    this.initializers.push({
      name,
      dataType,
      dims: [...shape],
      rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    });
    return name;
  }
}

function toAttribute([name, value]: [string, OnnxAttributeValue]): OnnxAttribute {
  if ('int' in value) return { name, type: attributeType.int, i: value.int };
  if ('ints' in value) return { name, type: attributeType.ints, ints: [...value.ints] };
  if ('float' in value) return { name, type: attributeType.float, f: value.float };
  if ('floats' in value) return { name, type: attributeType.floats, floats: [...value.floats] };
  return { name, type: attributeType.string, s: new TextEncoder().encode(value.string) };
}
