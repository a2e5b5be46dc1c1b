/** An inference request: the envelope around the tensors. */
import { parametersOf, readTensorMessage, TensorFault, type Parameters, type Tensor } from '#inference';
import { isTooDeepToParse } from '#platform';
import { requestInvalid } from './oip.errors.js';

const LONGEST_ID = 1_024;
const MOST_OUTPUTS = 64;

export interface RequestedOutput {
  readonly name: string;
  /** Whether it is answered as bytes. */
  readonly binary: boolean;
}

export interface InferRequest {
  readonly id: string | undefined;
  readonly tensors: readonly Tensor[];
  /** Undefined: all that there are. */
  readonly outputs: readonly RequestedOutput[] | undefined;
  /** Whether outputs that say nothing of it are answered as bytes. */
  readonly binary: boolean;
}

/** @throws INFERENCE_REQUEST_INVALID */
export function readInferRequest(bytes: Uint8Array, headerLength: string | undefined): InferRequest {
  return refusingFaults(() => {
    const { json, tensors } = readTensorMessage(bytes, headerLength, 'inputs');
    const binary = flag(parametersOf(json, 'the request'), 'binary_data_output') ?? false;
    return { id: idOf(json.id), tensors, outputs: outputsOf(json.outputs, binary), binary };
  });
}

/** A small JSON object in a body that may be empty. @throws INFERENCE_REQUEST_INVALID */
export function readJsonObject(bytes: Uint8Array = new Uint8Array()): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  const text = Buffer.from(bytes).toString('utf8');
  if (isTooDeepToParse(text)) throw requestInvalid('the body must be a JSON object, and is nested too deeply');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw requestInvalid('the body must be a JSON object, or empty', cause);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw requestInvalid('the body must be a JSON object, or empty');
}

/** @throws INFERENCE_REQUEST_INVALID in place of TensorFault */
export function refusingFaults<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TensorFault ? requestInvalid(error.message, error) : error;
  }
}

function idOf(id: unknown): string | undefined {
  if (id === undefined || (typeof id === 'string' && id.length <= LONGEST_ID)) return id;
  throw new TensorFault(`"id" must be a string of at most ${LONGEST_ID} characters`);
}

function outputsOf(outputs: unknown, binaryByDefault: boolean): RequestedOutput[] | undefined {
  if (outputs === undefined) return undefined;
  if (!Array.isArray(outputs) || outputs.length > MOST_OUTPUTS)
    throw new TensorFault(`"outputs" must be an array of at most ${MOST_OUTPUTS} outputs`);
  if (outputs.length === 0) return undefined;
  return outputs.map((output: unknown, index) => {
    const place = `outputs[${index}]`;
    const described = (output ?? {}) as Readonly<Record<string, unknown>>;
    const { name } = described;
    if (typeof name !== 'string') throw new TensorFault(`${place} must be an object with a name`);
    const parameters = parametersOf(described, place);
    if ('classification' in parameters)
      throw new TensorFault(`${place} asks for the classification extension, which is not offered: ask for "label"`);
    if ('shared_memory_region' in parameters)
      throw new TensorFault(`${place} is to go to shared memory, which is not written`);
    return { name, binary: flag(parameters, 'binary_data') ?? binaryByDefault };
  });
}

function flag(parameters: Parameters, name: string): boolean | undefined {
  const value = parameters[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new TensorFault(`the parameter ${name} must be true or false`);
}
