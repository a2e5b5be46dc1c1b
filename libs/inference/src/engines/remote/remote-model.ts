/** A model on another server, as requests use it: checked values go out, checked values come back, or none. */
import { DomainError } from '#platform';
import { inferenceErrors } from '../../inference.errors.js';
import { TensorFault } from '../../open-inference/datatypes.js';
import { readTensorMessage, writeTensorMessage, type Tensor } from '../../open-inference/tensor-message.js';
import {
  requireOutput,
  requireRunnable,
  type FeatureTensor,
  type ModelInput,
  type ModelOutput,
  type TensorBatch,
} from '../../tensor-batch.js';
import type { EngineIdentity, LoadedModel } from '../inference-engine.js';
import type { RunCost } from '../run-cost.js';
import type { RemoteArtifact, RemoteTensor } from './remote-artifact.js';
import { RemoteFault, type RemoteServer } from './remote-server.js';

/** Names and plans; the weights are elsewhere. */
const OWN_BYTES = 64 * 1024;
const RETRY_SECONDS = 2;

export interface RemoteModelDescription {
  readonly engine: EngineIdentity;
  readonly artifact: RemoteArtifact;
  readonly inputs: readonly RemoteTensor[];
  readonly outputs: readonly RemoteTensor[];
  /** Whether the server takes and gives tensors as bytes. */
  readonly binary: boolean;
}

export class RemoteModel implements LoadedModel {
  readonly engine: EngineIdentity;
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly ModelOutput[];
  /** A call is never worth sharing with others' rows: each request has its own. */
  readonly cost: RunCost = { fixedMs: Infinity, msPerValue: 0 };
  readonly memoryBytes = OWN_BYTES;
  /** As which version the server answers: the one that is named, else that of the first answer. */
  private answeredVersion: string | undefined;

  constructor(
    private readonly server: RemoteServer,
    private readonly description: RemoteModelDescription,
  ) {
    this.engine = description.engine;
    this.inputs = description.inputs.map(({ name, shape }) => ({ name, shape: axesOfRow(shape) }));
    this.outputs = description.outputs.map(({ name, shape }) => ({ name, shape: axesOfRow(shape) }));
    this.answeredVersion = description.artifact.version;
  }

  /** @throws also REMOTE_FAILED where the server does not answer as it should, and INFERENCE_BUSY */
  async run(batch: TensorBatch): Promise<Float32Array[]> {
    requireRunnable(batch, this.inputs);
    const { rowsPerRequest } = this.description.artifact;
    const parts: Float32Array[][] = [];
    for (let from = 0; from < batch.rows; from += rowsPerRequest)
      parts.push(await this.ask(rowsOf(batch, from, Math.min(rowsPerRequest, batch.rows - from))));
    const [first] = parts;
    return parts.length === 1 && first
      ? first
      : this.outputs.map((_, index) => joined(parts.map((part) => part[index]!)));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  private async ask(batch: TensorBatch): Promise<Float32Array[]> {
    const { artifact, inputs, outputs, binary } = this.description;
    if (this.server.isBusy)
      throw new DomainError(inferenceErrors.INFERENCE_BUSY, 'As many calls wait for the remote server as may.', {
        headers: { 'retry-after': String(RETRY_SECONDS) },
      });
    try {
      const tensors = inputs.map((input, index) => ({ ...tensorOf(input, batch.tensors[index]!, batch.rows), binary }));
      const wanted = outputs.map(({ name }) => ({ name, parameters: { binary_data: binary } }));
      const message = writeTensorMessage({ outputs: wanted }, 'inputs', tensors);
      const { bytes, headerLength } = await this.server.post(`${modelPath(artifact)}/infer`, message);
      const answer = readTensorMessage(bytes, headerLength, 'outputs');
      this.requireVersion(answer.json.model_version);
      return this.outputs.map((output) => valuesOf(output, answer.tensors, batch.rows));
    } catch (error) {
      throw this.refusal(error);
    }
  }

  /** A server that has gone over to another version answers what nobody has verified. */
  private requireVersion(version: unknown): void {
    if (typeof version !== 'string') return;
    this.answeredVersion ??= version;
    if (version !== this.answeredVersion)
      throw new RemoteFault('answers as another version of its model than the one that was loaded');
  }

  private refusal(error: unknown): unknown {
    if (error instanceof TensorFault) return remoteFailed(this.engine, 'answered tensors that cannot be read', error);
    return error instanceof RemoteFault ? remoteFailed(this.engine, error.message, error) : error;
  }
}

/** Below a server's base URL. */
export function modelPath({ model, version }: Pick<RemoteArtifact, 'model' | 'version'>): string {
  const path = `/v2/models/${encodeURIComponent(model)}`;
  return version === undefined ? path : `${path}/versions/${encodeURIComponent(version)}`;
}

/** What a failure of the server is to those who asked: no answer, and nothing of theirs is at fault. */
function remoteFailed({ processor }: EngineIdentity, what: string, cause: Error): DomainError {
  return new DomainError(inferenceErrors.REMOTE_FAILED, `The remote server ${processor} ${what}.`, {
    headers: { 'retry-after': String(RETRY_SECONDS) },
    cause,
  });
}

/** A tensor of one value a row may have no axis for it. */
function axesOfRow([, ...axes]: readonly number[]): (number | null)[] {
  return axes.length === 0 ? [1] : axes.map((size) => (size === -1 ? null : size));
}

function tensorOf(
  { name, datatype, shape }: RemoteTensor,
  { shape: axes, values }: FeatureTensor,
  rows: number,
): Tensor {
  return { name, datatype, shape: shape.length === 1 ? [rows] : [rows, ...axes], values };
}

/** @throws TensorFault */
function valuesOf(output: ModelOutput, tensors: readonly Tensor[], rows: number): Float32Array {
  const tensor = tensors.find(({ name }) => name === output.name);
  if (!tensor) throw new TensorFault(`${output.name} is missing`);
  if (tensor.datatype === 'BYTES' || tensor.shape[0] !== rows)
    throw new TensorFault(`${output.name} is not of the rows`);
  const values = Float32Array.from(tensor.values as ArrayLike<number>);
  try {
    return requireOutput(values, output, rows);
  } catch (error) {
    // Another number of values than was declared is not what the model computed.
    if (error instanceof DomainError && error.kind === inferenceErrors.MODEL_DOES_NOT_FIT)
      throw new TensorFault(`${output.name} is of another size`);
    throw error;
  }
}

function rowsOf({ rows, tensors }: TensorBatch, from: number, count: number): TensorBatch {
  if (count === rows) return { rows, tensors };
  return {
    rows: count,
    tensors: tensors.map(({ shape, values }) => {
      const size = values.length / rows;
      return { shape, values: values.subarray(from * size, (from + count) * size) };
    }),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}
