/** The one active model that the older service has: which of its models, and by that its active version. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '#audit';
import { ModelDirectory, modelErrors, type ActingPerson, type Alongside } from '#models';
import { DomainError, LatidoConfig, ReadCache, type CachedReads } from '#platform';
import { LabPointerRepository } from './lab-pointer.repository.js';
import { nothingActive } from './lab.errors.js';

/** Announced when another model is chosen. */
const TOPIC = 'legacy-lab';
const POINTER = 'pointer';

export interface LabActiveVersion {
  readonly model: string;
  readonly version: string;
  readonly versionId: string;
}

/** What answers; else why nothing does. */
export type LabActive = LabActiveVersion | { readonly why: string };

@Injectable()
export class LabActiveModel {
  private readonly models: readonly string[];
  private readonly chosen: CachedReads<{ readonly model: string | null }>;

  constructor(
    config: LatidoConfig,
    cache: ReadCache,
    private readonly pointer: LabPointerRepository,
    private readonly directory: ModelDirectory,
    private readonly audit: AuditTrail,
  ) {
    this.models = config.legacy.labModels;
    this.chosen = cache.of(TOPIC, async () => ({ model: await this.pointer.model() }));
  }

  /**
   * The chosen model. While none was, the first of LEGACY_LAB_MODELS that has an active version; once one was, no other takes its place
   * unasked, because its answers would be another model's.
   */
  async look(): Promise<LabActive> {
    const chosen = (await this.chosen.get(POINTER))?.model ?? null;
    if (chosen === null) return this.first();
    if (!this.models.includes(chosen))
      return { why: "The model that was active is not one of this service's any more (LEGACY_LAB_MODELS)." };
    return (await this.activeVersionOf(chosen)) ?? { why: 'The model that was active has no active version any more.' };
  }

  /** What answers. @throws LAB_NOTHING_ACTIVE */
  async require(): Promise<LabActiveVersion> {
    const active = await this.look();
    if ('why' in active) throw nothingActive(active.why);
    return active;
  }

  /** Has the service answer by a model, in the transaction in which the version becomes, or is, its active one. */
  pointTo(model: string, version: string, person: ActingPerson): Alongside {
    return async (manager, announce) => {
      if (await this.move(model, version, person, manager)) announce({ topic: TOPIC, key: POINTER });
    };
  }

  /** False where it stands there already. */
  private async move(model: string, version: string, person: ActingPerson, manager: EntityManager): Promise<boolean> {
    const before = await this.pointer.lock(manager);
    if (before === model) return false;
    await this.pointer.set(model, person.userId, manager);
    await this.audit.record(
      {
        actor: person.actor,
        action: 'legacy-lab.model-chosen',
        target: { type: 'model', id: model },
        details: { from: before, version },
        ...(person.origin && { origin: person.origin }),
      },
      manager,
    );
    return true;
  }

  private async first(): Promise<LabActive> {
    for (const model of this.models) {
      const active = await this.activeVersionOf(model);
      if (active) return active;
    }
    return { why: 'No model of this service has an active version.' };
  }

  /** Undefined also where a model of the list is not registered, or not yet. */
  private async activeVersionOf(model: string): Promise<LabActiveVersion | undefined> {
    try {
      const { versions, activeVersionId } = await this.directory.model(model);
      const active = versions.find(({ id }) => id === activeVersionId);
      return active && { model, version: active.version, versionId: active.id };
    } catch (error) {
      if (error instanceof DomainError && error.kind === modelErrors.MODEL_NOT_FOUND) return undefined;
      throw error;
    }
  }
}
