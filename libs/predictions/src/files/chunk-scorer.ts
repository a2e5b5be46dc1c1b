/** Scores the chunks of one file on one version: which rows are valid, what the model says of them. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { FaultList, inferenceErrors, type FeatureRow, type InputRow } from '#inference';
import type { ServingVersion } from '#models';
import { DomainError, pointerName, type FieldError } from '#platform';
import type { FilePlan } from './csv/file-plan.js';
import type { ChunkResults } from './csv/answer-writer.js';
import { writeNumbers } from './file-plan-of.js';
import type { TypedChunk } from './thread/thread-messages.js';

/** Faults that are told of one row. */
const MOST_FAULTS = 20;
const BUSY_PAUSE_MS = 50;
const BUSY_PAUSES = 100;
/** The event loop has its turn after this long. */
const MOST_MS_AT_ONCE = 5;

/** In each turn of the event loop a slice of one chunk is validated, however many files there are. */
let lastSlice: Promise<unknown> = Promise.resolve();

function nextSlice(): Promise<unknown> {
  return (lastSlice = lastSlice.then(() => nextTurn()));
}

/** The rows of a chunk that can be scored. */
export interface ValidRows {
  readonly rows: FeatureRow[];
  /** Their places in the chunk. */
  readonly places: number[];
  /** What is wrong with the others. */
  readonly faults: Map<number, string>;
}

export type ScoredRows = Omit<ChunkResults, 'recordId'>;

export class ChunkScorer {
  private checked: Promise<unknown> = Promise.resolve();
  private sink = new FaultList(MOST_FAULTS);

  constructor(
    private readonly serving: ServingVersion,
    private readonly plan: FilePlan,
  ) {}

  /** Each row as a client that sends JSON would have sent it, checked in the same way. Chunks are checked in the order of the calls. */
  validate(chunk: TypedChunk): Promise<ValidRows> {
    const checking = this.checked.then(() => this.check(chunk));
    this.checked = checking.catch(() => undefined); // told to whoever called
    return checking;
  }

  private async check({ count, columns, faults: found }: TypedChunk): Promise<ValidRows> {
    const names = this.plan.inputs.map(({ name }) => name);
    const valid: ValidRows = { rows: [], places: [], faults: new Map(found) };
    let sliceEndsAt = 0;
    for (let place = 0; place < count; place += 1) {
      if (valid.faults.has(place)) continue;
      if (performance.now() >= sliceEndsAt) {
        await nextSlice();
        sliceEndsAt = performance.now() + MOST_MS_AT_ONCE;
      }
      const row: Record<string, number | string> = {};
      for (let index = 0; index < names.length; index += 1) {
        const value = columns[index]![place]!;
        if (value !== null && !Number.isNaN(value)) row[names[index]!] = value;
      }
      this.checkRow(row as InputRow, place, valid);
    }
    return valid;
  }

  private checkRow(row: InputRow, place: number, { rows, places, faults }: ValidRows): void {
    const read = this.serving.read(row, '', this.sink);
    if (read && this.sink.list.length === 0) {
      rows.push(read);
      places.push(place);
    } else {
      faults.set(place, this.sink.list.map(describe).join('; ') || 'is not valid');
      this.sink = new FaultList(MOST_FAULTS);
    }
  }

  /** All rows together, as they will be computed again; without those for which the model computes no number. */
  async score({ rows, places, faults }: ValidRows): Promise<ScoredRows> {
    try {
      return { ...(await this.attempt(rows)), faults };
    } catch (error) {
      if (!isOfARow(error)) throw error;
      const offenders = await this.offenders(rows, error);
      const left = { rows: [] as FeatureRow[], places: [] as number[], faults: new Map(faults) };
      for (const [index, row] of rows.entries()) {
        const reason = offenders.get(row);
        if (reason === undefined) {
          left.rows.push(row);
          left.places.push(places[index]!);
        } else left.faults.set(places[index]!, reason);
      }
      // Rows that are fine alone may still fail together: then it is not the rows' fault.
      if (offenders.size === 0) throw error;
      return this.score(left);
    }
  }

  private async attempt(rows: readonly FeatureRow[]): Promise<Omit<ScoredRows, 'faults'>> {
    const { classes, numbers: names } = this.plan;
    const numbers = new Float64Array(rows.length * names.length);
    const labels = new Uint16Array(classes.length > 0 ? rows.length : 0);
    if (rows.length === 0) return { scores: new Float32Array(0), width: 1, labels, numbers };
    const { values, width } = await this.run(rows);
    for (let row = 0; row < rows.length; row += 1) {
      const result = this.serving.decode(values.subarray(row * width, (row + 1) * width));
      const label = writeNumbers(result, classes, numbers, row * names.length);
      if (labels.length > 0) labels[row] = label;
    }
    return { scores: values, width, labels, numbers };
  }

  /** A file can wait where a request that somebody sits in front of could not. */
  private async run(rows: readonly FeatureRow[]): ReturnType<ServingVersion['score']> {
    for (let pause = 0; ; pause += 1) {
      try {
        return await this.serving.score(rows);
      } catch (error) {
        const busy = error instanceof DomainError && error.kind === inferenceErrors.INFERENCE_BUSY;
        if (!busy || pause === BUSY_PAUSES) throw error;
        await sleep(BUSY_PAUSE_MS);
      }
    }
  }

  /** Halves tell whose rows cannot be computed in fewer runs than one for each. */
  private async offenders(rows: readonly FeatureRow[], error: DomainError): Promise<Map<FeatureRow, string>> {
    const [only] = rows;
    if (rows.length === 1 && only) return new Map([[only, reasonOf(error)]]);
    const half = rows.length >> 1;
    const found = new Map<FeatureRow, string>();
    for (const part of [rows.slice(0, half), rows.slice(half)]) {
      try {
        await this.attempt(part);
      } catch (thrown) {
        if (!isOfARow(thrown)) throw thrown;
        for (const [row, reason] of await this.offenders(part, thrown)) found.set(row, reason);
      }
    }
    return found;
  }
}

function isOfARow(error: unknown): error is DomainError {
  return (
    error instanceof DomainError &&
    (error.kind === inferenceErrors.INPUT_NOT_FINITE || error.kind === inferenceErrors.OUTPUT_NOT_FINITE)
  );
}

/** Without the value, and without the number of the row, which is that of a part. */
function reasonOf({ kind }: DomainError): string {
  return kind === inferenceErrors.INPUT_NOT_FINITE
    ? 'a value is too large for the model'
    : 'the model computes no number for this row';
}

function describe({ pointer, detail }: FieldError): string {
  const name = pointerName(pointer.slice(1));
  return name === '' ? detail : `${name}: ${detail}`;
}
