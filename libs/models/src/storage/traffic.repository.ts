import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { newIdAfter } from '#platform';
import { TrafficChange } from './traffic-change.entity.js';

@Injectable()
export class TrafficRepository {
  constructor(@InjectRepository(TrafficChange) private readonly changes: Repository<TrafficChange>) {}

  /** What is in force; null: everybody is answered by the active version, and nothing runs in shadow. */
  async current(modelName: string, manager: EntityManager = this.changes.manager): Promise<TrafficChange | null> {
    return manager.findOne(TrafficChange, { where: { modelName }, order: { id: 'DESC' } });
  }

  /** What is in force for one model, or for all, by model name. */
  async inForce(model?: string): Promise<Map<string, TrafficChange>> {
    const changes = await this.changes
      .createQueryBuilder('change')
      .distinctOn(['change.modelName'])
      .where(model === undefined ? 'true' : 'change.modelName = :model', { model })
      .orderBy('change.modelName')
      .addOrderBy('change.id', 'DESC')
      .getMany();
    return new Map(changes.map((change) => [change.modelName, change]));
  }

  /** Newest first, at most `count`, those before the change `after`. */
  page(modelName: string, count: number, after: string | undefined): Promise<TrafficChange[]> {
    const select = this.changes
      .createQueryBuilder('change')
      .where('change.modelName = :modelName', { modelName })
      .orderBy('change.id', 'DESC')
      .limit(count);
    if (after !== undefined) select.andWhere('change.id < :after', { after });
    return select.getMany();
  }

  /** The change that was in force at a moment. */
  inForceAt(modelName: string, at: Date): Promise<TrafficChange | null> {
    return this.changes
      .createQueryBuilder('change')
      .where('change.modelName = :modelName AND change.changedAt <= :at', { modelName, at })
      .orderBy('change.id', 'DESC')
      .limit(1)
      .getOne();
  }

  async insert(change: TrafficChange, manager: EntityManager): Promise<void> {
    await manager.insert(TrafficChange, change);
  }

  /** Takes a version that becomes the active one out of the shares beside it. @param changedBy null: the server itself */
  async withdraw(
    modelName: string,
    versionId: string,
    reason: string,
    changedBy: string | null,
    manager: EntityManager,
  ): Promise<void> {
    const current = await this.current(modelName, manager);
    const isCanary = current?.canaryVersionId === versionId;
    if (!current || (!isCanary && !current.shadowVersionIds.includes(versionId))) return;
    await this.insert(
      {
        id: newIdAfter(current.id),
        modelName,
        canaryVersionId: isCanary ? null : current.canaryVersionId,
        canaryShare: isCanary ? null : current.canaryShare,
        shadowVersionIds: current.shadowVersionIds.filter((id) => id !== versionId),
        reason,
        overridden: null,
        changedBy,
        changedAt: new Date(),
      },
      manager,
    );
  }
}
