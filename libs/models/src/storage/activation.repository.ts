import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { Activation, type ActivationKind } from './activation.entity.js';
import { ModelVersion } from './model-version.entity.js';

/** An activation with the versions by number. */
export interface ActivationRecord {
  readonly id: string;
  readonly modelName: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly kind: ActivationKind;
  readonly reason: string | null;
  /** What the policy had against it, where an administrator activated it all the same. */
  readonly overridden: string[] | null;
  readonly activatedBy: string | null;
  readonly activatedAt: Date;
}

@Injectable()
export class ActivationRepository {
  constructor(@InjectRepository(Activation) private readonly activations: Repository<Activation>) {}

  /** Newest first, at most `count`, those before the activation `after`. */
  page(modelName: string, count: number, after: string | undefined): Promise<ActivationRecord[]> {
    const select = this.select(modelName).limit(count);
    if (after !== undefined) select.andWhere('activation.id < :after', { after });
    return select.getRawMany<ActivationRecord>();
  }

  /** The activation that was in force at a moment. */
  async inForceAt(modelName: string, at: Date): Promise<ActivationRecord | null> {
    return (
      (await this.select(modelName)
        .andWhere('activation.activatedAt <= :at', { at })
        .limit(1)
        .getRawOne<ActivationRecord>()) ?? null
    );
  }

  /**
   * The version that a rollback leads to: the one before the active one, if what was rolled back had never been activated. Going back
   * again and again thus leads back through the history, and not to and fro. Null where the active one was the first.
   */
  async predecessor(modelName: string, manager: EntityManager = this.activations.manager): Promise<string | null> {
    const history = await manager.find(Activation, {
      where: { modelName },
      select: { id: true, kind: true, versionId: true },
      order: { id: 'ASC' },
    });
    const stack: string[] = [];
    for (const { kind, versionId } of history) {
      if (kind === 'rollback') stack.pop();
      else stack.push(versionId);
    }
    return stack.at(-2) ?? null;
  }

  /** The id of the latest one, after which the next one's must sort whichever machine makes it. */
  async latestId(modelName: string, manager: EntityManager): Promise<string | undefined> {
    const latest = await manager.findOne(Activation, {
      where: { modelName },
      select: { id: true },
      order: { id: 'DESC' },
    });
    return latest?.id;
  }

  exists(modelName: string, manager: EntityManager): Promise<boolean> {
    return manager.existsBy(Activation, { modelName });
  }

  async insert(activation: Activation, manager: EntityManager): Promise<void> {
    await manager.insert(Activation, activation);
  }

  private select(modelName: string): SelectQueryBuilder<Activation> {
    return this.activations
      .createQueryBuilder('activation')
      .innerJoin(ModelVersion, 'version', 'version.id = activation.versionId')
      .leftJoin(ModelVersion, 'previous', 'previous.id = activation.previousVersionId')
      .select('activation.id', 'id')
      .addSelect('activation.modelName', 'modelName')
      .addSelect('version.version', 'version')
      .addSelect('previous.version', 'previousVersion')
      .addSelect('activation.kind', 'kind')
      .addSelect('activation.reason', 'reason')
      .addSelect('activation.overridden', 'overridden')
      .addSelect('activation.activatedBy', 'activatedBy')
      .addSelect('activation.activatedAt', 'activatedAt')
      .where('activation.modelName = :modelName', { modelName })
      .orderBy('activation.id', 'DESC');
  }
}
