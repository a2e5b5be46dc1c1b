/**
 * Requests and responses of the protocol as bytes: a JSON object and, with the binary tensor data extension, the elements of
 * tensors after it. Both sides speak it: libs/interop answers it, the `remote` engine asks in it.
 */
import { isTooDeepToParse } from '#platform';
import { isDatatype, TensorFault, type Datatype } from './datatypes.js';
import { decodeBytes, encodeBytes, type TensorValues } from './tensor-bytes.js';
import { decodeJson, encodeJson } from './tensor-json.js';
import { readShape } from './tensor-shape.js';

/** Names the length of the JSON object where elements follow it. */
export const HEADER_LENGTH = 'inference-header-content-length';

const MOST_TENSORS = 4_096;
/** Of all tensors of a message: 16 MiB of FP32. What is inflated costs its sender nothing, and its reader each element. */
const MOST_ELEMENTS = 2 ** 22;
/** Of those, texts, each of which is an object by itself. */
const MOST_TEXTS = 2 ** 16;
const LONGEST_NAME = 200;

export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: TensorValues;
}

export type Parameters = Readonly<Record<string, unknown>>;

export interface TensorMessage {
  /** The JSON object; of what stands in it only `inputs` or `outputs` have been looked at. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly tensors: readonly Tensor[];
}

/**
 * Reads a message.
 * @param headerLength what the header HEADER_LENGTH says; undefined: all of it is JSON
 * @param field where the tensors stand
 * @throws TensorFault
 */
export function readTensorMessage(
  bytes: Uint8Array,
  headerLength: string | undefined,
  field: 'inputs' | 'outputs',
): TensorMessage {
  const jsonLength = jsonLengthOf(bytes.length, headerLength);
  const json = parseObject(bytes.subarray(0, jsonLength));
  const listed = json[field];
  if (!Array.isArray(listed) || listed.length > MOST_TENSORS)
    throw new TensorFault(`"${field}" must be an array of at most ${MOST_TENSORS} tensors`);
  const elements = new ElementPart(bytes.subarray(jsonLength));
  const tensors = listed.map((described: unknown, index) => readTensor(described, `${field}[${index}]`, elements));
  elements.requireEnd();
  if (new Set(tensors.map(({ name }) => name)).size < tensors.length)
    throw new TensorFault(`"${field}" must not have two tensors of one name`);
  return { json, tensors };
}

/** A tensor to write, as JSON or as bytes after it. */
export interface WrittenTensor extends Tensor {
  readonly binary: boolean;
}

export interface WrittenMessage {
  readonly bytes: Buffer;
  /** Undefined where all is JSON. */
  readonly headerLength: number | undefined;
}

/** @throws TensorFault for values that their datatype does not hold */
export function writeTensorMessage(
  json: Readonly<Record<string, unknown>>,
  field: 'inputs' | 'outputs',
  tensors: readonly WrittenTensor[],
): WrittenMessage {
  const parts: Uint8Array[] = [];
  const described = tensors.map(({ name, datatype, shape, values, binary }) => {
    if (!binary) return { name, datatype, shape, data: encodeJson(datatype, values) };
    const bytes = encodeBytes(datatype, values, name);
    parts.push(bytes);
    return { name, datatype, shape, parameters: { binary_data_size: bytes.length } };
  });
  const text = Buffer.from(JSON.stringify({ ...json, [field]: described }));
  if (parts.length === 0) return { bytes: text, headerLength: undefined };
  return { bytes: Buffer.concat([text, ...parts]), headerLength: text.length };
}

/** The parameters of an object of the protocol; none where it has none. @throws TensorFault */
export function parametersOf(json: Readonly<Record<string, unknown>>, place: string): Parameters {
  const { parameters = {} } = json;
  if (!isObject(parameters)) throw new TensorFault(`${place} must have an object as its parameters`);
  return parameters;
}

/** The elements after the JSON object, taken in the order in which the tensors stand; and how many elements there are at all. */
class ElementPart {
  private at = 0;
  private elements = 0;
  private texts = 0;

  constructor(private readonly bytes: Uint8Array) {}

  take(size: number, name: string): Uint8Array {
    const left = this.bytes.length - this.at;
    if (size > left)
      throw new TensorFault(`${name} names a binary_data_size of ${size}, and ${left} bytes are left for it`);
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  /** Before any of them is read. @throws TensorFault */
  count(elements: number, datatype: Datatype): void {
    this.elements += elements;
    if (datatype === 'BYTES') this.texts += elements;
    if (this.elements > MOST_ELEMENTS || this.texts > MOST_TEXTS)
      throw new TensorFault(`there must be at most ${MOST_ELEMENTS} elements, and ${MOST_TEXTS} of BYTES`);
  }

  requireEnd(): void {
    if (this.at !== this.bytes.length)
      throw new TensorFault(`${this.bytes.length - this.at} bytes after the JSON object belong to no tensor`);
  }
}

function readTensor(described: unknown, place: string, part: ElementPart): Tensor {
  if (!isObject(described)) throw new TensorFault(`${place} must be an object`);
  const { name, datatype, data } = described;
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME)
    throw new TensorFault(`${place} must have a name of 1 to ${LONGEST_NAME} characters`);
  if (!isDatatype(datatype)) throw new TensorFault(`${place} must have a datatype of the protocol, such as FP32`);
  const { shape, elements } = readShape(described.shape, place);
  part.count(elements, datatype);
  const parameters = parametersOf(described, place);
  if ('shared_memory_region' in parameters) throw new TensorFault(`${place} lies in shared memory, which is not read`);
  const { binary_data_size: size } = parameters;
  if (size === undefined) {
    if (data === undefined) throw new TensorFault(`${place} has no data`);
    return { name, datatype, shape, values: decodeJson(datatype, data, { shape, elements }, place) };
  }
  if (data !== undefined) throw new TensorFault(`${place} has data and binary_data_size: one of them only`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new TensorFault(`${place} must have a binary_data_size that is a whole number and not negative`);
  return { name, datatype, shape, values: decodeBytes(datatype, part.take(size, place), elements, place) };
}

function jsonLengthOf(length: number, header: string | undefined): number {
  if (header === undefined) return length;
  const jsonLength = Number(header);
  if (/^\d{1,15}$/.test(header) && jsonLength <= length) return jsonLength;
  throw new TensorFault('Inference-Header-Content-Length must be the length of the JSON object within the body');
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (isTooDeepToParse(text)) throw new TensorFault('the body must be a JSON object, and is nested too deeply');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // What V8 says of it quotes the text.
    throw new TensorFault('the body must be a JSON object, and cannot be read as JSON');
  }
  if (!isObject(parsed)) throw new TensorFault('the body must be a JSON object');
  return parsed;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
