import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { Activation } from './activation.entity.js';
import { ModelVersion } from './model-version.entity.js';

/** An activation with the versions by number. */
export interface ActivationRecord {
  readonly id: string;
  readonly modelName: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly reason: string | null;
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
      .addSelect('activation.reason', 'reason')
      .addSelect('activation.activatedBy', 'activatedBy')
      .addSelect('activation.activatedAt', 'activatedAt')
      .where('activation.modelName = :modelName', { modelName })
      .orderBy('activation.id', 'DESC');
  }
}
