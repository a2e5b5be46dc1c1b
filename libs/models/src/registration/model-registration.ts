/** Takes a version into the registry: reads it, verifies it on every engine, and stores it as verified or as rejected. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { AuditTrail, type Actor } from '#audit';
import { InferenceEngines, inferenceErrors, ModelArtifact, type GoldenFile, type VerificationRecord } from '#inference';
import { ChangeFeed, DomainError, LatidoConfig, newId, type RequestOrigin } from '#platform';
import type { EvaluationDto } from '../manifest/evaluation.dto.js';
import type { ExamplesFile } from '../manifest/examples.js';
import { readEvaluation, readExamples, readGolden } from '../manifest/version-documents.js';
import { modelErrors } from '../models.errors.js';
import { ArtifactStore } from '../storage/artifact-store.js';
import { ModelVersion, type VersionStatus } from '../storage/model-version.entity.js';
import { ModelRepository } from '../storage/model.repository.js';
import { readVersionFolder, type VersionFiles } from './version-folder.js';
import { readSource, type VersionSource } from './version-source.js';

/** What became of a version that was handed in. */
export interface RegistrationResult {
  /** `unchanged`: it was there already, in the same bytes. */
  readonly outcome: 'registered' | 'unchanged';
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly status: VersionStatus;
  /** Why it is rejected, or null. */
  readonly rejection: string | null;
  /** What was compared when it was registered, and by how much it differed. */
  readonly verification: VerificationRecord;
}

/** What was read of the texts beside the manifest. */
interface Documents {
  readonly golden: GoldenFile | null;
  readonly evaluation: EvaluationDto | null;
  readonly examples: ExamplesFile | null;
}

/** Where a registration is: for somebody who watches. */
export type RegistrationStage = 'reading' | 'verifying' | 'storing';

export interface RegistrationOptions {
  /** The entry of a hot folder that the version comes from, with its replica. */
  readonly hotFolder?: string;
  /**
   * Somebody waits who can mend it: a file that cannot be read, or that its manifest does not fit, is then refused and nothing is
   * stored. Otherwise it is stored as rejected, so that it is looked at once.
   */
  readonly refuseUnfit?: boolean;
  readonly origin?: RequestOrigin;
  readonly onStage?: (stage: RegistrationStage) => void;
  /** Told where examples that stand beside a version which is registered already are at fault; left out, that is thrown. */
  readonly onExamplesRefused?: (refusal: DomainError) => void;
}

@Injectable()
export class ModelRegistration {
  constructor(
    private readonly models: ModelRepository,
    private readonly artifacts: ArtifactStore,
    private readonly engines: InferenceEngines,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditTrail,
    private readonly config: LatidoConfig,
  ) {}

  /**
   * Registers the version that stands in a folder. A version that fails its verification is stored as `rejected`, with the
   * reason, once and for all; what is wrong with this installation is said, and nothing is stored.
   * @throws MANIFEST_INVALID for a folder that is no version, VERSION_CONFLICT when the version is there with other content,
   *   ENGINE_UNAVAILABLE when nothing here can tell whether its scores are right
   */
  async addFolder(folder: string, actor: Actor, options: RegistrationOptions = {}): Promise<RegistrationResult> {
    return this.add(await readVersionFolder(folder, this.config.models.largestArtifactBytes), actor, options);
  }

  /**
   * Registers a version's folder, or a bare model file, of which a manifest is inferred.
   * @throws as `addFolder`; MANIFEST_NOT_INFERRED
   */
  async addSource(source: VersionSource, actor: Actor, options: RegistrationOptions = {}): Promise<RegistrationResult> {
    options.onStage?.('reading');
    const scratch = await mkdtemp(join(tmpdir(), 'latido-version-'));
    try {
      const { largestArtifactBytes } = this.config.models;
      const files = await readSource(source, { largestArtifactBytes, engines: this.engines, scratch });
      return await this.add(files, actor, options);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  /** Registers a version from its files. Throws as `addFolder`; MODEL_DOES_NOT_FIT, MODEL_UNREADABLE where they are refused. */
  async add(files: VersionFiles, actor: Actor, options: RegistrationOptions = {}): Promise<RegistrationResult> {
    const { manifest } = files;
    const registered = await this.models.findVersion(manifest.name, manifest.version);
    if (registered) {
      const unchanged = sameContent(registered, files);
      await this.addExamples(registered.id, files, options);
      return unchanged;
    }

    const documents = readDocuments(files);
    const { golden } = documents;
    const artifact = new ModelArtifact(files.artifact, manifest.artifact.format);
    options.onStage?.('verifying');
    const verification = await this.engines.verify({ artifact, manifest, ...(golden ? { golden } : {}) });
    if (options.refuseUnfit) refuseUnfit(verification);
    options.onStage?.('storing');
    await this.artifacts.prepare(files.artifact);
    return this.store(files, documents, verification, actor, options);
  }

  /** A version that came without examples takes those that stand beside it now: they change nothing about what it answers. */
  private async addExamples(
    id: string,
    files: VersionFiles,
    { onExamplesRefused }: RegistrationOptions,
  ): Promise<void> {
    if (files.examples === null || (await this.models.hasExamples(id))) return;
    let examples: ExamplesFile;
    try {
      examples = examplesOf(files, files.examples);
    } catch (error) {
      if (!onExamplesRefused || !(error instanceof DomainError)) throw error;
      onExamplesRefused(error);
      return;
    }
    await this.models.addExamples(id, examples);
  }

  /** All of the version or nothing; of two who register it at once, the second finds it there. */
  private store(
    files: VersionFiles,
    documents: Documents,
    verification: VerificationRecord,
    actor: Actor,
    { hotFolder, origin }: RegistrationOptions,
  ): Promise<RegistrationResult> {
    const { manifest } = files;
    const version: ModelVersion = {
      id: newId(),
      modelName: manifest.name,
      version: manifest.version,
      status: verification.passed ? 'verified' : 'rejected',
      rejection: verification.reason ?? null,
      retirement: null,
      hotFolder: hotFolder ?? null,
      manifest,
      card: files.card,
      ...documents,
      verifications: [verification],
      artifactSha256: files.artifact.sha256,
      contentSha256: files.contentSha256,
      createdBy: actor.kind === 'user' || actor.kind === 'api-key' ? actor.id : null,
      createdAt: new Date(),
    };
    return this.feed.transaction(async (manager, announce) => {
      // First, because a large file takes seconds, and whoever activates a version waits for the lock.
      await this.artifacts.store(files.artifact, manager);
      await this.models.lock(manifest.name, manager);
      const earlier = await manager.findOneBy(ModelVersion, { modelName: manifest.name, version: manifest.version });
      if (earlier) return sameContent(earlier, files);
      await manager.insert(ModelVersion, version as never);
      await this.audit.record(
        {
          actor,
          action: verification.passed ? 'model-version.registered' : 'model-version.rejected',
          target: { type: 'model-version', id: version.id },
          details: {
            model: version.modelName,
            version: version.version,
            artifactSha256: version.artifactSha256,
            ...(version.rejection === null ? {} : { reason: version.rejection }),
          },
          ...(origin && { origin }),
        },
        manager,
      );
      announce({ topic: 'model', key: version.modelName });
      return resultOf('registered', version);
    });
  }
}

/** @throws MANIFEST_INVALID for the first of them that is at fault */
function readDocuments(files: VersionFiles): Documents {
  const { manifest, golden, evaluation, examples } = files;
  return {
    golden: golden === null ? null : readGolden(golden, manifest.files?.golden),
    evaluation: evaluation === null ? null : readEvaluation(evaluation, manifest, manifest.files?.evaluation),
    examples: examples === null ? null : examplesOf(files, examples),
  };
}

function examplesOf({ manifest }: VersionFiles, text: string): ExamplesFile {
  return readExamples(text, manifest, manifest.files?.examples);
}

/** @throws MODEL_DOES_NOT_FIT, MODEL_UNREADABLE with the places */
function refuseUnfit({ reason, fault }: VerificationRecord): void {
  const kind = [inferenceErrors.MODEL_DOES_NOT_FIT, inferenceErrors.MODEL_UNREADABLE].find(
    ({ code }) => code === fault?.code,
  );
  if (kind && reason !== undefined) throw new DomainError(kind, reason, fault?.errors ? { errors: fault.errors } : {});
}

function resultOf(outcome: RegistrationResult['outcome'], version: ModelVersion): RegistrationResult {
  const { id, modelName, status, rejection, verifications } = version;
  const [verification] = verifications;
  if (!verification) throw new Error(`version ${id} is stored without a verification`);
  return { outcome, id, model: modelName, version: version.version, status, rejection, verification };
}

function sameContent(registered: ModelVersion, files: VersionFiles): RegistrationResult {
  if (registered.contentSha256 === files.contentSha256) return resultOf('unchanged', registered);
  const detail = `${registered.modelName} ${registered.version} is registered already with other content; a version is immutable, so register this content under a new version.`;
  throw new DomainError(modelErrors.VERSION_CONFLICT, detail);
}
