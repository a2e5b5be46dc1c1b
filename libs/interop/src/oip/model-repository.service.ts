/**
 * The model repository extension. Loading and unloading are about the memory of this process and nothing else: what is active
 * stays active.
 */
import { Injectable } from '@nestjs/common';
import { ModelCatalogue, ModelDirectory, type ModelRecord, type VersionRecord } from '#models';
import type { Role } from '#platform';
import { ModelMetadata } from './model-metadata.js';
import { requestInvalid } from './oip.errors.js';

export interface RepositoryEntry {
  readonly name: string;
  readonly version: string;
  readonly state: 'READY' | 'UNAVAILABLE';
  /** Whether it is active, and why it is not ready. */
  readonly reason: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

@Injectable()
export class ModelRepositoryService {
  constructor(
    private readonly catalogue: ModelCatalogue,
    private readonly directory: ModelDirectory,
    private readonly metadata: ModelMetadata,
  ) {}

  /** Every version that the role may see, or, asked with `ready`, those that are in memory. @throws INFERENCE_REQUEST_INVALID */
  async index({ ready = false }: JsonObject, role: Role): Promise<RepositoryEntry[]> {
    if (typeof ready !== 'boolean') throw requestInvalid('"ready" must be true or false');
    const models = await this.directory.allVisible(role);
    const entries = models.flatMap((model) => model.versions.map((version) => this.entryOf(version, model)));
    return ready ? entries.filter(({ state }) => state === 'READY') : entries;
  }

  /**
   * Brings the active version into memory, or the one that the parameter `version` names.
   * @throws INFERENCE_REQUEST_INVALID for other parameters; MODEL_NOT_FOUND and its kin; VERSION_NOT_LOADED
   */
  async load(name: string, { parameters = {} }: JsonObject, role: Role): Promise<void> {
    const { version, ...others } = (parameters ?? {}) as JsonObject;
    if (typeof parameters !== 'object' || Object.keys(others).length > 0)
      throw requestInvalid(
        '"parameters" may have "version" only: a model is what was registered, and is not configured here',
      );
    if (version !== undefined && typeof version !== 'string') throw requestInvalid('"version" must be a string');
    await this.catalogue.bringIn(await this.metadata.find(name, version, role));
  }

  /** Frees all versions of the model. @throws MODEL_NOT_FOUND */
  async unload(name: string, role: Role): Promise<void> {
    await this.directory.visible(name, role);
    await this.catalogue.unload(name);
  }

  private entryOf({ id, version, status, rejection }: VersionRecord, model: ModelRecord): RepositoryEntry {
    const inMemory = this.catalogue.isInMemory(id);
    const standing = id === model.activeVersionId ? 'active' : 'not active';
    return {
      name: model.name,
      version,
      state: inMemory ? 'READY' : 'UNAVAILABLE',
      reason:
        status === 'verified'
          ? `${standing}${inMemory ? '' : '; not in memory, the next inference loads it'}`
          : `${status}${rejection === null ? '' : `: ${rejection}`}`,
    };
  }
}
