/** Models and their versions in the database. */
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import type { GoldenFile, VerificationRecord } from '#inference';
import type { EvaluationDto } from '../manifest/evaluation.dto.js';
import { Activation } from './activation.entity.js';
import { Artifact } from './artifact.entity.js';
import { ModelVersion } from './model-version.entity.js';
import { Model } from './model.entity.js';

/** A version with what its own row does not say. */
export interface VersionRecord extends Omit<ModelVersion, 'card' | 'golden' | 'evaluation'> {
  readonly artifactBytes: number;
  /** Null: was never active. */
  readonly lastActivatedAt: Date | null;
}

/** A model with all its versions, newest registered first. */
export interface ModelRecord {
  readonly name: string;
  readonly activeVersionId: string | null;
  readonly createdAt: Date;
  readonly versions: readonly VersionRecord[];
}

@Injectable()
export class ModelRepository {
  constructor(
    @InjectRepository(Model) private readonly models: Repository<Model>,
    @InjectRepository(ModelVersion) private readonly versions: Repository<ModelVersion>,
    @InjectRepository(Artifact) private readonly artifacts: Repository<Artifact>,
    @InjectRepository(Activation) private readonly activations: Repository<Activation>,
  ) {}

  async names(): Promise<string[]> {
    const models = await this.models.find({ select: { name: true }, order: { name: 'ASC' } });
    return models.map(({ name }) => name);
  }

  /** The active version's id of one model, or of all, by model name; models without one are left out. */
  async activeVersionIds(model?: string): Promise<Map<string, string>> {
    const models = await this.models.find({
      select: { name: true, activeVersionId: true },
      where: model === undefined ? {} : { name: model },
    });
    return new Map(
      models.flatMap(({ name, activeVersionId }) =>
        activeVersionId === null ? [] : [[name, activeVersionId] as const],
      ),
    );
  }

  /** A model with its versions; null when it is not there. */
  async load(name: string): Promise<ModelRecord | null> {
    const model = await this.models.findOneBy({ name });
    if (!model) return null;
    const versions = await this.versions.find({ where: { modelName: name }, order: { id: 'DESC' } });
    const sizes = await this.sizesOf(versions);
    const activated = await this.lastActivations(name);
    return {
      ...model,
      versions: versions.map((version) => ({
        ...version,
        artifactBytes: sizes.get(version.artifactSha256) ?? 0,
        lastActivatedAt: activated.get(version.id) ?? null,
      })),
    };
  }

  findVersion(modelName: string, version: string): Promise<ModelVersion | null> {
    return this.versions.findOneBy({ modelName, version });
  }

  versionById(id: string): Promise<ModelVersion | null> {
    return this.versions.findOneBy({ id });
  }

  /** The Markdown that the version was registered with. */
  async cardOf(id: string): Promise<string | null> {
    return (await this.versions.findOne({ where: { id }, select: { id: true, card: true } }))?.card ?? null;
  }

  async goldenOf(id: string): Promise<GoldenFile | null> {
    return (await this.versions.findOne({ where: { id }, select: { id: true, golden: true } }))?.golden ?? null;
  }

  async evaluationOf(id: string): Promise<EvaluationDto | null> {
    return (await this.versions.findOne({ where: { id }, select: { id: true, evaluation: true } }))?.evaluation ?? null;
  }

  /** Adds the record of a later engine's verification. */
  async addVerification(id: string, record: VerificationRecord): Promise<void> {
    await this.versions.query('UPDATE model_versions SET verifications = verifications || $2::jsonb WHERE id = $1', [
      id,
      JSON.stringify([record]),
    ]);
  }

  /** Makes the model if it is not there, and holds its row until the transaction ends: registrations and activations take turns. */
  async lock(name: string, manager: EntityManager): Promise<Model> {
    await manager.createQueryBuilder().insert().into(Model).values({ name }).orIgnore().execute();
    return manager.findOneOrFail(Model, { where: { name }, lock: { mode: 'pessimistic_write' } });
  }

  async setActive(name: string, versionId: string, manager: EntityManager): Promise<void> {
    await manager.update(Model, { name }, { activeVersionId: versionId });
  }

  private async sizesOf(versions: readonly ModelVersion[]): Promise<Map<string, number>> {
    const sha256s = [...new Set(versions.map(({ artifactSha256 }) => artifactSha256))];
    const rows = await this.artifacts
      .createQueryBuilder('artifact')
      .select(['artifact.sha256', 'artifact.sizeBytes'])
      .where('artifact.sha256 = ANY(:sha256s)', { sha256s })
      .getMany();
    return new Map(rows.map(({ sha256, sizeBytes }) => [sha256, sizeBytes]));
  }

  private async lastActivations(modelName: string): Promise<Map<string, Date>> {
    const rows = await this.activations
      .createQueryBuilder('activation')
      .select('activation.versionId', 'versionId')
      .addSelect('max(activation.activatedAt)', 'at')
      .where('activation.modelName = :modelName', { modelName })
      .groupBy('activation.versionId')
      .getRawMany<{ versionId: string; at: Date }>();
    return new Map(rows.map(({ versionId, at }) => [versionId, at]));
  }
}
