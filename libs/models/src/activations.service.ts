/** Which version answers, since when, by whom and why. */
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { actorOf, AuditTrail, SYSTEM, type Actor } from '#audit';
import {
  afterId,
  ChangeFeed,
  type Change,
  DEFAULT_PAGE_SIZE,
  DomainError,
  newIdAfter,
  toPage,
  type Page,
  type Principal,
  type RequestOrigin,
  type Role,
} from '#platform';
import { ActivationGate, type Justification } from './gate/activation-gate.js';
import type { ActivationDto, ActivationQuery } from './http/activation.dto.js';
import { compareVersions } from './manifest/semantic-version.js';
import { ModelDirectory, modelNotFound, versionIn, versionNotFound } from './model-directory.js';
import { modelErrors } from './models.errors.js';
import { ResidentVersions } from './serving/resident-versions.js';
import type { Activation, ActivationKind } from './storage/activation.entity.js';
import { ActivationRepository, type ActivationRecord } from './storage/activation.repository.js';
import { ModelVersion } from './storage/model-version.entity.js';
import { ModelRepository, type ModelRecord, type VersionRecord } from './storage/model.repository.js';
import { TrafficRepository } from './storage/traffic.repository.js';

/** Who puts a version in service, and through which request. */
export interface ActingPerson {
  readonly actor: Actor;
  /** The user; null: the server itself, or an operator at the command line. */
  readonly userId: string | null;
  readonly origin?: RequestOrigin;
}

/** The server itself, or an operator at the command line. */
export const OPERATOR: ActingPerson = { actor: SYSTEM, userId: null };

export function actingAs(principal: Principal, origin: RequestOrigin): ActingPerson {
  return { actor: actorOf(principal), userId: principal.userId, origin };
}

/** What is done in the same transaction, and so holds if and only if the version is the active one then. */
export type Alongside = (manager: EntityManager, announce: (change: Change) => void) => Promise<void>;

/** What is about to be put in service. */
interface Succession {
  readonly model: ModelRecord;
  readonly target: VersionRecord;
  readonly kind: ActivationKind;
  readonly reason: string | null;
  readonly overridden: string[] | null;
}

@Injectable()
export class Activations {
  constructor(
    private readonly models: ModelRepository,
    private readonly activations: ActivationRepository,
    private readonly traffic: TrafficRepository,
    private readonly directory: ModelDirectory,
    private readonly gate: ActivationGate,
    private readonly resident: ResidentVersions,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Puts a version in its model's place of service. It is loaded before anything changes, so that what cannot serve is not activated.
   * @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND, VERSION_NOT_ACTIVATABLE, VERSION_ALREADY_ACTIVE, GATE_REFUSED, ACTIVATION_CONFLICT,
   *   VERSION_NOT_LOADED
   */
  async activate(
    name: string,
    version: string,
    justification: Justification,
    person: ActingPerson,
  ): Promise<ActivationDto> {
    const model = await this.load(name);
    const target = versionIn(model, version);
    requireActivatable(target);
    if (model.activeVersionId === target.id)
      throw new DomainError(modelErrors.VERSION_ALREADY_ACTIVE, `${name} ${version} is active already.`);
    const overridden = await this.gate.require(model, target, justification);
    return this.succeed(
      { model, target, kind: 'activation', reason: justification.reason ?? null, overridden },
      person,
    );
  }

  /**
   * Puts a version in its model's place of service where it is not there already; either way `alongside` is done together with it. The
   * policy is not asked of what is active already: it was when that came into service.
   * @throws as `activate`, but for VERSION_ALREADY_ACTIVE, and what `alongside` does
   */
  async ensureActive(
    name: string,
    version: string,
    justification: Justification,
    person: ActingPerson,
    alongside: Alongside,
  ): Promise<void> {
    const model = await this.load(name);
    const target = versionIn(model, version);
    requireActivatable(target);
    if (model.activeVersionId === target.id) return this.keep(model, alongside);
    const overridden = await this.gate.require(model, target, justification);
    const reason = justification.reason ?? null;
    await this.succeed({ model, target, kind: 'activation', reason, overridden }, person, alongside);
  }

  /**
   * Goes back to the version that answered before the active one came. The policy is not asked: it let that version in once, and
   * whoever rolls back is in a hurry.
   * @throws MODEL_NOT_FOUND, MODEL_NOT_ACTIVE, NOTHING_TO_ROLL_BACK, ACTIVATION_CONFLICT, VERSION_NOT_LOADED
   */
  async rollBack(name: string, reason: string | undefined, person: ActingPerson): Promise<ActivationDto> {
    const model = await this.load(name);
    if (model.activeVersionId === null)
      throw new DomainError(modelErrors.MODEL_NOT_ACTIVE, `No version of ${name} is active.`);
    const id = await this.activations.predecessor(name);
    const target = model.versions.find((version) => version.id === id);
    if (!target)
      throw new DomainError(modelErrors.NOTHING_TO_ROLL_BACK, `The active version of ${name} was the first one.`);
    if (target.status !== 'verified')
      throw new DomainError(
        modelErrors.NOTHING_TO_ROLL_BACK,
        `${name} ${target.version}, which answered before, is ${target.status}.`,
      );
    return this.succeed({ model, target, kind: 'rollback', reason: reason ?? null, overridden: null }, person);
  }

  /**
   * Of a model that never had an active version the highest verified one is activated, if the policy lets it; of any other nothing
   * changes. True when it was.
   */
  async activateFirst(name: string, reason: string): Promise<boolean> {
    const model = await this.models.load(name);
    const [highest] = (model?.versions ?? [])
      .filter(({ status }) => status === 'verified')
      .sort((a, b) => compareVersions(b.version, a.version));
    if (!model || !highest || model.activeVersionId) return false;
    const overridden = await this.gate.require(model, highest, {});
    return this.feed.transaction(async (manager, announce) => {
      await this.models.lock(name, manager);
      if (await this.activations.exists(name, manager)) return false; // another replica was first
      await this.enter({ model, target: highest, kind: 'activation', reason, overridden }, OPERATOR, manager);
      announce({ topic: 'model', key: name });
      return true;
    });
  }

  /** What was activated when, newest first; with `at` the one activation that was in force then. @throws MODEL_NOT_FOUND */
  async list(name: string, query: ActivationQuery, role: Role): Promise<Page<ActivationDto>> {
    await this.directory.visible(name, role);
    // What the policy says is for those who publish and run models.
    const view = (record: ActivationRecord): ActivationDto =>
      role === 'user' ? { ...viewOf(record), overridden: null } : viewOf(record);
    if (query.at !== undefined) {
      const inForce = await this.activations.inForceAt(name, new Date(query.at));
      return { data: inForce ? [view(inForce)] : [], nextCursor: null };
    }
    const limit = query.limit ?? DEFAULT_PAGE_SIZE;
    return toPage(await this.activations.page(name, limit + 1, afterId(query)), limit, view);
  }

  private async load(name: string): Promise<ModelRecord> {
    const model = await this.models.load(name);
    if (!model) throw modelNotFound(name);
    return model;
  }

  private keep(model: ModelRecord, alongside: Alongside): Promise<void> {
    return this.feed.transaction(async (manager, announce) => {
      requireStillActive(await this.models.lock(model.name, manager), model);
      await alongside(manager, announce);
    });
  }

  /** Loads the version, and then puts it in service if nobody else has put another one there meanwhile. */
  private async succeed(succession: Succession, person: ActingPerson, alongside?: Alongside): Promise<ActivationDto> {
    const { model, target } = succession;
    this.resident.forgive(target.id);
    await this.resident.get(target.id);
    return this.feed.transaction(async (manager, announce) => {
      const locked = await this.models.lock(model.name, manager);
      requireStillActive(locked, model);
      if (succession.kind === 'activation' && !isDeepStrictEqual(locked.policy, model.policy))
        throw new DomainError(
          modelErrors.ACTIVATION_CONFLICT,
          `The policy of ${model.name} was changed at the same time.`,
        );
      requireActivatable(await stillThere(target, manager));
      const activation = await this.enter(succession, person, manager);
      announce({ topic: 'model', key: model.name });
      await alongside?.(manager, announce);
      return viewOf(activation);
    });
  }

  private async enter(
    { model, target, kind, reason, overridden }: Succession,
    person: ActingPerson,
    manager: EntityManager,
  ): Promise<ActivationRecord> {
    const activation: Activation = {
      id: newIdAfter(await this.activations.latestId(model.name, manager)),
      modelName: model.name,
      versionId: target.id,
      previousVersionId: model.activeVersionId,
      kind,
      reason,
      overridden,
      activatedBy: person.userId,
      activatedAt: new Date(),
    };
    const previousVersion = model.versions.find(({ id }) => id === model.activeVersionId)?.version ?? null;
    await this.activations.insert(activation, manager);
    await this.models.setActive(model.name, target.id, manager);
    await this.traffic.withdraw(model.name, target.id, 'became the active version', person.userId, manager);
    await this.audit.record(
      {
        actor: person.actor,
        action: kind === 'rollback' ? 'model-version.rolled-back' : 'model-version.activated',
        target: { type: 'model', id: model.name },
        details: {
          from: previousVersion,
          to: target.version,
          ...(reason === null ? {} : { reason }),
          ...(overridden === null ? {} : { overridden }),
        },
        ...(person.origin && { origin: person.origin }),
      },
      manager,
    );
    return { ...activation, version: target.version, previousVersion };
  }
}

/** @throws ACTIVATION_CONFLICT where another version is active than when the model was read */
function requireStillActive(
  locked: Pick<ModelRecord, 'activeVersionId'>,
  { name, activeVersionId }: ModelRecord,
): void {
  if (locked.activeVersionId === activeVersionId) return;
  throw new DomainError(modelErrors.ACTIVATION_CONFLICT, `Another version of ${name} was activated at the same time.`);
}

/** The version as it stands now. @throws VERSION_NOT_FOUND where it was deleted meanwhile */
export async function stillThere(
  { id, modelName, version }: Pick<ModelVersion, 'id' | 'modelName' | 'version'>,
  manager: EntityManager,
): Promise<ModelVersion> {
  const found = await manager.findOneBy(ModelVersion, { id });
  if (!found) throw versionNotFound(modelName, version);
  return found;
}

/** @throws VERSION_NOT_ACTIVATABLE */
export function requireActivatable({
  modelName,
  version,
  status,
  rejection,
}: Pick<ModelVersion, 'modelName' | 'version' | 'status' | 'rejection'>): void {
  if (status === 'verified') return;
  const why = status === 'rejected' ? `rejected: ${rejection ?? 'no reason is recorded'}` : 'retired';
  throw new DomainError(modelErrors.VERSION_NOT_ACTIVATABLE, `${modelName} ${version} is ${why}.`);
}

function viewOf(record: ActivationRecord): ActivationDto {
  const { id, modelName, version, previousVersion, kind, reason, overridden, activatedBy, activatedAt } = record;
  return { id, model: modelName, version, previousVersion, kind, reason, overridden, activatedBy, activatedAt };
}
