import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { GoldenFile, ModelManifest, VerificationRecord } from '#inference';
import type { EvaluationDto } from '../manifest/evaluation.dto.js';
import type { ExamplesFile } from '../manifest/examples.js';

export type VersionStatus = 'verified' | 'rejected' | 'retired';

/** Why a version is retired: somebody asked for it, or its files were taken out of the hot folder. */
export type Retirement = 'requested' | 'removed-from-folder';

/** One immutable version of a model. Only its status changes, and verifications by newer engines are added, and examples where it has none. */
@Entity('model_versions')
@Unique(['modelName', 'version'])
@Check('ck_model_versions_status', `status IN ('verified', 'rejected', 'retired')`)
@Check('ck_model_versions_retirement', `retirement IN ('requested', 'removed-from-folder')`)
export class ModelVersion {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Model', { name: 'fk_model_versions_model_name' })
  @Column('text')
  modelName: string;
  @Column('text') version: string;
  @Column('text') status: VersionStatus;
  /** Why it was rejected. */
  @Column('text', { nullable: true }) rejection: string | null;
  @Column('text', { nullable: true }) retirement: Retirement | null;
  /** The hot folder's entry that it was picked up from, with the replica whose folder that is; null: published otherwise. */
  @Column('text', { nullable: true }) hotFolder: string | null;
  @Column('jsonb') manifest: ModelManifest;
  /** The model card, Markdown. */
  @Column('text', { nullable: true, select: false }) card: string | null;
  @Column('jsonb', { nullable: true, select: false }) golden: GoldenFile | null;
  @Column('jsonb', { nullable: true, select: false }) evaluation: EvaluationDto | null;
  @Column('jsonb', { nullable: true, select: false }) examples: ExamplesFile | null;
  /** One record for each engine version that has verified it, oldest first; the first is that of registration. */
  @Column('jsonb') verifications: VerificationRecord[];
  @ForeignKey('Artifact', { name: 'fk_model_versions_artifact_sha256' })
  @Column('text')
  artifactSha256: string;
  /** SHA-256 over all files of the version but its examples: tells the same content from other content under the same name. */
  @Column('text') contentSha256: string;
  @ForeignKey('User', { onDelete: 'SET NULL', name: 'fk_model_versions_created_by' })
  @Column('uuid', { nullable: true })
  createdBy: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
