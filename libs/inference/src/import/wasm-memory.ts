/** Bounds what WebAssembly may take in this thread: neither V8's heap limits nor the HDF5 library know such a bound. */

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const pageBytes = 64 * 1024;

export interface WasmBound {
  /** The most that any memory may grow to from now on; also forgets what was refused before. */
  set(maxBytes: number): void;
  /** Whether somebody asked for more. */
  exceeded(): boolean;
}

/**
 * A library that asks for more memory is refused, and fails as on a machine that has no more. Holds for all WebAssembly
 * of this thread: only for threads that do nothing else.
 */
export function boundWasmMemory(): WasmBound {
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } }).WebAssembly;
  const grow = Memory.prototype.grow;
  let bound = Infinity;
  let refused = false;
  Memory.prototype.grow = function (this: WasmMemory, pages: number): number {
    if (this.buffer.byteLength + pages * pageBytes <= bound) return grow.call(this, pages);
    refused = true;
    throw new RangeError(`WebAssembly may not take more than ${bound} bytes here`);
  };
  return {
    set(maxBytes) {
      bound = maxBytes;
      refused = false;
    },
    exceeded: () => refused,
  };
}
