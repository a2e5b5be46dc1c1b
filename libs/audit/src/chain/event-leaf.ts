/**
 * An audit event as a leaf: its columns in Postgres' binary form. Each event is also signed by itself when it is written,
 * because it is written in the transaction of what it tells of, a moment before a batch can seal it.
 */
import { CopyBuffer } from '#platform';
import { leafHash } from './merkle.js';

/** The columns that a leaf covers, in its order. */
export const EVENT_LEAF_COLUMNS = [
  'id',
  'occurred_at',
  'actor_kind',
  'actor_id',
  'action',
  'target_type',
  'target_id',
  'details',
  'request_id',
] as const;

export interface EventLeaf {
  readonly id: string;
  readonly occurredAt: Date;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  /** JSON text, as it stands in the database. */
  readonly details: string;
  readonly requestId: string | null;
}

/** H(0x00 ‖ columns). */
export function eventLeafHash(event: EventLeaf): Buffer {
  const columns = new CopyBuffer(1024);
  const start = columns.position;
  columns.uuid(event.id);
  columns.timestamp(event.occurredAt.getTime());
  columns.text(event.actorKind);
  if (event.actorId === null) columns.null();
  else columns.uuid(event.actorId);
  columns.text(event.action);
  columns.text(event.targetType);
  columns.text(event.targetId);
  columns.text(event.details);
  if (event.requestId === null) columns.null();
  else columns.text(event.requestId);
  return leafHash(columns.slice(start));
}

/** What the event's own signature is over. */
export function eventStatement(leafHash: Buffer): string {
  return `latido event 1\n${leafHash.toString('hex')}\n`;
}
