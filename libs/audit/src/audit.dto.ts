import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { IsInstant, PageQuery } from '#platform';
import { ApiProperty } from '@nestjs/swagger';
import type { BatchKind } from './chain/batch.js';
import {
  ACTOR_KINDS,
  AUDIT_ACTIONS,
  AUDIT_TARGET_TYPES,
  type ActorKind,
  type AuditAction,
  type AuditTargetType,
} from './audit-vocabulary.js';
import type { VerificationPhase } from './verification/verification-progress.js';

export class AuditEventQuery extends PageQuery {
  /** Events of this actor. */
  @IsOptional() @IsUUID() actorId?: string;

  /** Events of actors of this kind: what the server or an operator did has no actor's id. */
  @IsOptional() @IsIn(ACTOR_KINDS) actorKind?: ActorKind;

  /**
   * Events of this action.
   * @example subscription.changed
   */
  @IsOptional() @IsIn(AUDIT_ACTIONS) action?: AuditAction;

  /**
   * Kind of the thing acted on.
   * @example user
   */
  @IsOptional() @IsIn(AUDIT_TARGET_TYPES) targetType?: AuditTargetType;

  /** Id of the thing acted on. */
  @IsOptional() @IsString() @MaxLength(200) targetId?: string;

  /** From this moment on. */
  @IsOptional() @IsInstant() from?: string;

  /** Before this moment. */
  @IsOptional() @IsInstant() to?: string;
}

export class AuditActorDto {
  kind: ActorKind;
  id: string | null;
}

export class AuditTargetDto {
  type: AuditTargetType;
  id: string;
}

export class AuditEventDto {
  id: string;
  occurredAt: Date;
  actor: AuditActorDto;
  /** @example subscription.changed */
  action: AuditAction;
  target: AuditTargetDto;
  details: Record<string, unknown>;
  requestId: string | null;
}

export class AuditEventPageDto {
  data: AuditEventDto[];
  nextCursor: string | null;
}

export class AuditCheckpointDto {
  id: string;
  createdAt: Date;
  /** JSON text, as it was signed: the ends of all chains that had grown. */
  statement: string;
  /** Which key signed. */
  kid: string;
  /** Ed25519 over the statement's bytes, base64. */
  signature: string;
}

export class AuditCheckpointPageDto {
  data: AuditCheckpointDto[];
  nextCursor: string | null;
}

export class AuditBatchDto {
  /** The chain it is in. */
  shard: number;
  /** Its number in the chain, from 1. */
  seq: number;
  /** Of its leaves. */
  count: number;
  /** Merkle root over the leaves (RFC 6962), hexadecimal. */
  root: string;
  /** The text that is signed; it names the root and the batch before. */
  statement: string;
  /** SHA-256 of the statement, hexadecimal: what the next batch names. */
  head: string;
  sealedAt: Date;
  kid: string;
  /** Ed25519 over the statement's bytes, base64. */
  signature: string;
}

export class AuditProofDto {
  id: string;
  @ApiProperty({ enum: ['predictions', 'events'] }) kind: BatchKind;
  /** The record's bytes, base64: H(0x00 ‖ bytes) is the leaf. */
  leaf: string;
  /** Place of the leaf in the batch, from 0. */
  index: number;
  /** Siblings from the leaf to the root (RFC 6962 §2.1.1), hexadecimal. */
  path: string[];
  batch: AuditBatchDto;
  /** PEM of the key that signed, as the database has it: compare it with the one that you trust. */
  publicKey: string;
}

export class AuditVerifyRequest {
  /** Only what was sealed at this moment or later; left out, everything. */
  @IsOptional() @IsInstant() since?: string;
}

export class AuditFindingDto {
  /** @example record-altered */
  code: string;
  message: string;
  shard?: number;
  seq?: number;
  /** Of the prediction or audit event. */
  id?: string;
}

export class AuditLeavesDto {
  records: number;
  /** From before there were proofs, in no chain. */
  unproven: number;
  /** Signed, but not yet in a chain. */
  unsealed: number;
}

export class AuditRecordsDto {
  predictions: AuditLeavesDto;
  events: AuditLeavesDto;
}

export class AuditVerificationDto {
  holds: boolean;
  /** Whose public keys were trusted: over HTTP always those in the database. */
  @ApiProperty({ enum: ['given', 'database'] }) keys: 'given' | 'database';
  chains: number;
  batches: number;
  records: AuditRecordsDto;
  /** Batches whose records are gone with a month that was dropped by a recorded act. */
  droppedBatches: number;
  /** Checkpoints that were compared. */
  checkpoints: number;
  /** At most 100, the first place that does not hold first. */
  @ApiProperty({ type: [AuditFindingDto] }) findings: readonly AuditFindingDto[];
  moreFindings: number;
}

/** How far a verification is. */
export class AuditProgressDto {
  /** What is verified now: the chains' batches first, then the records of each kind. */
  phase: VerificationPhase;
  /** Of this phase. */
  checked: number;
  /** How many there are to check in this phase; null while they are counted. */
  total: number | null;
}
