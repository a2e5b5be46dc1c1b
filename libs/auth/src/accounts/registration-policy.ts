/** Who may register: anyone, whoever holds an invitation, or nobody (REGISTRATION). */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, LatidoConfig } from '#platform';
import { authErrors } from '../auth.errors.js';
import { Invitations } from './invitations.js';

@Injectable()
export class RegistrationPolicy {
  private readonly mode: LatidoConfig['auth']['registration'];

  constructor(
    config: LatidoConfig,
    private readonly invitations: Invitations,
  ) {
    this.mode = config.auth.registration;
  }

  /** @throws REGISTRATION_CLOSED */
  assertOpen(): void {
    if (this.mode !== 'closed') return;
    throw new DomainError(authErrors.REGISTRATION_CLOSED, 'This server does not register accounts.');
  }

  /** @throws INVITATION_INVALID where an invitation is needed and this one cannot be used now */
  async check(invitation: string | null | undefined): Promise<void> {
    if (this.mode === 'invite') await this.invitations.check(invitation ?? undefined);
  }

  /** Uses up the invitation where one is needed. @throws INVITATION_INVALID when somebody else has used it meanwhile */
  async redeem(invitation: string | null | undefined, userId: string, manager: EntityManager): Promise<void> {
    if (this.mode === 'invite') await this.invitations.redeem(invitation ?? '', userId, manager);
  }
}
