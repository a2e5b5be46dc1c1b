/** Each model's activation policy. */
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '#audit';
import { ChangeFeed, createValidationPipe } from '#platform';
import type { ActingPerson } from '../activations.service.js';
import { ModelDirectory } from '../model-directory.js';
import { ModelRepository } from '../storage/model.repository.js';
import { PolicyDto } from './policy.dto.js';

@Injectable()
export class Policies {
  constructor(
    private readonly directory: ModelDirectory,
    private readonly models: ModelRepository,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws MODEL_NOT_FOUND */
  async of(name: string): Promise<PolicyDto> {
    return ((await this.directory.model(name)).policy ?? {}) as PolicyDto;
  }

  /** Replaces the policy; it holds from the next activation on. @throws MODEL_NOT_FOUND */
  async replace(name: string, policy: PolicyDto, { actor, origin }: ActingPerson): Promise<PolicyDto> {
    await this.directory.model(name);
    return this.feed.transaction(async (manager, announce) => {
      const before = (await this.models.lock(name, manager)).policy ?? {};
      await this.models.setPolicy(name, policy, manager);
      await this.audit.record(
        {
          actor,
          action: 'model-policy.changed',
          target: { type: 'model', id: name },
          details: { from: before, to: policy },
          ...(origin && { origin }),
        },
        manager,
      );
      announce({ topic: 'model', key: name });
      return policy;
    });
  }
}

/** A policy that came another way than by HTTP. @throws INVALID_REQUEST with every place at fault */
export async function readPolicy(value: unknown): Promise<PolicyDto> {
  return (await createValidationPipe().transform(value, { type: 'body', metatype: PolicyDto })) as PolicyDto;
}
