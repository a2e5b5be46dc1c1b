/** Lets a version into service, or says what the model's policy has against it. */
import { Injectable } from '@nestjs/common';
import { DomainError, invalidRequest, type FieldError, type Role } from '#platform';
import { ModelDirectory, versionIn } from '../model-directory.js';
import { modelErrors } from '../models.errors.js';
import { ModelRepository, type ModelRecord, type VersionRecord } from '../storage/model.repository.js';
import { objections } from './activation-policy.js';
import type { GateDto } from './policy.dto.js';

/** What an administrator says when a version is put in service. */
export interface Justification {
  readonly reason?: string | null | undefined;
  /** The version may answer although the policy has something against it. */
  readonly override?: boolean | null | undefined;
}

@Injectable()
export class ActivationGate {
  constructor(
    private readonly models: ModelRepository,
    private readonly directory: ModelDirectory,
  ) {}

  /**
   * What was overridden, to be recorded; null where the policy has nothing against the version.
   * @throws GATE_REFUSED with the objections; INVALID_REQUEST for an override without a reason
   */
  async require(
    model: ModelRecord,
    version: VersionRecord,
    { reason, override }: Justification,
  ): Promise<string[] | null> {
    if (override && !reason?.trim())
      throw invalidRequest([{ pointer: '/reason', detail: 'is needed with "override"' }]);
    const found = await this.objectionsTo(model, version);
    if (found.length === 0) return null;
    if (override) return found.map(({ detail }) => detail);
    throw new DomainError(
      modelErrors.GATE_REFUSED,
      `The policy of ${model.name} has ${found.length === 1 ? 'an objection' : `${found.length} objections`} to ${version.version}: ${found.map(({ detail }) => detail).join('; ')}.`,
      { errors: found },
    );
  }

  /** What the gate would say of a version now. @throws MODEL_NOT_FOUND, VERSION_NOT_FOUND */
  async look(name: string, version: string, role: Role): Promise<GateDto> {
    const model = await this.directory.visible(name, role);
    const candidate = versionIn(model, version);
    const found = await this.objectionsTo(model, candidate);
    return {
      model: name,
      version,
      activeVersion: activeOf(model)?.version ?? null,
      passed: found.length === 0,
      objections: found,
    };
  }

  async objectionsTo(model: ModelRecord, version: VersionRecord): Promise<FieldError[]> {
    if (!model.policy) return [];
    const active = activeOf(model);
    return objections(
      model.policy,
      { ...version, ...(await this.models.documentsOf(version.id)) },
      active?.id === version.id ? null : (active ?? null),
    );
  }
}

function activeOf({ versions, activeVersionId }: ModelRecord): VersionRecord | undefined {
  return versions.find(({ id }) => id === activeVersionId);
}
