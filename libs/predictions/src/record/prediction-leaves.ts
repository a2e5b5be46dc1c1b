/** Recorded predictions as leaves, for those who verify the record. */
import { conditionOf, leafHash, type Leaf, type LeafSelection, type LeafSource } from '#audit';
import type { CopyRow } from '#platform';
import { OUTCOME_FAULTS } from '../outcomes/outcome-faults.js';
import { readContent, type ContentRow } from './content.js';
import { LEAF_COLUMNS } from './record-encoding.js';

const [ID, ROW_COUNT, SHARD, SEQ, LEAF, LEAF_HASH, CONTENT, LABELS] = [0, 5, 7, 8, 9, 10, 11, 12];
/** The last of the leaf's columns: its length and four bytes. */
const LEAF_NUMBER_BYTES = 4;

/** A leaf with its parts, to find out what was exchanged. */
interface PredictionLeaf extends Leaf {
  readonly columns: Buffer;
  readonly digests: Buffer;
}

export const predictionLeaves: LeafSource = {
  kind: 'predictions',
  noun: 'prediction',

  select(selection: LeafSelection): string {
    return `SELECT ${LEAF_COLUMNS.map((column) => `p.${column}`).join(', ')}, p.leaf_hash, c.content, c.labels
      FROM predictions AS p LEFT JOIN prediction_contents AS c ON c.id = p.id
      ${conditionOf(selection, 'p', 'p')} ORDER BY p.id`;
  },

  read(row, acts): PredictionLeaf {
    const id = row.uuid(ID);
    const columns = Buffer.from(row.leading(LEAF_COLUMNS.length));
    const faults: string[] = [];
    const rows = contentOf(row, id, faults);
    rows.forEach(({ json }, index) => {
      if (!json && !acts.coversRow(id, index))
        faults.push(`What the prediction ${id} says in row ${index} is gone, and no recorded act erased it.`);
    });
    if (rows.length !== row.int32(ROW_COUNT) && rows.length > 0)
      faults.push(`The prediction ${id} has content of ${rows.length} rows instead of ${row.int32(ROW_COUNT)}.`);
    if (!labelsFit(row, rows))
      faults.push(`The labels by which the prediction ${id} is found are not those of its content.`);
    const digests = Buffer.concat(rows.map(({ digest }) => digest));
    const bytes = Buffer.concat([columns, digests]);
    return {
      id,
      place: row.isNull(SHARD) ? null : { shard: row.int32(SHARD), seq: row.int64(SEQ), leaf: row.int32(LEAF) },
      bytes,
      computed: leafHash(bytes),
      ...(row.isNull(LEAF_HASH) ? {} : { stored: Buffer.from(row.bytea(LEAF_HASH)) }),
      faults,
      columns,
      digests,
    };
  },

  exchanged(one: PredictionLeaf, other: PredictionLeaf): string | undefined {
    const fits = (leaf: PredictionLeaf, columns: Buffer, digests: Buffer): boolean =>
      leaf.stored?.equals(leafHash(Buffer.concat([columns, digests]))) ?? false;
    if (fits(one, one.columns, other.digests) && fits(other, other.columns, one.digests))
      return 'had their contents exchanged';
    if (fits(one, withLeafOf(one, other), one.digests) && fits(other, withLeafOf(other, one), other.digests))
      return 'had their places in the batch exchanged';
    return undefined;
  },

  besides: {
    code: 'record-altered',
    select: `(SELECT 'The provenance ' || id || ' was altered: it is not the hash of what it says.' FROM provenances
    WHERE id <> encode(substring(sha256(convert_to(concat_ws(E'\\n', model_name, version, version_id, engine, engine_version,
      processor, COALESCE(notice, '')), 'UTF8')) FOR 16), 'hex')::uuid LIMIT 100)
      UNION ALL (${OUTCOME_FAULTS})`,
  },
};

function contentOf(row: CopyRow, id: string, faults: string[]): ContentRow[] {
  if (row.isNull(CONTENT)) {
    faults.push(`The content of the prediction ${id} was deleted.`);
    return [];
  }
  try {
    return readContent(Buffer.from(row.bytea(CONTENT)));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    faults.push(`The content of the prediction ${id} was altered: it cannot be read.`);
    return [];
  }
}

/** The column of labels is there to search by; it must say what the content says. */
function labelsFit(row: CopyRow, rows: readonly ContentRow[]): boolean {
  const labels = row.isNull(LABELS) ? undefined : row.textArray(LABELS);
  let next = 0;
  for (const { json } of rows) {
    if (!json) continue;
    // The label stands last in a row's JSON; see prediction-record.ts.
    if (
      labels === undefined
        ? endsWithLabel(json)
        : !json.toString('utf8').endsWith(`"label":${JSON.stringify(labels[next])}}`)
    )
      return false;
    next += 1;
  }
  return labels === undefined || rows.length === 0 || next === labels.length;
}

function endsWithLabel(json: Buffer): boolean {
  return /"label":"(?:[^"\\]|\\.)*"\}$/.test(json.toString('utf8'));
}

function withLeafOf(leaf: PredictionLeaf, other: PredictionLeaf): Buffer {
  const columns = Buffer.from(leaf.columns);
  other.columns.copy(columns, columns.length - LEAF_NUMBER_BYTES, other.columns.length - LEAF_NUMBER_BYTES);
  return columns;
}
