/** A worker thread's whole program: it opens models and runs them, one run at a time. */
import { readFile } from 'node:fs/promises';
import { parentPort, type MessagePort } from 'node:worker_threads';
import type { TensorBatch } from '../tensor-batch.js';
import type { SentSource, WorkerReply, WorkerRequest } from './kernel-messages.js';
import { KernelError, type ModelKernel } from './model-kernel.js';
import { openOnnxKernel } from './onnx-kernel.js';

const kernels = new Map<number, ModelKernel>();

function serve(port: MessagePort): void {
  // One after the other: a model may be dropped only when what runs on it is done.
  let last: Promise<void> = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    last = last.then(() => handle(port, request));
  });
}

async function handle(port: MessagePort, request: WorkerRequest): Promise<void> {
  if (request.type === 'run') {
    const reply = await compute(request);
    port.postMessage(reply);
    return;
  }
  const going = request.type === 'drop' ? [request.model] : [...kernels.keys()];
  for (const model of going) {
    await kernels.get(model)?.dispose();
    kernels.delete(model);
  }
  if (request.type === 'close') port.close();
}

async function compute({ run, model, source, batch }: WorkerRequest & { type: 'run' }): Promise<WorkerReply> {
  try {
    if (source) kernels.set(model, await open(source));
    const kernel = kernels.get(model);
    if (!kernel) throw new Error('the worker does not hold the model');
    const startedAt = performance.now();
    const outputs = await kernel.run(inOwnMemory(batch));
    return { run, outputs, ms: performance.now() - startedAt };
  } catch (error) {
    const kind = error instanceof KernelError ? error.kind : undefined;
    const failure = { ...(kind && { kind }), message: (error as Error).message };
    return { run, failure, loaded: kernels.has(model) };
  }
}

/** Libraries read values of the thread's own only. */
function inOwnMemory({ rows, tensors }: TensorBatch): TensorBatch {
  return { rows, tensors: tensors.map((tensor) => ({ ...tensor, values: tensor.values.slice() })) };
}

async function open({ engine, content }: SentSource): Promise<ModelKernel> {
  const own = typeof content === 'string' ? content : content.slice();
  if (engine === 'onnx') return openOnnxKernel(await import('onnxruntime-node'), own);
  const [{ buildTensorFlowModel, importKeras }, { loadTensorFlow }, { TensorFlowKernel }] = await Promise.all([
    import('#keras'),
    import('./tensorflow-library.js'),
    import('./tensorflow-kernel.js'),
  ]);
  const { tf } = await loadTensorFlow();
  const graph = await importKeras(typeof own === 'string' ? await readFile(own) : own);
  return new TensorFlowKernel(tf, buildTensorFlowModel(graph, tf), graph);
}

if (!parentPort) throw new Error('this program runs in a worker thread');
serve(parentPort);
