/** Reads of the registry: what is served, what a version is, and how two of them differ. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import {
  afterId,
  afterKey,
  DEFAULT_PAGE_SIZE,
  DomainError,
  toPage,
  toPageBy,
  type Page,
  type PageQuery,
  type Role,
} from '#platform';
import type { VersionExamplesDto } from './http/examples.dto.js';
import type {
  CompareQuery,
  ModelCardDto,
  ModelDto,
  ModelVersionDto,
  ModelVersionSummaryDto,
  VersionComparisonDto,
} from './http/model.dto.js';
import type { EvaluationDto } from './manifest/evaluation.dto.js';
import { exampleFromManifest } from './manifest/examples.js';
import { cardFromManifest } from './manifest/model-card.js';
import { rowSchema, type RowSchema } from './manifest/row-schema.js';
import { ModelDirectory, versionIn } from './model-directory.js';
import {
  artifactView,
  comparisonView,
  declaredBy,
  modelView,
  summaryView,
  verificationView,
  versionView,
} from './model-views.js';
import { modelErrors } from './models.errors.js';
import { ArtifactCache } from './storage/artifact-cache.js';
import { ModelRepository } from './storage/model.repository.js';

/** Models are listed by name, so that their cursor is one. */
const MODEL_NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** A model file to hand out. */
export interface ArtifactDownload {
  readonly fileName: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The bytes, checked before the first of them is handed out. @throws ARTIFACT_DAMAGED, ARTIFACT_UNAVAILABLE */
  open(): Promise<Uint8Array | Readable>;
}

@Injectable()
export class ModelsService {
  constructor(
    private readonly directory: ModelDirectory,
    private readonly models: ModelRepository,
    private readonly artifacts: ArtifactCache,
  ) {}

  /** Models by name. */
  async list(query: PageQuery, role: Role): Promise<Page<ModelDto>> {
    const after = afterKey(query, MODEL_NAME);
    const models = (await this.directory.allVisible(role)).filter(({ name }) => after === undefined || name > after);
    return toPageBy(({ name }) => name, models, query.limit ?? DEFAULT_PAGE_SIZE, modelView);
  }

  async model(name: string, role: Role): Promise<ModelDto> {
    return modelView(await this.directory.visible(name, role));
  }

  /** Versions, the one registered last first. */
  async versions(name: string, query: PageQuery, role: Role): Promise<Page<ModelVersionSummaryDto>> {
    const { versions, activeVersionId } = await this.directory.visible(name, role);
    const after = afterId(query);
    const rest = versions.filter(({ id }) => after === undefined || id < after);
    return toPage(rest, query.limit ?? DEFAULT_PAGE_SIZE, (version) => summaryView(version, activeVersionId));
  }

  async version(name: string, version: string, role: Role): Promise<ModelVersionDto> {
    const model = await this.directory.visible(name, role);
    return versionView(versionIn(model, version), model.activeVersionId);
  }

  /** JSON Schema of one input row. */
  async schema(name: string, version: string, role: Role): Promise<RowSchema> {
    return rowSchema((await this.directory.version(name, version, role)).manifest);
  }

  async card(name: string, version: string, role: Role): Promise<ModelCardDto> {
    const record = await this.directory.version(name, version, role);
    return {
      model: record.modelName,
      version: record.version,
      status: record.status,
      ...declaredBy(record.manifest),
      artifact: artifactView(record),
      verifications: record.verifications.map(verificationView),
      text: (await this.models.cardOf(record.id)) ?? cardFromManifest(record.manifest),
    };
  }

  /** @throws EVALUATION_NOT_FOUND */
  async evaluation(name: string, version: string, role: Role): Promise<EvaluationDto> {
    const { id } = await this.directory.version(name, version, role);
    const evaluation = await this.models.evaluationOf(id);
    if (!evaluation)
      throw new DomainError(
        modelErrors.EVALUATION_NOT_FOUND,
        `${name} ${version} was registered without an evaluation.`,
      );
    return evaluation;
  }

  /** Those that the version was registered with, else one that its manifest gives. */
  async examples(name: string, version: string, role: Role): Promise<VersionExamplesDto> {
    const { id, manifest } = await this.directory.version(name, version, role);
    const examples = (await this.models.examplesOf(id))?.examples ?? [exampleFromManifest(manifest)];
    return {
      model: manifest.name,
      version: manifest.version,
      notice: manifest.notice ?? null,
      data: examples.map((example) => ({ ...example, label: example.label ?? null })),
    };
  }

  async artifact(name: string, version: string, role: Role): Promise<ArtifactDownload> {
    const { manifest, artifactSha256, artifactBytes } = await this.directory.version(name, version, role);
    const { format } = manifest.artifact;
    return {
      fileName: `${manifest.name}-${manifest.version}.${format === 'tfjs' ? 'zip' : format}`,
      sha256: artifactSha256,
      sizeBytes: artifactBytes,
      open: async () => {
        const content = await this.artifacts.open(artifactSha256);
        return content instanceof Uint8Array ? content : createReadStream(await content.path());
      },
    };
  }

  async compare(name: string, { a, b }: CompareQuery, role: Role): Promise<VersionComparisonDto> {
    const model = await this.directory.visible(name, role);
    return comparisonView(versionIn(model, a), versionIn(model, b), model.activeVersionId);
  }
}
