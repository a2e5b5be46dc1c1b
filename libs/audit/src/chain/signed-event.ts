/** Audit events with their own signatures, as those read them who decide by them: nothing of an event counts before it holds. */
import type pg from 'pg';
import { eventLeafHash, eventStatement, type EventLeaf } from './event-leaf.js';

export interface SignedEvent extends EventLeaf {
  readonly kid: string;
  readonly signature: Buffer;
}

/** The columns of a SignedEvent, of `audit_events AS e`. */
export const SIGNED_EVENT_COLUMNS = `
  e.id, e.occurred_at AS "occurredAt", e.actor_kind AS "actorKind", e.actor_id AS "actorId", e.action,
  e.target_type AS "targetType", e.target_id AS "targetId", e.details::text AS details, e.request_id AS "requestId",
  e.kid, e.signature`;

/** All signed events of these actions, in the order of their ids. Whether they hold is for the caller to ask. */
export async function signedEvents(client: pg.Client, actions: readonly string[]): Promise<SignedEvent[]> {
  const { rows } = await client.query<SignedEvent>(
    `SELECT ${SIGNED_EVENT_COLUMNS} FROM audit_events AS e WHERE e.action = ANY ($1) AND e.signature IS NOT NULL ORDER BY e.id`,
    [actions],
  );
  return rows;
}

/** What the event's signature must be over, by what the event says now. */
export function statementOf(event: EventLeaf): string {
  return eventStatement(eventLeafHash(event));
}
