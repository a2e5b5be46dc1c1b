/**
 * TensorFlow.js with the fastest back end there is on this machine: native TensorFlow (tfjs-node) where its library was
 * set up, else WebAssembly. Both are the same tfjs-core, so that all code beyond this file is the same.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TensorFlow } from '#keras';

const require = createRequire(import.meta.url);
const nativePackage = '@tensorflow/tfjs-node';

export interface TensorFlowLibrary {
  readonly tf: TensorFlow;
  /** For instance `tfjs 4.22.0 wasm` or `tfjs-node 4.22.0 (TensorFlow 2.12.1)`. */
  readonly version: string;
  /** Why this back end and no other, for the log. */
  readonly reason: string;
}

/** Loads tfjs-core and one back end. Throws when neither loads. */
export async function loadTensorFlow(): Promise<TensorFlowLibrary> {
  const missing = missingNativeLibrary();
  if (missing !== undefined) return loadWasm(missing);
  try {
    return await loadNative();
  } catch (error) {
    return loadWasm(`${nativePackage} does not load: ${firstLine(error)}`);
  }
}

/** Says why native TensorFlow is not there, without loading anything; `undefined` where it is. */
function missingNativeLibrary(): string | undefined {
  let folder: string;
  try {
    folder = dirname(require.resolve(`${nativePackage}/package.json`));
  } catch {
    return `${nativePackage} is not installed`;
  }
  const builds = existsSync(join(folder, 'lib')) ? readdirSync(join(folder, 'lib')) : [];
  const built = builds.some((build) => existsSync(join(folder, 'lib', build, 'tfjs_binding.node')));
  return built ? undefined : 'the native TensorFlow library is not set up (npm run tfjs-node:setup gets it)';
}

async function loadNative(): Promise<TensorFlowLibrary> {
  restoreRemovedUtilities();
  // A variable name keeps TypeScript from requiring the optional package at compile time.
  const native = (await import(nativePackage)) as { default: TensorFlow & { version: Record<string, string> } };
  const tf: TensorFlow = await import('@tensorflow/tfjs-core');
  await tf.setBackend('tensorflow');
  await tf.ready();
  const { binding } = tf.backend() as unknown as { binding?: { TF_Version?: string } };
  const version = `tfjs-node ${native.default.version['tfjs-node']} (TensorFlow ${binding?.TF_Version ?? 'of unknown version'})`;
  return { tf, version, reason: 'its native library is set up' };
}

async function loadWasm(reason: string): Promise<TensorFlowLibrary> {
  const tf: TensorFlow = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-wasm');
  if (!(await withoutNewProcessListeners(() => tf.setBackend('wasm'))))
    throw new Error('the WebAssembly back end does not initialise');
  return { tf, version: `tfjs ${tf.version_core} wasm`, reason };
}

/**
 * The WebAssembly module's start-up code listens for uncaught exceptions and rejections of the whole process and throws
 * them again: what happens to them is not a library's to decide.
 */
async function withoutNewProcessListeners<T>(load: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set(process.listeners(event as 'uncaughtException')));
  const result = await load();
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before[index]!.has(listener)) process.removeListener(event, listener);
    }
  }
  return result;
}

/** tfjs-node 4.22 calls two functions of `node:util` that Node 23 removed; without them its first operation throws. */
function restoreRemovedUtilities(): void {
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
