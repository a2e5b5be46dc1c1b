/** Collects the nodes and constants of an ONNX graph under names that cannot collide. */
import { elementCount } from '../shape.js';
import {
  attributeType,
  tensorType,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxSubgraph,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx-schema.js';

/** Numbers and lists of them are integers (`int`) or floats by what they are wrapped in; texts are strings. */
export type OnnxAttributeValue =
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { floats: readonly number[] }
  | { string: string }
  | { strings: readonly string[] }
  | { graph: OnnxSubgraph };

/** A loop over the second axis of one or several values, `[batch, time, …]`. */
export interface OnnxScan {
  /** What is handed from step to step, float32: the values before the first step. */
  readonly states: readonly string[];
  /** What is read step by step: each step sees `[batch, …]`. */
  readonly sequences: readonly { readonly value: string; readonly type: 'float' | 'bool' }[];
  /** From the last step to the first. */
  readonly reverse: boolean;
  /** Writes one step; the values that it answers, float32, are the states after it and the outputs of it. */
  body(
    scope: OnnxScope,
    states: readonly string[],
    step: readonly string[],
  ): { states: readonly string[]; outputs: readonly string[] };
}

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
  /**
   * Adds a Scan. Answers the states after the last step and the outputs, stacked along the second axis in the order in
   * which they were computed.
   */
  scan(loop: OnnxScan): { states: string[]; outputs: string[] };
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

  /** A scope whose nodes and constants are named after `owner`; the nodes join those of the graph or of a body. */
  scope(owner: string, nodes: OnnxNode[] = this.nodes): OnnxScope {
    const ops: OnnxScope['ops'] = (opType, inputs, attributes, outputs) => {
      const name = this.unique(`${owner}/${opType}`);
      const output = Array.from({ length: outputs }, () => this.unique(`${name}:out`));
      nodes.push({
        name,
        opType,
        input: [...inputs],
        output,
        attribute: Object.entries(attributes).map(toAttribute),
      });
      return output;
    };
    return {
      within: (inner) => this.scope(`${owner}/${inner}`, nodes),
      ops,
      scan: (loop) => this.scan(owner, ops, loop),
      op: (opType, inputs, attributes = {}) => ops(opType, inputs, attributes, 1)[0] as string,
      floats: (values, shape) => this.floats(owner, values, shape),
      scalar: (value) => this.floats(owner, [value], []),
      integers: (values) =>
        this.addTensor(owner, tensorType.int64, [values.length], BigInt64Array.from(values, BigInt)),
    };
  }

  private scan(owner: string, ops: OnnxScope['ops'], loop: OnnxScan): { states: string[]; outputs: string[] } {
    const node: OnnxNode[] = [];
    const step = this.unique(`${owner}/step`);
    const port = (type: 'float' | 'bool'): OnnxValueInfo => ({
      name: this.unique(`${step}:in`),
      type: { tensorType: { elemType: tensorType[type] } },
    });
    const states = loop.states.map(() => port('float'));
    const slices = loop.sequences.map(({ type }) => port(type));
    const scope = this.scope(step, node);
    const names = (ports: readonly OnnxValueInfo[]): string[] => ports.map(({ name }) => name);
    const answer = loop.body(scope, names(states), names(slices));
    // A body answers values of its own, each once; it may be that a state is an output too, or is handed on as it came.
    const output = [...answer.states, ...answer.outputs].map((value) => ({
      ...port('float'),
      name: scope.op('Identity', [value]),
    }));
    const perSequence = (value: number): { ints: number[] } => ({ ints: loop.sequences.map(() => value) });
    const perOutput = (value: number): { ints: number[] } => ({ ints: answer.outputs.map(() => value) });
    const results = ops(
      'Scan',
      [...loop.states, ...loop.sequences.map(({ value }) => value)],
      {
        body: { graph: { name: step, node, input: [...states, ...slices], output } },
        num_scan_inputs: { int: loop.sequences.length },
        scan_input_axes: perSequence(1),
        scan_input_directions: perSequence(loop.reverse ? 1 : 0),
        ...(answer.outputs.length > 0 && { scan_output_axes: perOutput(1) }),
      },
      output.length,
    );
    return { states: results.slice(0, loop.states.length), outputs: results.slice(loop.states.length) };
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
  if ('graph' in value) return { name, type: attributeType.graph, g: value.graph };
  if ('strings' in value) {
    return { name, type: attributeType.strings, strings: value.strings.map((text) => new TextEncoder().encode(text)) };
  }
  return { name, type: attributeType.string, s: new TextEncoder().encode(value.string) };
}
