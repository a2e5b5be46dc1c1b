/** Versions as records name them: by id, whatever has become of them since, to read and to compute again what was recorded. */
import { Injectable } from '@nestjs/common';
import { InferenceEngines, type EngineIdentity, type ModelManifest } from '#inference';
import { DomainError } from '#platform';
import { modelErrors } from './models.errors.js';
import { ResidentVersions } from './serving/resident-versions.js';
import type { ServingVersion } from './serving-version.js';
import { ModelRepository } from './storage/model.repository.js';

@Injectable()
export class RecordedVersions {
  constructor(
    private readonly models: ModelRepository,
    private readonly resident: ResidentVersions,
    private readonly engines: InferenceEngines,
  ) {}

  /** What the version declares. @throws VERSION_NOT_FOUND */
  async manifest(id: string): Promise<ModelManifest> {
    const version = await this.models.versionById(id);
    if (!version) throw new DomainError(modelErrors.VERSION_NOT_FOUND, `There is no version ${id}.`);
    return version.manifest;
  }

  /**
   * The version on the engine named, which need not be the one that serves, active or retired.
   * @throws VERSION_NOT_FOUND, VERSION_NOT_LOADED also where there is no such engine
   */
  async on(engine: string, id: string): Promise<ServingVersion> {
    if (this.engines.isEngine(engine)) return this.resident.getOn(engine, id);
    throw new DomainError(modelErrors.VERSION_NOT_LOADED, `This server has no engine "${engine}".`);
  }

  /** The version on the engine that serves it now, active or retired. @throws VERSION_NOT_FOUND, VERSION_NOT_LOADED */
  serving(id: string): Promise<ServingVersion> {
    return this.resident.get(id);
  }

  /** As `serving`, for what is to be predicted anew. @throws VERSION_NOT_FOUND also where it is retired, VERSION_NOT_LOADED */
  async servingVerified(id: string): Promise<ServingVersion> {
    const version = await this.models.versionById(id);
    if (version?.status === 'verified') return this.resident.get(id);
    const detail = version
      ? `${version.modelName} ${version.version} is ${version.status}.`
      : `There is no version ${id}.`;
    throw new DomainError(modelErrors.VERSION_NOT_FOUND, detail);
  }

  /** What serves the version now, or would if it were asked; null where nothing does. Nothing is loaded but a library. */
  async servingEngine(id: string): Promise<EngineIdentity | null> {
    const resident = this.resident.peek(id);
    if (resident) return { ...resident.engine, processor: resident.processor };
    const version = await this.models.versionById(id);
    const name = version?.verifications
      .toReversed()
      .map((record) => this.engines.choose(record))
      .find((chosen) => chosen !== undefined);
    if (!name) return null;
    try {
      return await this.engines.identity(name);
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }
}
