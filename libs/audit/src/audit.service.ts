import { Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import { afterId, DEFAULT_PAGE_SIZE, idTime, toPage, type Page, type PageQuery } from '#platform';
import type { AuditEvent } from './audit-event.entity.js';
import { AuditEventRepository } from './audit-event.repository.js';
import type { AuditCheckpointDto, AuditEventDto, AuditEventQuery } from './audit.dto.js';
import { AuditCheckpointEntity } from './chain/chain.entities.js';

@Injectable()
export class AuditService {
  constructor(
    private readonly events: AuditEventRepository,
    private readonly dataSource: DataSource,
  ) {}

  async list(query: AuditEventQuery): Promise<Page<AuditEventDto>> {
    return toPage(await this.events.page(query), query.limit ?? DEFAULT_PAGE_SIZE, view);
  }

  async checkpoints(query: PageQuery): Promise<Page<AuditCheckpointDto>> {
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    const after = afterId(query);
    const rows = await this.dataSource.getRepository(AuditCheckpointEntity).find({
      order: { id: 'DESC' },
      take: limit + 1,
      ...(after === undefined ? {} : { where: { id: LessThan(after) } }),
    });
    return toPage(rows, limit, ({ id, statement, kid, signature }) => ({
      id,
      createdAt: idTime(id),
      statement,
      kid,
      signature: signature.toString('base64'),
    }));
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
