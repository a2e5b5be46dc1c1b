/** The thread that reads Keras files: one at a time, each ends in what was asked for or in a refusal. */
import { parentPort } from 'node:worker_threads';
import { KerasImportError, listRefusals, readKeras } from '#keras';
import { tooMuchMemory, type ImportAnswer, type ImportRefusal, type ImportRequest } from './import-messages.js';
import { boundWasmMemory } from './wasm-memory.js';

const wasm = boundWasmMemory();

parentPort?.on('message', (request: ImportRequest) => {
  void answer(request).then((message) => parentPort?.postMessage(message, transferable(message)));
});

/** A fault that is no refusal is left to end the thread: whoever waits is told by its error. */
async function answer({ task, bytes, limits, maxWasmBytes }: ImportRequest): Promise<ImportAnswer> {
  wasm.set(maxWasmBytes);
  try {
    if (task === 'list-refusals') return { refusals: (await listRefusals(bytes, limits)).map(plain) };
    return { contents: await readKeras(bytes, limits) };
  } catch (error) {
    if (!(error instanceof KerasImportError)) throw error;
    // To the HDF5 library a refused allocation is a failed read like any other.
    return wasm.exceeded() ? tooMuchMemory(maxWasmBytes) : { refusal: plain(error) };
  }
}

function plain({ code, message, layer }: KerasImportError): ImportRefusal {
  return { code, message, ...(layer !== undefined && { layer }) };
}

/** The weights are handed over, not copied. */
function transferable(message: ImportAnswer): ArrayBuffer[] {
  if (!('contents' in message)) return [];
  return [...new Set(message.contents.weights.map(({ values }) => values.buffer as ArrayBuffer))];
}
