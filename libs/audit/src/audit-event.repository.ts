import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { afterId, DEFAULT_PAGE_SIZE } from '#platform';
import { AuditEvent } from './audit-event.entity.js';
import type { AuditEventQuery } from './audit.dto.js';

@Injectable()
export class AuditEventRepository {
  constructor(@InjectRepository(AuditEvent) private readonly events: Repository<AuditEvent>) {}

  /** A page, newest first, with one row more when there are more. */
  page(query: AuditEventQuery): Promise<AuditEvent[]> {
    const select = this.events
      .createQueryBuilder('event')
      .orderBy('event.id', 'DESC')
      .take((query.limit ?? DEFAULT_PAGE_SIZE) + 1);
    const after = afterId(query);
    if (after) select.andWhere('event.id < :after', { after });
    if (query.actorId) select.andWhere('event.actorId = :actorId', query);
    if (query.action) select.andWhere('event.action = :action', query);
    if (query.targetType) select.andWhere('event.targetType = :targetType', query);
    if (query.targetId) select.andWhere('event.targetId = :targetId', query);
    if (query.from) select.andWhere('event.occurredAt >= :from', query);
    if (query.to) select.andWhere('event.occurredAt < :to', query);
    return select.getMany();
  }
}
