/** Puts a new password in place of an old one: what was signed in with the old one ends. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditTrail, type AuditEntry } from '#audit';
import { DomainError } from '#platform';
import { authErrors } from '../auth.errors.js';
import { RefreshTokenRepository } from '../tokens/refresh-token.repository.js';
import { CredentialsRepository } from './credentials.repository.js';

export interface Replacement {
  readonly userId: string;
  readonly passwordHash: string;
  readonly mustChange: boolean;
  /** The session that goes on, or null for none. */
  readonly keptSessionId: string | null;
  /** The epoch that the old password was checked at; undefined when it was not asked for. */
  readonly checkedEpoch?: number;
  readonly by: Pick<AuditEntry, 'actor' | 'action' | 'origin'>;
}

@Injectable()
export class PasswordReplacement {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly refreshTokens: RefreshTokenRepository,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * In the caller's transaction, which also announces the change of the principal. Ends all access tokens issued so far, and
   * all sessions but the kept one.
   * @throws WRONG_PASSWORD when the password was changed by somebody else since the old one was checked
   */
  async replace(
    { userId, passwordHash, mustChange, keptSessionId, checkedEpoch, by }: Replacement,
    manager: EntityManager,
  ): Promise<void> {
    const standing = await this.credentials.lock(userId, manager);
    if (checkedEpoch !== undefined && standing?.tokenEpoch !== checkedEpoch) throw wrongPassword();
    await this.credentials.setPassword(userId, passwordHash, mustChange, manager);
    await this.refreshTokens.revokeAll(userId, keptSessionId, manager);
    await this.trail.record({ ...by, target: { type: 'user', id: userId } }, manager);
  }
}

export function wrongPassword(): DomainError {
  return new DomainError(authErrors.WRONG_PASSWORD, 'The current password is not right.');
}
