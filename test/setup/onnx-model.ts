/**
 * Small ONNX files made for a test, from the numbers of onnx.proto. Written without libs/inference's own code for
 * Protocol Buffers, which these files test.
 */

/** A number as Protocol Buffers write it. */
function varint(value: number): Uint8Array {
  return value < 0x80 ? Uint8Array.of(value) : concatenate([Uint8Array.of((value % 0x80) | 0x80), varint(value >> 7)]);
}

const concatenate = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const varintField = (number: number, value: number): Uint8Array => concatenate([varint(number * 8), varint(value)]);
const bytesField = (number: number, content: Uint8Array): Uint8Array =>
  concatenate([varint(number * 8 + 2), varint(content.length), content]);

const text = (number: number, value: string): Uint8Array => bytesField(number, new TextEncoder().encode(value));
const message = (number: number, ...fields: Uint8Array[]): Uint8Array => bytesField(number, concatenate(fields));

/** TensorProto.DataType. */
export const onnxType = { float32: 1, int64: 7, string: 8, float64: 11 } as const;

/** A NodeProto; attributes are made by `attributeOf`. */
export function nodeOf(opType: string, inputs: string[], outputs: string[], ...attributes: Uint8Array[]): Uint8Array {
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, opType),
    ...attributes,
  );
}

/** An AttributeProto of a NodeProto, with one field that holds its value. */
export function attributeOf(name: string, type: number, value: Uint8Array): Uint8Array {
  return message(5, text(1, name), value, varintField(20, type));
}

/** A GraphProto's initialiser: a TensorProto of float32. */
export function tensorOf(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const sizes = shape.map((size) => varintField(1, size));
  return message(5, ...sizes, varintField(2, onnxType.float32), text(8, name), bytesField(9, raw));
}

/** The fields of a TensorProto of one axis whose values stand in a file beside the model. */
export function externalTensor(name: string): Uint8Array {
  return concatenate([
    varintField(1, 1),
    varintField(2, onnxType.float32),
    text(8, name),
    message(13, text(1, 'location'), text(2, '/etc/hostname')),
    varintField(14, 1),
  ]);
}

/** A GraphProto's input (11) or output (12); an axis of null takes any size. */
export function portOf(field: 11 | 12, name: string, type: number, shape: readonly (number | null)[]): Uint8Array {
  const dimensions = shape.map((size) => (size === null ? message(1) : message(1, varintField(1, size))));
  return message(field, text(1, name), message(2, message(1, varintField(1, type), message(2, ...dimensions))));
}

/** The fields of a GraphProto. */
export function graphOf(...fields: Uint8Array[]): Uint8Array {
  return concatenate([...fields, text(2, 'graph')]);
}

/** A ModelProto of opset 17. */
export function modelOf(graph: Uint8Array, ...others: Uint8Array[]): Uint8Array {
  return concatenate([varintField(1, 8), bytesField(7, graph), message(8, text(1, ''), varintField(2, 17)), ...others]);
}
