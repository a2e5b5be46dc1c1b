import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { afterId, DEFAULT_PAGE_SIZE, idFloor } from '#platform';
import { AuditEvent } from './audit-event.entity.js';
import type { AuditEventQuery } from './audit.dto.js';

/** An event's id is made within a moment of it, and after it where a clock was set back, so that ids still ascend. */
const ID_BEFORE_MS = 1_000;
const ID_AFTER_MS = 24 * 60 * 60_000;

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
    if (query.actorKind) select.andWhere('event.actorKind = :actorKind', query);
    if (query.action) select.andWhere('event.action = :action', query);
    if (query.targetType) select.andWhere('event.targetType = :targetType', query);
    if (query.targetId) select.andWhere('event.targetId = :targetId', query);
    // Events are sorted by id: the range of ids spares reading all that is newer.
    if (query.from) {
      const firstId = floorOf(Date.parse(query.from) - ID_BEFORE_MS);
      select.andWhere('event.occurredAt >= :from AND event.id >= :firstId', { from: query.from, firstId });
    }
    if (query.to) {
      const endId = floorOf(Date.parse(query.to) + ID_AFTER_MS);
      select.andWhere('event.occurredAt < :to AND event.id < :endId', { to: query.to, endId });
    }
    return select.getMany();
  }
}

/** No id is of a time before 1970. */
function floorOf(timeMs: number): string {
  return idFloor(new Date(Math.max(0, timeMs)));
}
