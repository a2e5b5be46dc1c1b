/** Each model's activation policy. */
import { Injectable } from '@nestjs/common';
import { actorOf, AuditTrail } from '#audit';
import { ChangeFeed, type Principal, type RequestOrigin } from '#platform';
import { ModelDirectory } from '../model-directory.js';
import { ModelRepository } from '../storage/model.repository.js';
import type { PolicyDto } from './policy.dto.js';

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
  async replace(name: string, policy: PolicyDto, principal: Principal, origin: RequestOrigin): Promise<PolicyDto> {
    const before = await this.of(name);
    return this.feed.transaction(async (manager, announce) => {
      await this.models.setPolicy(name, policy, manager);
      await this.audit.record(
        {
          actor: actorOf(principal),
          action: 'model-policy.changed',
          target: { type: 'model', id: name },
          details: { from: before, to: policy },
          origin,
        },
        manager,
      );
      announce({ topic: 'model', key: name });
      return policy;
    });
  }
}
