/** Models and their versions in the database. */
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Not, Repository, type EntityManager } from 'typeorm';
import type { GoldenFile, VerificationRecord } from '#inference';
import type { EvaluationDto } from '../manifest/evaluation.dto.js';
import type { ExamplesFile } from '../manifest/examples.js';
import { Activation } from './activation.entity.js';
import { Artifact } from './artifact.entity.js';
import { ModelVersion, type Retirement } from './model-version.entity.js';
import { Model } from './model.entity.js';
import { TrafficChange } from './traffic-change.entity.js';
import type { ActivationPolicy } from '../gate/activation-policy.js';

/** A version with what its own row does not say. */
export interface VersionRecord extends Omit<ModelVersion, 'card' | 'golden' | 'evaluation' | 'examples'> {
  readonly artifactBytes: number;
  readonly hasEvaluation: boolean;
  /** Null: was never active. */
  readonly lastActivatedAt: Date | null;
  /** When it was last given a share of the traffic; null: it never had one. */
  readonly lastCanaryAt: Date | null;
}

/** A model with all its versions, newest registered first. */
export interface ModelRecord {
  readonly name: string;
  readonly activeVersionId: string | null;
  readonly policy: ActivationPolicy | null;
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
    @InjectRepository(TrafficChange) private readonly trafficChanges: Repository<TrafficChange>,
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
    const evaluated = await this.evaluatedOf(name);
    const activated = await this.lastActivations(name);
    const canaries = await this.lastCanaries(name);
    return {
      ...model,
      versions: versions.map((version) => ({
        ...version,
        artifactBytes: sizes.get(version.artifactSha256) ?? 0,
        hasEvaluation: evaluated.has(version.id),
        lastActivatedAt: activated.get(version.id) ?? null,
        lastCanaryAt: canaries.get(version.id) ?? null,
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

  async examplesOf(id: string): Promise<ExamplesFile | null> {
    return (await this.versions.findOne({ where: { id }, select: { id: true, examples: true } }))?.examples ?? null;
  }

  hasExamples(id: string): Promise<boolean> {
    return this.versions.existsBy({ id, examples: Not(IsNull()) });
  }

  /** Gives a version that has no examples these. */
  async addExamples(id: string, examples: ExamplesFile): Promise<void> {
    await this.versions.query('UPDATE model_versions SET examples = $2::jsonb WHERE id = $1 AND examples IS NULL', [
      id,
      JSON.stringify(examples),
    ]);
  }

  /** Which documents the version was registered with. */
  async documentsOf(id: string): Promise<{ readonly hasCard: boolean; readonly hasEvaluation: boolean }> {
    const [row] = await this.versions.query<{ hasCard: boolean; hasEvaluation: boolean }[]>(
      'SELECT card IS NOT NULL AS "hasCard", evaluation IS NOT NULL AS "hasEvaluation" FROM model_versions WHERE id = $1',
      [id],
    );
    return row ?? { hasCard: false, hasEvaluation: false };
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

  async setPolicy(name: string, policy: ActivationPolicy | null, manager: EntityManager): Promise<void> {
    await manager.query('UPDATE models SET policy = $2::jsonb WHERE name = $1', [
      name,
      policy === null ? null : JSON.stringify(policy),
    ]);
  }

  /** Retires a version, or takes it back into service; its content stays as it is. */
  async setRetirement(id: string, retirement: Retirement | null, manager: EntityManager): Promise<void> {
    const status = retirement === null ? 'verified' : 'retired';
    await manager.update(ModelVersion, { id }, { status, retirement });
  }

  /** Versions that were picked up from the hot folder of this replica. */
  pickedUpFrom(replica: string): Promise<ModelVersion[]> {
    return this.versions
      .createQueryBuilder('version')
      .where('starts_with(version.hotFolder, :prefix)', { prefix: `${replica}:` })
      .getMany();
  }

  /**
   * Whether the history says that the version was in service, or the record that it computed something. The record is another lib's; a
   * version is named in its `provenances` before the first prediction of it is written.
   */
  async isReferredTo(id: string, manager: EntityManager): Promise<boolean> {
    const [found] = await manager.query<{ found: boolean }[]>(
      `SELECT EXISTS (SELECT FROM activations WHERE version_id = $1 OR previous_version_id = $1)
           OR EXISTS (SELECT FROM traffic_changes WHERE canary_version_id = $1 OR $1 = ANY (shadow_version_ids))
           OR EXISTS (SELECT FROM provenances WHERE version_id = $1) AS found`,
      [id],
    );
    return found?.found ?? false;
  }

  /** Removes a version that nothing refers to; its artifact stays. */
  async remove(id: string, manager: EntityManager): Promise<void> {
    await manager.delete(ModelVersion, { id });
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

  /** Ids of the model's versions that came with an evaluation. */
  private async evaluatedOf(modelName: string): Promise<Set<string>> {
    const found = await this.versions.find({ where: { modelName, evaluation: Not(IsNull()) }, select: { id: true } });
    return new Set(found.map(({ id }) => id));
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

  private async lastCanaries(modelName: string): Promise<Map<string, Date>> {
    const rows = await this.trafficChanges
      .createQueryBuilder('change')
      .select('change.canaryVersionId', 'versionId')
      .addSelect('max(change.changedAt)', 'at')
      .where('change.modelName = :modelName AND change.canaryVersionId IS NOT NULL', { modelName })
      .groupBy('change.canaryVersionId')
      .getRawMany<{ versionId: string; at: Date }>();
    return new Map(rows.map(({ versionId, at }) => [versionId, at]));
  }
}
