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
   * The version that answered before this one came into service other than by a rollback; null where it was the first. Going
   * back again and again thus leads back through the history, and not to and fro.
   */
  async predecessorOf(modelName: string, versionId: string): Promise<string | null> {
    const activation = await this.activations.findOne({
      where: { modelName, versionId, kind: 'activation' },
      order: { id: 'DESC' },
    });
    return activation?.previousVersionId ?? null;
  }

  /** Whether any model ever had an active version. */
  any(): Promise<boolean> {
    return this.activations.exists();
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
