/** Models and versions as a caller may see them; what is read often comes from the cache. */
import { Injectable } from '@nestjs/common';
import { DomainError, ReadCache, type CachedReads, type Role } from '#platform';
import { modelErrors } from './models.errors.js';
import { ModelRepository, type ModelRecord, type VersionRecord } from './storage/model.repository.js';
import { maySee } from './visibility.js';

@Injectable()
export class ModelDirectory {
  private readonly cached: CachedReads<ModelRecord>;

  constructor(
    private readonly models: ModelRepository,
    cache: ReadCache,
  ) {
    this.cached = cache.of('model', (name) => models.load(name));
  }

  /** A model with all its versions, whoever asks. @throws MODEL_NOT_FOUND */
  async model(name: string): Promise<ModelRecord> {
    const model = await this.cached.get(name);
    if (!model) throw modelNotFound(name);
    return model;
  }

  /** A model with the versions that the role may see; one without any is not there for it. @throws MODEL_NOT_FOUND */
  async visible(name: string, role: Role): Promise<ModelRecord> {
    const model = await this.model(name);
    const versions = model.versions.filter((version) => maySee(version, role));
    if (versions.length === 0) throw modelNotFound(name);
    return { ...model, versions };
  }

  /** All models that the role may see, by name. */
  async allVisible(role: Role): Promise<ModelRecord[]> {
    const models = await Promise.all((await this.models.names()).map((name) => this.cached.get(name)));
    return models.flatMap((model) => {
      const versions = model?.versions.filter((version) => maySee(version, role)) ?? [];
      return model && versions.length > 0 ? [{ ...model, versions }] : [];
    });
  }

  /** @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND */
  async version(name: string, version: string, role: Role): Promise<VersionRecord> {
    return versionIn(await this.visible(name, role), version);
  }
}

/** @throws VERSION_NOT_FOUND */
export function versionIn(model: Pick<ModelRecord, 'name' | 'versions'>, version: string): VersionRecord {
  const found = model.versions.find((candidate) => candidate.version === version);
  if (!found) throw versionNotFound(model.name, version);
  return found;
}

export function modelNotFound(name: string): DomainError {
  return new DomainError(modelErrors.MODEL_NOT_FOUND, `There is no model "${shortened(name)}".`);
}

export function versionNotFound(model: string, version: string): DomainError {
  return new DomainError(
    modelErrors.VERSION_NOT_FOUND,
    `There is no version "${shortened(version)}" of ${model} that you may use.`,
  );
}

/** Names come from URLs: what could not be one is not repeated at length. */
function shortened(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}
