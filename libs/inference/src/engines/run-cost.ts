/** How long a run takes, measured when a model is loaded, to tell runs that may hold up the event loop. */
import type { ModelInput, TensorBatch } from '../tensor-batch.js';
import { KernelError, type ModelKernel } from './model-kernel.js';

/** A run takes about `fixedMs + msPerValue × input values`. */
export interface RunCost {
  readonly fixedMs: number;
  readonly msPerValue: number;
}

/** Texts that a model is known to take, by the input's name: of each of its columns. */
export type KnownTexts = ReadonlyMap<string, readonly (readonly string[])[]>;

/** A longer run would keep the event loop from what else waits. */
export const longestInlineMs = 2;
/** So would many shorter ones that were started together. */
const longestTogetherMs = 4;
/** Sending a run to a thread costs about this much by itself. */
export const worthSendingMs = 0.25;
/** The fastest of so many is what the run costs; the others were disturbed. A slow model is tried twice. */
const attempts = { least: 2, most: 6, longestMs: 20 } as const;
/** A second batch is tried where the first is too fast to tell what a row of it costs. */
const batchSizes = [32, 256];
const tellingMs = 0.25;
/** For an axis of any size. */
const sizeOfFreeAxis = 16;
/** Numbers in all inputs of one row; a manifest cannot declare as many. */
const mostValuesOfRow = 2 ** 22;
/** Taken for the cost of a model that computes none of the rows that are tried: all its runs are heavy. */
const unknownCost: RunCost = { fixedMs: Infinity, msPerValue: 0 };

/**
 * Runs one row and a batch of made-up values. Throws `KernelError` where the library cannot compute the model at all, and
 * for inputs that nobody can fill, before anything is allocated for them.
 * @param texts some that inputs of text take; a model may refuse others
 */
export async function measureCost(kernel: ModelKernel, texts: KnownTexts = new Map()): Promise<RunCost> {
  const values = kernel.inputs.reduce((sum, { shape }) => sum + valuesOf(shape), 0);
  if (values > mostValuesOfRow)
    throw new KernelError(
      'does-not-fit',
      `One row of the model is ${values} numbers, at most ${mostValuesOfRow} are taken.`,
    );
  // Ones are no padding that a model would skip; zeros are an index of every embedding.
  for (const fill of [1, 0]) {
    try {
      return await costOf(kernel, fill, texts);
    } catch (error) {
      if (!(error instanceof KernelError) || error.kind === 'not-computable') throw error;
    }
  }
  return unknownCost;
}

/** Milliseconds that a run of the batch should take. */
export function expectedMs({ fixedMs, msPerValue }: RunCost, batch: TensorBatch): number {
  let values = 0;
  for (const tensor of batch.tensors) values += tensor.values.length;
  return fixedMs + msPerValue * values;
}

/** How many rows of `valuesPerRow` numbers run within `ms`; 0 where not even one does. */
export function mostRowsWithin(ms: number, { fixedMs, msPerValue }: RunCost, valuesPerRow: number): number {
  if (fixedMs > ms) return 0;
  const msPerRow = msPerValue * valuesPerRow;
  return msPerRow === 0 ? Infinity : Math.floor((ms - fixedMs) / msPerRow);
}

/** So many runs in a row must agree before they change what is expected: single ones are disturbed, or skip padding. */
const agreeing = 16;

/** A cost that runs correct: what was measured while the machine was busy with something else must not hold for ever. */
export class LearntCost implements RunCost {
  fixedMs: number;
  msPerValue: number;
  private seen = 0;
  private least = Infinity;
  private most = 0;

  constructor({ fixedMs, msPerValue }: RunCost) {
    this.fixedMs = fixedMs;
    this.msPerValue = msPerValue;
  }

  /** A run of the batch took so long by itself. */
  learn(batch: TensorBatch, ms: number): void {
    const share = ms / expectedMs(this, batch);
    if (!(share > 0)) return;
    this.seen += 1;
    this.least = Math.min(this.least, share);
    this.most = Math.max(this.most, share);
    if (this.seen < agreeing) return;
    // All took less than was expected, or all took more.
    const factor = this.most < 1 ? this.most : this.least > 1 ? this.least : 1;
    this.fixedMs *= factor;
    this.msPerValue *= factor;
    [this.seen, this.least, this.most] = [0, Infinity, 0];
  }
}

/** What runs in the server's own thread and has not ended. */
export class InlineRuns {
  private pendingMs = 0;

  /** Whether a run of this length would hold up the event loop, by itself or after those that are pending. */
  wouldBlock(ms: number): boolean {
    return ms > longestInlineMs || this.pendingMs + ms > longestTogetherMs;
  }

  async track<T>(ms: number, run: () => Promise<T>): Promise<T> {
    this.pendingMs += ms;
    try {
      return await run();
    } finally {
      this.pendingMs -= ms;
    }
  }
}

async function costOf(kernel: ModelKernel, fill: number, texts: KnownTexts): Promise<RunCost> {
  const row = madeUp(kernel.inputs, 1, fill, texts);
  const values = row.tensors.reduce((sum, tensor) => sum + tensor.values.length, 0);
  const oneMs = await fastest(kernel, row);
  if (values === 0) return { fixedMs: oneMs, msPerValue: 0 };
  // What takes long for one row takes long for more of them: they need not be tried here.
  if (oneMs > longestInlineMs) return { fixedMs: 0, msPerValue: oneMs / values };
  let msPerValue = oneMs / values;
  for (const rows of batchSizes) {
    if (rows * values > mostValuesOfRow) break;
    const batchMs = await fastest(kernel, madeUp(kernel.inputs, rows, fill, texts));
    // With its share of what every run costs: rather too much than too little.
    msPerValue = batchMs / (rows * values);
    if (batchMs > tellingMs) break;
  }
  return { fixedMs: Math.max(oneMs - msPerValue * values, 0), msPerValue };
}

async function fastest(kernel: ModelKernel, batch: TensorBatch): Promise<number> {
  let [best, spentMs] = [Infinity, 0];
  for (let attempt = 0; attempt < attempts.most; attempt++) {
    if (attempt >= attempts.least && spentMs > attempts.longestMs) break;
    const startedAt = performance.now();
    await kernel.run(batch);
    const tookMs = performance.now() - startedAt;
    best = Math.min(best, tookMs);
    // The first one also loads and plans what later ones find ready.
    if (attempt > 0) spentMs += tookMs;
  }
  return best;
}

function valuesOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, size) => product * (size ?? sizeOfFreeAxis), 1);
}

function madeUp(inputs: readonly ModelInput[], rows: number, fill: number, texts: KnownTexts): TensorBatch {
  const tensors = inputs.map((input) => {
    const shape = input.shape.map((size) => size ?? sizeOfFreeAxis);
    const values = new Float32Array(shape.reduce((product, size) => product * size, rows)).fill(fill);
    if (!input.takesText) return { shape, values };
    const [known = ''] = texts.get(input.name)?.flat() ?? [];
    return { shape, values, texts: [known, known] };
  });
  return { rows, tensors };
}
