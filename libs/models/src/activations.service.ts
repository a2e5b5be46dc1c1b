/** Which version answers, since when, by whom and why. */
import { Injectable } from '@nestjs/common';
import { actorOf, AuditTrail, SYSTEM } from '#audit';
import {
  afterId,
  ChangeFeed,
  DEFAULT_PAGE_SIZE,
  DomainError,
  newId,
  toPage,
  type Page,
  type Principal,
  type RequestOrigin,
  type Role,
} from '#platform';
import type { ActivateDto, ActivationDto, ActivationQuery } from './http/activation.dto.js';
import { compareVersions } from './manifest/semantic-version.js';
import { ModelCatalogue } from './model-catalogue.js';
import { ModelDirectory, modelNotFound, versionIn } from './model-directory.js';
import { modelErrors } from './models.errors.js';
import { ActivationRepository, type ActivationRecord } from './storage/activation.repository.js';
import { ModelVersion } from './storage/model-version.entity.js';
import { ModelRepository } from './storage/model.repository.js';

@Injectable()
export class Activations {
  constructor(
    private readonly models: ModelRepository,
    private readonly activations: ActivationRepository,
    private readonly directory: ModelDirectory,
    private readonly catalogue: ModelCatalogue,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Puts a version in its model's place of service. It is loaded before anything changes, so that what cannot serve is not activated.
   * @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND, VERSION_NOT_ACTIVATABLE, VERSION_ALREADY_ACTIVE, ACTIVATION_CONFLICT, VERSION_NOT_LOADED
   */
  async activate(
    name: string,
    { version, reason }: ActivateDto,
    principal: Principal,
    origin: RequestOrigin,
  ): Promise<ActivationDto> {
    const model = await this.models.load(name);
    if (!model) throw modelNotFound(name);
    const target = versionIn(model, version);
    requireActivatable(target);
    if (model.activeVersionId === target.id)
      throw new DomainError(modelErrors.VERSION_ALREADY_ACTIVE, `${name} ${version} is active already.`);
    await this.catalogue.prepare(target.id);

    return this.feed.transaction(async (manager, announce) => {
      const locked = await this.models.lock(name, manager);
      if (locked.activeVersionId !== model.activeVersionId) {
        throw new DomainError(
          modelErrors.ACTIVATION_CONFLICT,
          `Another version of ${name} was activated at the same time.`,
        );
      }
      requireActivatable(await manager.findOneByOrFail(ModelVersion, { id: target.id }));
      const activation = {
        id: newId(),
        modelName: name,
        versionId: target.id,
        previousVersionId: model.activeVersionId,
        reason: reason ?? null,
        activatedBy: principal.userId,
        activatedAt: new Date(),
      };
      const previous = model.versions.find(({ id }) => id === model.activeVersionId)?.version ?? null;
      await this.activations.insert(activation, manager);
      await this.models.setActive(name, target.id, manager);
      const details = { from: previous, to: version, ...(reason === undefined ? {} : { reason }) };
      await this.audit.record(
        {
          actor: actorOf(principal),
          action: 'model-version.activated',
          target: { type: 'model', id: name },
          details,
          origin,
        },
        manager,
      );
      announce({ topic: 'model', key: name });
      return viewOf({ ...activation, version, previousVersion: previous });
    });
  }

  /** Of a model that never had an active version the highest verified one is activated; of any other nothing changes. */
  async activateFirst(name: string, reason: string): Promise<void> {
    const model = await this.models.load(name);
    const [highest] = (model?.versions ?? [])
      .filter(({ status }) => status === 'verified')
      .sort((a, b) => compareVersions(b.version, a.version));
    if (!highest || model?.activeVersionId) return;
    await this.feed.transaction(async (manager, announce) => {
      await this.models.lock(name, manager);
      if (await this.activations.exists(name, manager)) return; // another replica was first
      const activation = {
        id: newId(),
        modelName: name,
        versionId: highest.id,
        previousVersionId: null,
        reason,
        activatedBy: null,
        activatedAt: new Date(),
      };
      await this.activations.insert(activation, manager);
      await this.models.setActive(name, highest.id, manager);
      const details = { from: null, to: highest.version, reason };
      await this.audit.record(
        { actor: SYSTEM, action: 'model-version.activated', target: { type: 'model', id: name }, details },
        manager,
      );
      announce({ topic: 'model', key: name });
    });
  }

  /** What was activated when, newest first; with `at` the one activation that was in force then. @throws MODEL_NOT_FOUND */
  async list(name: string, query: ActivationQuery, role: Role): Promise<Page<ActivationDto>> {
    await this.directory.visible(name, role);
    if (query.at !== undefined) {
      const inForce = await this.activations.inForceAt(name, new Date(query.at));
      return { data: inForce ? [viewOf(inForce)] : [], nextCursor: null };
    }
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    return toPage(await this.activations.page(name, limit + 1, afterId(query)), limit, viewOf);
  }
}

function requireActivatable({
  modelName,
  version,
  status,
  rejection,
}: Pick<ModelVersion, 'modelName' | 'version' | 'status' | 'rejection'>): void {
  if (status === 'verified') return;
  const why = status === 'rejected' ? `rejected: ${rejection ?? 'no reason is recorded'}` : 'retired';
  throw new DomainError(modelErrors.VERSION_NOT_ACTIVATABLE, `${modelName} ${version} is ${why}.`);
}

function viewOf({
  id,
  modelName,
  version,
  previousVersion,
  reason,
  activatedBy,
  activatedAt,
}: ActivationRecord): ActivationDto {
  return { id, model: modelName, version, previousVersion, reason, activatedBy, activatedAt };
}
