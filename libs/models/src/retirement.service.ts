/** Takes versions out of use: deletes those that the record knows nothing of, retires the others. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '#audit';
import { ChangeFeed, DomainError } from '#platform';
import { stillThere, type ActingPerson } from './activations.service.js';
import { ModelDirectory, versionIn } from './model-directory.js';
import { modelErrors } from './models.errors.js';
import { ActivationRepository } from './storage/activation.repository.js';
import type { Retirement } from './storage/model-version.entity.js';
import { ModelRepository, type VersionRecord } from './storage/model.repository.js';
import { TrafficRepository } from './storage/traffic.repository.js';

@Injectable()
export class Retirements {
  constructor(
    private readonly directory: ModelDirectory,
    private readonly models: ModelRepository,
    private readonly activations: ActivationRepository,
    private readonly traffic: TrafficRepository,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Deletes a version that was never in service and never predicted. Its artifact goes with the next housekeeping, if no other version has it.
   * @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND, VERSION_IN_SERVICE, VERSION_REFERRED_TO
   */
  async remove(name: string, version: string, person: ActingPerson): Promise<void> {
    const target = versionIn(await this.directory.model(name), version);
    await this.feed.transaction(async (manager, announce) => {
      await this.requireOutOfService(target, manager);
      if (await this.models.isReferredTo(target.id, manager))
        throw new DomainError(
          modelErrors.VERSION_REFERRED_TO,
          `${name} ${version} was in service or predicted, and stays in the record; ?retire=true takes it out of use.`,
        );
      await this.models.remove(target.id, manager);
      await this.note('model-version.deleted', target, person, manager);
      announce({ topic: 'model', key: name });
    });
  }

  /**
   * Hides a version and keeps it from ever answering again; what the record says of it can still be read and replayed.
   * @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND, VERSION_IN_SERVICE
   */
  async retire(name: string, version: string, because: Retirement, person: ActingPerson): Promise<void> {
    const target = versionIn(await this.directory.model(name), version);
    await this.feed.transaction(async (manager, announce) => {
      await this.requireOutOfService(target, manager);
      if (because === 'removed-from-folder') await this.requireNotGoneBackTo(target, manager);
      const { status, retirement } = await stillThere(target, manager);
      // What somebody asked for stays, whatever becomes of the files.
      if (status === 'retired' && (retirement === because || retirement === 'requested')) return;
      await this.models.setRetirement(target.id, because, manager);
      await this.note('model-version.retired', target, person, manager, { because });
      announce({ topic: 'model', key: name });
    });
  }

  /** Takes a version back whose files have returned, unless somebody asked for its retirement. True when it was. @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND */
  async restore(name: string, version: string, person: ActingPerson): Promise<boolean> {
    const target = versionIn(await this.directory.model(name), version);
    return this.feed.transaction(async (manager, announce) => {
      await this.models.lock(name, manager);
      if ((await stillThere(target, manager)).retirement !== 'removed-from-folder') return false;
      await this.models.setRetirement(target.id, null, manager);
      await this.note('model-version.restored', target, person, manager);
      announce({ topic: 'model', key: name });
      return true;
    });
  }

  /** Holds the model's row, so that nobody puts the version in service meanwhile. @throws VERSION_IN_SERVICE */
  private async requireOutOfService({ id, modelName, version }: VersionRecord, manager: EntityManager): Promise<void> {
    const { activeVersionId } = await this.models.lock(modelName, manager);
    const traffic = await this.traffic.current(modelName, manager);
    const role =
      activeVersionId === id
        ? 'is active'
        : traffic?.canaryVersionId === id
          ? 'has a share of the traffic'
          : traffic?.shadowVersionIds.includes(id)
            ? 'runs in shadow'
            : undefined;
    if (role) throw new DomainError(modelErrors.VERSION_IN_SERVICE, `${modelName} ${version} ${role}.`);
  }

  /** The version that a rollback would lead to is part of the service: a bad successor must have something to go back to. */
  private async requireNotGoneBackTo({ id, modelName, version }: VersionRecord, manager: EntityManager): Promise<void> {
    if ((await this.activations.predecessor(modelName, manager)) !== id) return;
    throw new DomainError(modelErrors.VERSION_IN_SERVICE, `${modelName} ${version} is what a rollback would lead to.`);
  }

  private note(
    action: 'model-version.deleted' | 'model-version.retired' | 'model-version.restored',
    { id, modelName, version }: VersionRecord,
    { actor, origin }: ActingPerson,
    manager: EntityManager,
    more: Record<string, unknown> = {},
  ): Promise<void> {
    return this.audit.record(
      {
        actor,
        action,
        target: { type: 'model-version', id },
        details: { model: modelName, version, ...more },
        ...(origin && { origin }),
      },
      manager,
    );
  }
}
