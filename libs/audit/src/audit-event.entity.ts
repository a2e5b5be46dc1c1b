import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ActorKind, AuditAction, AuditTargetType } from './audit-vocabulary.js';

/** Somebody changed something, or tried to. Append-only. */
@Entity('audit_events')
@Index(['action', 'id'])
@Index(['actorId', 'id'])
@Index(['targetType', 'targetId', 'id'])
@Check('ck_audit_events_actor_kind', `actor_kind IN ('user', 'api-key', 'system', 'anonymous')`)
export class AuditEvent {
  @PrimaryColumn('uuid') id: string;
  @Column('timestamptz') occurredAt: Date;
  @Column('text') actorKind: ActorKind;
  @Column('uuid', { nullable: true }) actorId: string | null;
  @Column('text') action: AuditAction;
  @Column('text') targetType: AuditTargetType;
  @Column('text') targetId: string;
  /** The text as it was written, which is what is hashed. */
  @Column('json') details: Record<string, unknown>;
  @Column('text', { nullable: true }) requestId: string | null;
  /** Which key signed it; null for events from before there were proofs. */
  @Column('text', { nullable: true }) kid: string | null;
  @Column('bytea', { nullable: true, select: false }) signature: Buffer | null;
}
