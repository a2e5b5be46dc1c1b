import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { IsInstant, PageQuery } from '#platform';
import type { ActorKind } from './audit-event.entity.js';

export class AuditEventQuery extends PageQuery {
  /** Events of this actor. */
  @IsOptional() @IsUUID() actorId?: string;

  /**
   * Events of this action.
   * @example subscription.changed
   */
  @IsOptional() @IsString() @MaxLength(100) action?: string;

  /**
   * Kind of the thing acted on.
   * @example user
   */
  @IsOptional()
  @IsIn(['user', 'plan', 'api-key', 'session', 'model', 'model-version', 'prediction', 'record'])
  targetType?: string;

  /** Id of the thing acted on. */
  @IsOptional() @IsString() @MaxLength(200) targetId?: string;

  /** From this moment on. */
  @IsOptional() @IsInstant() from?: string;

  /** Before this moment. */
  @IsOptional() @IsInstant() to?: string;
}

export class AuditEventDto {
  id: string;
  occurredAt: Date;
  actor: AuditActorDto;
  /** @example subscription.changed */
  action: string;
  target: AuditTargetDto;
  details: Record<string, unknown>;
  requestId: string | null;
}

export class AuditActorDto {
  kind: ActorKind;
  id: string | null;
}

export class AuditTargetDto {
  type: string;
  id: string;
}

export class AuditEventPageDto {
  data: AuditEventDto[];
  nextCursor: string | null;
}
