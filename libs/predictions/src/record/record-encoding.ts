/**
 * Records of predictions as rows of their tables and as leaves of a batch. A leaf is the columns of the row in `predictions`
 * in Postgres' binary form, but for the hash itself, followed by the digest of each row's content: H(0x00 ‖ columns ‖
 * digests) is in the row as `leaf_hash`.
 */
import { HASH_BYTES, sha256Into, type BatchContent, type BatchPlace } from '#audit';
import { CopyBuffer } from '#platform';
import { writeContent } from './content.js';
import type { PredictionRecord } from './prediction-record.js';
import { isSealed } from './sealed-rows.js';

/** The columns that a leaf covers, in its order. */
export const LEAF_COLUMNS = [
  'id',
  'user_id',
  'api_key_id',
  'admission_id',
  'provenance_id',
  'row_count',
  'request_id',
  'shard',
  'seq',
  'leaf',
] as const;

const COPY_PREDICTIONS = `COPY predictions (${LEAF_COLUMNS.join(', ')}, leaf_hash) FROM STDIN (FORMAT binary);`;
const COPY_CONTENTS = 'COPY prediction_contents (id, content, labels) FROM STDIN (FORMAT binary);';
const COPY_SUBJECTS = 'COPY prediction_subjects (subject, prediction_id) FROM STDIN (FORMAT binary);';
/** The number of columns (int16) before the columns themselves. */
const ROW_HEAD = 2;

export class RecordEncoder {
  private readonly predictions = new CopyBuffer(256 * 1024);
  private readonly contents = new CopyBuffer(512 * 1024);
  private readonly subjects = new CopyBuffer(1024);
  private leaf: Buffer = Buffer.alloc(4 * 1024);
  private leaves: Buffer = Buffer.alloc(512 * HASH_BYTES);
  private digests: Buffer = Buffer.alloc(HASH_BYTES);

  /** The batch of these records. Overwrites the one before, which must have been written by then. */
  encode(records: readonly PredictionRecord[], place: BatchPlace): BatchContent {
    this.predictions.clear();
    this.contents.clear();
    this.subjects.clear();
    this.leaves = atLeast(this.leaves, records.length * HASH_BYTES);
    let named = false;
    for (let leaf = 0; leaf < records.length; leaf += 1) {
      const record = records[leaf]!;
      this.writeContents(record);
      this.writePrediction(record, place, leaf);
      if (record.subjects !== null) named = this.writeSubjects(record) || named;
    }
    return {
      kind: 'predictions',
      count: records.length,
      leaves: this.leaves,
      statements: COPY_PREDICTIONS + COPY_CONTENTS + (named ? COPY_SUBJECTS : ''),
      tables: named ? [this.predictions, this.contents, this.subjects] : [this.predictions, this.contents],
    };
  }

  private writeContents({ id, rows, labels }: PredictionRecord): void {
    const { contents } = this;
    this.digests = atLeast(this.digests, rows.length * HASH_BYTES);
    contents.row(3);
    contents.uuid(id);
    const column = contents.beginColumn();
    if (isSealed(rows)) {
      contents.raw(rows.content);
      this.digests.set(rows.digests);
    } else {
      for (let row = 0; row < rows.length; row += 1) writeContent(contents, rows[row]!, this.digests, row * HASH_BYTES);
    }
    contents.endColumn(column);
    if (labels === null) contents.null();
    else contents.textArray(labels);
  }

  /** After `writeContents`, whose digests the leaf takes in. */
  private writePrediction(record: PredictionRecord, { shard, seq }: BatchPlace, leaf: number): void {
    const { predictions, leaves } = this;
    const start = predictions.position + ROW_HEAD;
    predictions.row(LEAF_COLUMNS.length + 1);
    predictions.uuid(record.id);
    predictions.uuid(record.userId);
    if (record.apiKeyId === null) predictions.null();
    else predictions.uuid(record.apiKeyId);
    predictions.uuid(record.admissionId);
    predictions.uuid(record.provenance.id);
    predictions.int32(record.rows.length);
    predictions.text(record.requestId);
    predictions.int32(shard);
    predictions.int64(seq);
    predictions.int32(leaf);
    this.hashLeaf(predictions.slice(start), record.rows.length, leaf);
    predictions.bytea(leaves.subarray(leaf * HASH_BYTES, (leaf + 1) * HASH_BYTES));
  }

  private hashLeaf(columns: Buffer, rowCount: number, index: number): void {
    const length = 1 + columns.length + rowCount * HASH_BYTES;
    this.leaf = atLeast(this.leaf, length);
    this.leaf[0] = 0; // RFC 6962's prefix of a leaf
    columns.copy(this.leaf, 1);
    this.digests.copy(this.leaf, 1 + columns.length, 0, rowCount * HASH_BYTES);
    sha256Into(this.leaves, index * HASH_BYTES, this.leaf.subarray(0, length));
  }

  private writeSubjects({ id, subjects }: PredictionRecord): boolean {
    const distinct = new Set(subjects);
    distinct.delete(null);
    for (const subject of distinct) {
      this.subjects.row(2);
      this.subjects.text(subject!);
      this.subjects.uuid(id);
    }
    return distinct.size > 0;
  }
}

function atLeast(buffer: Buffer, length: number): Buffer {
  return buffer.length >= length ? buffer : Buffer.alloc(Math.max(length, 2 * buffer.length));
}
