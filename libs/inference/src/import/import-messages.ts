/** What the importing thread is asked and what it answers; plain data, as messages between threads are copied. */
import type { ImportLimits, KerasContents, KerasRefusal } from '#keras';

export interface ImportRequest {
  /** The contents of the file, or everything in it that is not read. */
  readonly task: 'read' | 'list-refusals';
  readonly bytes: Uint8Array;
  readonly limits: Partial<ImportLimits>;
  /** What WebAssembly may take while this file is read, bytes. */
  readonly maxWasmBytes: number;
}

/** A `KerasImportError` as it travels. */
export interface ImportRefusal {
  readonly code: KerasRefusal;
  readonly message: string;
  readonly layer?: string;
}

export type ImportAnswer =
  | { readonly contents: KerasContents }
  | { readonly refusals: readonly ImportRefusal[] }
  | { readonly refusal: ImportRefusal };

/** The refusal of a file that took longer. */
export function tooSlow(milliseconds: number): ImportAnswer {
  return refusal('too-slow', `${milliseconds} ms`);
}

/** The refusal of a file that took more. */
export function tooMuchMemory(bytes: number): ImportAnswer {
  return refusal('too-much-memory', `${Math.round(bytes / 1024 / 1024)} MB of memory`);
}

function refusal(code: KerasRefusal, bound: string): ImportAnswer {
  return {
    refusal: {
      code,
      message: `Reading the file takes more than ${bound}; it is damaged, or may be given more, or the machine is busy.`,
    },
  };
}
