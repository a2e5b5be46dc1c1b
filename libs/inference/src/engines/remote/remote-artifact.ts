/**
 * The artifact of a model that lives elsewhere: a small JSON file that names the server, the model and, where the server's own
 * metadata does not tell them, its tensors. It holds no secret.
 */
import { DomainError } from '#platform';
import { inferenceErrors } from '../../inference.errors.js';
import { isDatatype, type NumericDatatype } from '../../open-inference/datatypes.js';

export interface RemoteTensor {
  readonly name: string;
  readonly datatype: NumericDatatype;
  /** With the rows as its first axis; -1 takes any size. */
  readonly shape: readonly number[];
}

export interface RemoteArtifact {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly model: string;
  /** Undefined: the server's own choice. */
  readonly version: string | undefined;
  /** Rows that go in one call, at most. */
  readonly rowsPerRequest: number;
  readonly inputs: readonly RemoteTensor[] | undefined;
  readonly outputs: readonly RemoteTensor[] | undefined;
}

const LARGEST_BYTES = 64 * 1024;
const MOST_ROWS = 1_000;
const FIELDS = new Set(['url', 'model', 'version', 'rowsPerRequest', 'inputs', 'outputs']);
const NAME = /^[^/?#\s\p{C}]{1,200}$/u;

type Fields = Readonly<Record<string, unknown>>;

/** @throws MODEL_UNREADABLE saying what to change */
export function readRemoteArtifact(bytes: Uint8Array): RemoteArtifact {
  const fields = parse(bytes);
  const unknown = Object.keys(fields).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) throw unreadable(`has an unknown field, ${JSON.stringify(unknown.slice(0, 50))}`);
  const { version, rowsPerRequest = MOST_ROWS } = fields;
  if (version !== undefined && !isName(version)) throw unreadable('must have a version that is a name, or none');
  if (!Number.isInteger(rowsPerRequest) || (rowsPerRequest as number) < 1 || (rowsPerRequest as number) > MOST_ROWS)
    throw unreadable(`must have rowsPerRequest from 1 to ${MOST_ROWS}, or none`);
  if (!isName(fields.model)) throw unreadable('must name a model');
  return {
    url: urlOf(fields.url),
    model: fields.model,
    version,
    rowsPerRequest: rowsPerRequest as number,
    inputs: tensorsOf(fields.inputs, 'inputs'),
    outputs: tensorsOf(fields.outputs, 'outputs'),
  };
}

/** Tensors as the file and the server's metadata describe them; outputs of text are left out. @throws MODEL_UNREADABLE, MODEL_DOES_NOT_FIT */
export function readRemoteTensors(listed: readonly unknown[], place: string): RemoteTensor[] {
  return listed.flatMap((entry, index) => {
    const { name, datatype, shape } = (entry ?? {}) as Fields;
    if (typeof name !== 'string' || name === '' || name.length > 200 || !isDatatype(datatype) || !isShape(shape))
      throw unreadable(`has ${place}[${index}] without a name, a datatype of the protocol and a shape`);
    if (datatype !== 'BYTES') return [{ name, datatype, shape }];
    if (place !== 'inputs') return [];
    throw new DomainError(
      inferenceErrors.MODEL_DOES_NOT_FIT,
      `Input ${index} of the remote model takes texts, which are not sent.`,
    );
  });
}

export function unreadable(what: string): DomainError {
  return new DomainError(inferenceErrors.MODEL_UNREADABLE, `The file of a remote model ${what}.`);
}

function parse(bytes: Uint8Array): Fields {
  if (bytes.length > LARGEST_BYTES) throw unreadable(`has more than ${LARGEST_BYTES} bytes`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw unreadable('is not JSON');
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Fields;
  throw unreadable('must be an object with url and model');
}

function urlOf(url: unknown): string {
  if (typeof url === 'string' && URL.canParse(url)) {
    const { protocol, username, password, search, hash, href } = new URL(url);
    if (/^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === ''))
      return href.replace(/\/+$/, '');
  }
  throw unreadable('must have the url of a server: http or https, without user, query and fragment');
}

function tensorsOf(listed: unknown, place: string): RemoteTensor[] | undefined {
  if (listed === undefined) return undefined;
  if (!Array.isArray(listed) || listed.length === 0)
    throw unreadable(`must have ${place} as a list of tensors, or none`);
  return readRemoteTensors(listed, place);
}

/** Of a path's segment: what it cannot be is neither sent nor encoded. */
function isName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name) && name !== '.' && name !== '..';
}

function isShape(shape: unknown): shape is number[] {
  return Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && (size as number) >= -1);
}
