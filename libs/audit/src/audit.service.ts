import { Injectable } from '@nestjs/common';
import { DEFAULT_PAGE_SIZE, toPage, type Page } from '#platform';
import type { AuditEvent } from './audit-event.entity.js';
import { AuditEventRepository } from './audit-event.repository.js';
import type { AuditEventDto, AuditEventQuery } from './audit.dto.js';

@Injectable()
export class AuditService {
  constructor(private readonly events: AuditEventRepository) {}

  async list(query: AuditEventQuery): Promise<Page<AuditEventDto>> {
    return toPage(await this.events.page(query), query.limit ?? DEFAULT_PAGE_SIZE, view);
  }
}

function view(event: AuditEvent): AuditEventDto {
  return {
    id: event.id,
    occurredAt: event.occurredAt,
    actor: { kind: event.actorKind, id: event.actorId },
    action: event.action,
    target: { type: event.targetType, id: event.targetId },
    details: event.details,
    requestId: event.requestId,
  };
}
