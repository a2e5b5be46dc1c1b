/** A Keras graph as ONNX bytes, opset 17. */
import { runStructure, type GraphPort, type KerasGraph } from '../graph.js';
import type { Masked } from '../layer.js';
import { OnnxGraph } from './onnx-graph.js';
import { encodeOnnxModel, tensorType, type OnnxModel, type OnnxValueInfo } from './onnx-schema.js';

const opset = 17;
const irVersion = 8;

/** Inputs and outputs keep the model's own names; the batch axis is named `batch`, other unknown axes are free. */
export function writeOnnx(graph: KerasGraph): Uint8Array {
  return encodeOnnxModel(onnxModel(graph));
}

/** The model before it is serialised; weights are views of the graph's. Throws `KerasImportError` for masks that a layer cannot take. */
export function onnxModel(graph: KerasGraph): OnnxModel {
  const onnx = new OnnxGraph();
  const inputs = graph.inputs.map((port) => ({ value: onnx.unique(port.name) }));
  const computed = runStructure(graph, inputs, graph.weights, ({ id, layer, call }, values, weights) =>
    layer.onnx(onnx.scope(id), values, weights, call),
  );
  // An output may be an input, or another output's tensor: each gets a name of its own.
  const outputs = graph.outputs.map((port, index) => ({
    port,
    name: onnx.rename((computed[index] as Masked<string>).value, port.name),
  }));
  return {
    irVersion,
    producerName: 'latido-keras',
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: graph.name,
      node: onnx.nodes,
      initializer: onnx.initializers,
      input: graph.inputs.map((port, index) => valueInfo(port, (inputs[index] as Masked<string>).value)),
      output: outputs.map(({ port, name }) => valueInfo(port, name)),
    },
  };
}

function valueInfo(port: GraphPort, name: string): OnnxValueInfo {
  const dim = port.tensor.shape.map((size, axis) => {
    if (size !== null) return { dimValue: size };
    return { dimParam: axis === 0 ? 'batch' : `${port.name}_${axis}` };
  });
  return { name, type: { tensorType: { elemType: tensorType.float, shape: { dim } } } };
}
