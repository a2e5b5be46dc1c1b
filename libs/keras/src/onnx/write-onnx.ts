/** A Keras graph as ONNX bytes, opset 17. */
import type { GraphPort, KerasGraph } from '../graph.js';
import { OnnxGraph } from './onnx-graph.js';
import { encodeOnnxModel, tensorType, type OnnxValueInfo } from './onnx-schema.js';

const opset = 17;
const irVersion = 8;

/** Inputs and outputs keep the model's own names; the batch axis is named `batch`, other unknown axes are free. */
export function writeOnnx(graph: KerasGraph): Uint8Array {
  const onnx = new OnnxGraph();
  const values = new Map<string, string>();
  for (const port of graph.inputs) values.set(port.tensor.id, onnx.unique(port.name));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((tensor) => valueOf(values, tensor.id));
    const call = {
      inputShapes: node.inputs.map(({ shape }) => shape),
      outputShapes: node.outputs.map(({ shape }) => shape),
    };
    const outputs = node.layer.onnx(onnx.scope(node.id), inputs, node.weights, call);
    node.outputs.forEach((tensor, index) => values.set(tensor.id, valueOf(outputs, index)));
  }
  // An output may be an input, or another output's tensor: each gets a name of its own.
  const outputs = graph.outputs.map((port) => ({
    port,
    name: onnx.rename(valueOf(values, port.tensor.id), port.name),
  }));
  return encodeOnnxModel({
    irVersion,
    producerName: 'latido-keras',
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: graph.name,
      node: onnx.nodes,
      initializer: onnx.initializers,
      input: graph.inputs.map((port) => valueInfo(port, valueOf(values, port.tensor.id))),
      output: outputs.map(({ port, name }) => valueInfo(port, name)),
    },
  });
}

function valueInfo(port: GraphPort, name: string): OnnxValueInfo {
  const dim = port.tensor.shape.map((size, axis) => {
    if (size !== null) return { dimValue: size };
    return { dimParam: axis === 0 ? 'batch' : `${port.name}_${axis}` };
  });
  return { name, type: { tensorType: { elemType: tensorType.float, shape: { dim } } } };
}

function valueOf<K>(values: ReadonlyMap<K, string> | readonly string[], key: K): string {
  const value = Array.isArray(values)
    ? (values as readonly string[])[key as number]
    : (values as ReadonlyMap<K, string>).get(key);
  if (value === undefined) throw new RangeError(`no ONNX value for ${String(key)}`);
  return value;
}
