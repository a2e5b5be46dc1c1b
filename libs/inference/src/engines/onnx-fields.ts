/** Field numbers of onnx.proto. */
export const model = { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opsets: 8, metadata: 14 } as const;
export const opset = { domain: 1, version: 2 } as const;
/** StringStringEntryProto. */
export const entry = { key: 1, value: 2 } as const;
export const graph = {
  node: 1,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparseInitializer: 15,
} as const;
export const node = { input: 1, output: 2, opType: 4, attribute: 5 } as const;
export const attribute = {
  name: 1,
  integer: 3,
  text: 4,
  tensor: 5,
  graph: 6,
  floats: 7,
  ints: 8,
  strings: 9,
  tensors: 10,
  graphs: 11,
  sparseTensor: 22,
  type: 20,
  sparseTensors: 23,
} as const;
export const tensor = {
  dims: 1,
  dataType: 2,
  int32Data: 5,
  stringData: 6,
  int64Data: 7,
  name: 8,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const;
export const valueInfo = { name: 1, type: 2 } as const;
/** TypeProto. */
export const valueType = { tensor: 1 } as const;
export const tensorType = { elementType: 1, shape: 2 } as const;
/** TensorShapeProto and its dimensions. */
export const shape = { dimension: 1, size: 1 } as const;
