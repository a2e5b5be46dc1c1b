/** What the server's thread and a worker thread say to each other. */
import type { TensorBatch } from '../tensor-batch.js';
import type { EngineName } from './inference-engine.js';
import type { KernelError } from './model-kernel.js';

/** A `KernelSource` as it is sent: bytes in shared memory, or the path of a file. */
export interface SentSource {
  readonly engine: EngineName;
  readonly content: Uint8Array | string;
}

export type WorkerRequest =
  | {
      readonly type: 'run';
      readonly run: number;
      readonly model: number;
      /** The first time that a worker meets the model. */
      readonly source?: SentSource;
      readonly batch: TensorBatch;
    }
  | { readonly type: 'drop'; readonly model: number }
  | { readonly type: 'close' };

export type WorkerReply =
  | { readonly run: number; readonly outputs: (Float32Array | undefined)[]; readonly ms: number }
  | {
      readonly run: number;
      readonly failure: { readonly kind?: KernelError['kind']; readonly message: string };
      /** Whether the worker holds the model all the same. */
      readonly loaded: boolean;
    };
