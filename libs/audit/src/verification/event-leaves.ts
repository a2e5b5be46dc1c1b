/** Audit events as leaves. */
import type { CopyRow } from '#platform';
import { eventStatement, EVENT_LEAF_COLUMNS } from '../chain/event-leaf.js';
import { leafHash } from '../chain/merkle.js';
import { conditionOf, type Leaf, type LeafSelection, type LeafSource } from './leaf-source.js';

const [KID, SIGNATURE, SHARD, SEQ, LEAF] = [9, 10, 11, 12, 13];

export const eventLeaves: LeafSource = {
  kind: 'events',
  noun: 'audit event',

  select(selection: LeafSelection): string {
    return `SELECT ${EVENT_LEAF_COLUMNS.map((column) => `e.${column}`).join(', ')}, e.kid, e.signature, s.shard, s.seq, s.leaf
      FROM audit_events AS e LEFT JOIN audit_event_seals AS s ON s.event_id = e.id
      ${conditionOf(selection, 'e', 's')} ORDER BY e.id`;
  },

  read(row: CopyRow): Leaf {
    const bytes = Buffer.from(row.leading(EVENT_LEAF_COLUMNS.length));
    const computed = leafHash(bytes);
    return {
      id: row.uuid(0),
      place: row.isNull(SHARD) ? null : { shard: row.int32(SHARD), seq: row.int64(SEQ), leaf: row.int32(LEAF) },
      signed: row.isNull(SIGNATURE)
        ? null
        : { statement: eventStatement(computed), kid: row.text(KID), signature: Buffer.from(row.bytea(SIGNATURE)) },
      bytes,
      computed,
      faults: [],
    };
  },

  besides: {
    code: 'record-deleted',
    select: `SELECT 'The audit event ' || s.event_id || ' was deleted: only its seal is there.'
    FROM audit_event_seals AS s WHERE NOT EXISTS (SELECT FROM audit_events AS e WHERE e.id = s.event_id) LIMIT 100`,
  },
};
