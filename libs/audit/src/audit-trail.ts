/** Records who changed what: in the transaction of the change itself, so that there is no change without its event. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId, type Principal, type RequestOrigin } from '#platform';
import { AuditKey } from './chain/audit-key.js';
import { eventLeafHash, eventStatement } from './chain/event-leaf.js';
import { EventSealer } from './chain/event-sealer.js';
import { AuditEvent } from './audit-event.entity.js';
import type { ActorKind, AuditAction, AuditTargetType } from './audit-vocabulary.js';

export interface Actor {
  readonly kind: ActorKind;
  readonly id: string | null;
}

/** The server itself, or an operator at the command line. */
export const SYSTEM: Actor = { kind: 'system', id: null };
/** Somebody who has not signed in. */
export const ANONYMOUS: Actor = { kind: 'anonymous', id: null };

export function actorOf(principal: Principal): Actor {
  return principal.apiKeyId === null
    ? { kind: 'user', id: principal.userId }
    : { kind: 'api-key', id: principal.userId };
}

export interface AuditEntry {
  readonly actor: Actor;
  readonly action: AuditAction;
  readonly target: { readonly type: AuditTargetType; readonly id: string };
  /** What changed. Never a secret, never a patient's or a person's data: ids, names of fields, plans, roles. */
  readonly details?: Record<string, unknown>;
  readonly origin?: RequestOrigin;
}

@Injectable()
export class AuditTrail {
  constructor(
    private readonly dataSource: DataSource,
    private readonly key: AuditKey,
    private readonly sealer: EventSealer,
  ) {}

  /** Adds an event; with `manager`, in that transaction. */
  record(entry: AuditEntry, manager: EntityManager = this.dataSource.manager): Promise<void> {
    return this.recordAll([entry], manager);
  }

  /** Adds several events, all or none. */
  async recordAll(entries: readonly AuditEntry[], manager: EntityManager = this.dataSource.manager): Promise<void> {
    if (entries.length === 0) return;
    const occurredAt = new Date();
    const events = entries.map((entry) => ({
      id: newId(),
      occurredAt,
      actorKind: entry.actor.kind,
      actorId: entry.actor.id,
      action: entry.action,
      targetType: entry.target.type,
      targetId: entry.target.id,
      details: (entry.details ?? {}) as never,
      requestId: entry.origin?.requestId ?? null,
    }));
    // The driver writes `details` with JSON.stringify, too: what is hashed is what is stored.
    const hashes = events.map((event) => eventLeafHash({ ...event, details: JSON.stringify(event.details) }));
    const signed = events.map((event, index) => ({
      ...event,
      kid: this.key.kid,
      signature: this.key.sign(eventStatement(hashes[index]!)),
    }));
    await manager.insert(AuditEvent, signed);
    events.forEach(({ id }, index) => this.sealer.note(id, hashes[index]!));
  }
}
