/** Shares of a model's traffic: a canary that answers some of those who ask, and versions in shadow that answer nobody. */
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import {
  afterId,
  ChangeFeed,
  DEFAULT_PAGE_SIZE,
  DomainError,
  invalidRequest,
  newIdAfter,
  toPage,
  type FieldError,
  type Page,
  type Role,
} from '#platform';
import { requireActivatable, stillThere, type ActingPerson } from '../activations.service.js';
import { ActivationGate } from '../gate/activation-gate.js';
import { ModelDirectory, modelNotFound, versionIn } from '../model-directory.js';
import { modelErrors } from '../models.errors.js';
import { ResidentVersions } from '../serving/resident-versions.js';
import { ModelRepository, type ModelRecord, type VersionRecord } from '../storage/model.repository.js';
import type { TrafficChange } from '../storage/traffic-change.entity.js';
import { TrafficRepository } from '../storage/traffic.repository.js';
import type { SetTrafficDto, TrafficDto, TrafficQuery } from './traffic.dto.js';

@Injectable()
export class Traffic {
  constructor(
    private readonly directory: ModelDirectory,
    private readonly models: ModelRepository,
    private readonly changes: TrafficRepository,
    private readonly gate: ActivationGate,
    private readonly resident: ResidentVersions,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditTrail,
  ) {}

  /** What is in force. @throws MODEL_NOT_FOUND */
  async of(name: string, role: Role): Promise<TrafficDto> {
    const model = await this.directory.visible(name, role);
    return viewOf(model, await this.changes.current(name), role);
  }

  /** What was changed when, newest first; with `at` the one change that was in force then. @throws MODEL_NOT_FOUND */
  async history(name: string, query: TrafficQuery, role: Role): Promise<Page<TrafficDto>> {
    const model = await this.directory.visible(name, role);
    const view = (change: TrafficChange): TrafficDto => viewOf(model, change, role);
    if (query.at !== undefined) {
      const inForce = await this.changes.inForceAt(name, new Date(query.at));
      return { data: inForce ? [view(inForce)] : [], nextCursor: null };
    }
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    return toPage(await this.changes.page(name, limit + 1, afterId(query)), limit, view);
  }

  /**
   * Replaces the shares; a canary passes the gate of an activation. All versions are loaded before anything changes.
   * @throws MODEL_NOT_FOUND, MODEL_NOT_ACTIVE, VERSION_NOT_FOUND, VERSION_NOT_ACTIVATABLE, GATE_REFUSED, ACTIVATION_CONFLICT,
   *   VERSION_NOT_LOADED, INVALID_REQUEST
   */
  async replace(name: string, wanted: SetTrafficDto, person: ActingPerson): Promise<TrafficDto> {
    const model = await this.models.load(name);
    if (!model) throw modelNotFound(name);
    const { activeVersionId } = model;
    if (activeVersionId === null)
      throw new DomainError(
        modelErrors.MODEL_NOT_ACTIVE,
        `No version of ${name} is active, so there is nothing to share.`,
      );
    const before = await this.changes.current(name);
    const canary = wanted.canary && versionIn(model, wanted.canary.version);
    const shadows = (wanted.shadows ?? []).map((version) => versionIn(model, version));
    requireBesideActive(activeVersionId, canary, shadows);
    for (const version of [...(canary ? [canary] : []), ...shadows]) {
      requireActivatable(version);
      this.resident.forgive(version.id);
      await this.resident.get(version.id);
    }
    const overridden = canary ? await this.gate.require(model, canary, wanted) : null;
    const wantedChange: Omit<TrafficChange, 'id'> = {
      modelName: name,
      canaryVersionId: canary?.id ?? null,
      canaryShare: wanted.canary?.share ?? null,
      shadowVersionIds: shadows.map(({ id }) => id),
      reason: wanted.reason ?? null,
      overridden,
      changedBy: person.userId,
      changedAt: new Date(),
    };
    return this.feed.transaction(async (manager, announce) => {
      const locked = await this.models.lock(name, manager);
      const latest = await this.changes.current(name, manager);
      const changed = latest?.id !== before?.id || (canary && !isDeepStrictEqual(locked.policy, model.policy));
      if (locked.activeVersionId !== activeVersionId || changed)
        throw new DomainError(modelErrors.ACTIVATION_CONFLICT, `The traffic of ${name} was changed at the same time.`);
      for (const version of [...(canary ? [canary] : []), ...shadows])
        requireActivatable(await stillThere(version, manager));
      const change = { ...wantedChange, id: newIdAfter(latest?.id) };
      await this.changes.insert(change, manager);
      const view = viewOf(model, change);
      const { canary: from, shadows: fromShadows } = viewOf(model, before);
      await this.audit.record(
        {
          actor: person.actor,
          action: 'model-traffic.changed',
          target: { type: 'model', id: name },
          details: {
            from: { canary: from, shadows: fromShadows },
            to: { canary: view.canary, shadows: view.shadows },
            ...(wanted.reason === undefined ? {} : { reason: wanted.reason }),
            ...(overridden === null ? {} : { overridden }),
          },
          ...(person.origin && { origin: person.origin }),
        },
        manager,
      );
      announce({ topic: 'model', key: name });
      return view;
    });
  }
}

/** @throws INVALID_REQUEST */
function requireBesideActive(
  activeVersionId: string,
  canary: VersionRecord | undefined,
  shadows: readonly VersionRecord[],
): void {
  const faults: FieldError[] = [];
  if (canary?.id === activeVersionId)
    faults.push({ pointer: '/canary/version', detail: 'is the active version, which answers everybody else already' });
  shadows.forEach(({ id }, index) => {
    if (id === activeVersionId) faults.push({ pointer: `/shadows/${index}`, detail: 'is the active version' });
    else if (id === canary?.id) faults.push({ pointer: `/shadows/${index}`, detail: 'is the canary, too' });
  });
  if (faults.length > 0) throw invalidRequest(faults);
}

/** Users see the versions that they may know of, and nothing of the policy. */
function viewOf(model: ModelRecord, change: TrafficChange | null, role: Role = 'admin'): TrafficDto {
  const numberOf = (id: string): string[] =>
    model.versions.flatMap((version) => (version.id === id ? [version.version] : []));
  const { canaryVersionId, canaryShare, shadowVersionIds, reason, overridden, changedBy, changedAt } = change ?? {};
  const [canary] = canaryVersionId ? numberOf(canaryVersionId) : [];
  return {
    model: model.name,
    canary: canary !== undefined && canaryShare ? { version: canary, share: canaryShare } : null,
    shadows: (shadowVersionIds ?? []).flatMap(numberOf),
    reason: reason ?? null,
    overridden: role === 'user' ? null : (overridden ?? null),
    changedBy: changedBy ?? null,
    changedAt: changedAt ?? null,
  };
}
