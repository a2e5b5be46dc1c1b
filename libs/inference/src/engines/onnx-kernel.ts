/** A model on ONNX Runtime. */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import type { FeatureTensor, ModelInput, ModelOutput, TensorBatch } from '../tensor-batch.js';
import { KernelError, type ModelKernel } from './model-kernel.js';

export type OnnxRuntime = typeof import('onnxruntime-node');

/** One thread: a small model costs microseconds, less than waking others would. */
const sessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // Errors are thrown. As log lines they would repeat values of a row on standard error.
  logSeverityLevel: 4,
};

/** Loads an ONNX model from its bytes or the path of its file. Throws `KernelError`. */
export async function openOnnxKernel(runtime: OnnxRuntime, model: Uint8Array | string): Promise<ModelKernel> {
  let session: InferenceSession;
  try {
    session = await (typeof model === 'string'
      ? runtime.InferenceSession.create(model, sessionOptions)
      : runtime.InferenceSession.create(model, sessionOptions));
  } catch (error) {
    const { message } = error as Error;
    // The reason is stored with a version that is rejected: where a file stood on this machine is no part of it.
    const reason = typeof model === 'string' ? message.replaceAll(model, 'the file') : message;
    throw new KernelError('unreadable', `ONNX Runtime does not load the model: ${reason}`, { cause: error });
  }
  try {
    return new OnnxKernel(runtime, session, session.inputMetadata.map(toFeed), modelOutputs(session));
  } catch (error) {
    await session.release();
    throw error;
  }
}

type FeedType = 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'string';

interface Feed extends ModelInput {
  readonly type: FeedType;
}

class OnnxKernel implements ModelKernel {
  private readonly fetches: string[];

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: InferenceSession,
    readonly inputs: readonly Feed[],
    readonly outputs: readonly ModelOutput[],
  ) {
    this.fetches = outputs.map(({ name }) => name);
  }

  async run(batch: TensorBatch): Promise<(Float32Array | undefined)[]> {
    const answer = await this.compute(batch, this.fetches);
    return this.fetches.map((name) => float32Of(answer[name]?.data));
  }

  async labels(batch: TensorBatch): Promise<string[] | undefined> {
    const [name, ...others] = labelOutputs(this.session);
    if (name === undefined || others.length > 0) return undefined;
    const answer = await this.compute(batch, [name]);
    const labels = Array.from((answer[name]?.data ?? []) as ArrayLike<unknown>, String);
    return labels.length === batch.rows ? labels : undefined;
  }

  dispose(): Promise<void> {
    return this.session.release();
  }

  private async compute(
    { rows, tensors }: TensorBatch,
    fetches: readonly string[],
  ): Promise<InferenceSession.OnnxValueMapType> {
    const feeds: Record<string, OnnxTensor> = {};
    for (let index = 0; index < this.inputs.length; index++) {
      const feed = this.inputs[index] as Feed;
      feeds[feed.name] = this.tensorOf(tensors[index] as FeatureTensor, feed, rows);
    }
    try {
      return await this.session.run(feeds, fetches);
    } catch (error) {
      throw new KernelError('does-not-fit', whereItFailed((error as Error).message), { cause: error });
    }
  }

  private tensorOf({ shape, values, texts }: FeatureTensor, feed: Feed, rows: number): OnnxTensor {
    const { Tensor } = this.runtime;
    const sizes = [rows, ...shape];
    if (feed.type === 'float32') return new Tensor('float32', values, sizes);
    if (feed.type === 'string') return new Tensor('string', textsAt(values, texts, feed.name), sizes);
    return new Tensor(feed.type, converted(values, feed.type, feed.name), sizes);
  }
}

function toFeed(input: InferenceSession.ValueMetadata): Feed {
  const type = input.isTensor ? input.type : undefined;
  if (!input.isTensor || !isFeedType(type)) {
    const message = `Input ${input.name} takes ${type ?? 'no tensor'}; export the model with numbers or texts as inputs.`;
    throw new KernelError('does-not-fit', message);
  }
  const shape = sizesOfRow(input.shape);
  return { name: input.name, shape, type, ...(type === 'string' && { takesText: true }) };
}

function isFeedType(type: string | undefined): type is FeedType {
  return type !== undefined && ['float32', 'float64', 'int64', 'int32', 'bool', 'string'].includes(type);
}

function sizesOfRow(shape: readonly (number | string)[]): (number | null)[] {
  return shape.slice(1).map((size) => (typeof size === 'number' ? size : null));
}

/** The pipeline's float32 values in the type that an input takes. Throws `KernelError` for a fraction where it takes none. */
function converted(
  values: Float32Array,
  type: Exclude<FeedType, 'float32' | 'string'>,
  name: string,
): Float64Array | Uint8Array | BigInt64Array | Int32Array {
  if (type === 'float64') return Float64Array.from(values);
  if (type === 'bool') return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  if (!values.every(Number.isSafeInteger))
    throw new KernelError('does-not-fit', `Input ${name} takes whole numbers (${type}) only.`);
  return type === 'int64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values);
}

/** The texts that the values are positions of. Throws `KernelError`. */
function textsAt(values: Float32Array, texts: readonly string[] | undefined, name: string): string[] {
  return Array.from(values, (position) => {
    const text = texts?.[position];
    if (text === undefined) throw new KernelError('does-not-fit', `Input ${name} takes texts.`);
    return text;
  });
}

/** The tensors of numbers. Labels, which classifiers of scikit-learn answer beside their scores, are left out. */
function modelOutputs(session: InferenceSession): ModelOutput[] {
  const outputs = session.outputMetadata.flatMap((output) =>
    output.isTensor && (output.type === 'float32' || output.type === 'float64')
      ? [{ name: output.name, shape: sizesOfRow(output.shape) }]
      : [],
  );
  if (outputs.length > 0) return outputs;
  const names = session.outputNames.join(', ');
  throw new KernelError('does-not-fit', `None of the outputs (${names}) is a float32 tensor of scores.`);
}

/** The outputs of one text or whole number a row. */
function labelOutputs({ outputMetadata }: InferenceSession): string[] {
  const labels = ['int64', 'int32', 'string'];
  return outputMetadata.flatMap((output) =>
    output.isTensor && labels.includes(output.type) && output.shape.length <= 2 ? [output.name] : [],
  );
}

function float32Of(data: OnnxTensor['data'] | undefined): Float32Array | undefined {
  if (data instanceof Float32Array) return data;
  return data instanceof Float64Array ? Float32Array.from(data) : undefined;
}

/** ONNX Runtime's message names the node that failed, and may hold a value of a row, which must not be repeated. */
function whereItFailed(message: string): string {
  const shapes = /Got invalid dimensions for input: \S+/.exec(message)?.[0];
  const node = /while running (\w+) node\. Name:'([^']*)'/.exec(message);
  const place = shapes ?? (node ? `${node[1]} ${node[2]}` : 'before its first node');
  return `ONNX Runtime cannot compute these rows (${place}): the model does not take values or batches like them.`;
}
