/** What the server's thread and a thread that reads files tell each other. */
import type { ChunkResults } from '../csv/answer-writer.js';
import type { FilePlan } from '../csv/file-plan.js';
import type { ColumnValues } from '../csv/row-chunks.js';

export type ToThread =
  | { readonly type: 'open'; readonly file: number; readonly plan: FilePlan }
  | { readonly type: 'bytes'; readonly file: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly file: number }
  | { readonly type: 'results'; readonly file: number; readonly chunk: number; readonly results: ChunkResults }
  /** The chunk is not wanted: its answer is known already. */
  | { readonly type: 'skip'; readonly file: number; readonly chunk: number }
  | { readonly type: 'close'; readonly file: number };

/** A chunk as the server's thread sees it. */
export interface TypedChunk {
  readonly number: number;
  /** Rows of the file before it. */
  readonly first: number;
  readonly count: number;
  /** Of its rows in the file. */
  readonly bytes: number;
  readonly columns: readonly ColumnValues[];
  readonly subjects: readonly (string | null)[] | undefined;
  readonly faults: ReadonlyMap<number, string>;
}

export type FromThread =
  /** Comes before the first chunk. */
  | { readonly type: 'header'; readonly file: number; readonly text: string }
  | { readonly type: 'chunk'; readonly file: number; readonly chunk: TypedChunk }
  /** Bytes have been read. */
  | { readonly type: 'read'; readonly file: number; readonly length: number }
  | { readonly type: 'ended'; readonly file: number }
  | {
      readonly type: 'written';
      readonly file: number;
      readonly chunk: number;
      readonly csv: Uint8Array;
      readonly rows: { readonly length: number; readonly content: Uint8Array; readonly digests: Uint8Array };
    }
  | {
      readonly type: 'failed';
      readonly file: number;
      readonly message: string;
      /** Absent where it is the thread's own fault. */
      readonly columns?: readonly { readonly name: string; readonly detail: string }[];
    };
