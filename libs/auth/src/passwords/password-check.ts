/** Whether a name and a password belong together: limited, in the same time whether there is such a name or not, and refusals audited. */
import { Injectable } from '@nestjs/common';
import { ANONYMOUS, AuditTrail } from '#audit';
import type { RequestOrigin } from '#platform';
import { nameKey, UsersService, type UserDto } from '#users';
import { AttemptLimits } from '../limits/attempt-limits.js';
import { InvalidGrantError } from '../tokens/oauth-error.js';
import { CredentialsRepository } from './credentials.repository.js';
import { PasswordHashing } from './password-hashing.js';

/** Asked for when there is no such user, so that both cases ask the same questions of the database. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** An active account whose password was given. */
export interface CheckedAccount {
  readonly user: UserDto;
  /** What the password was checked at: it may have been changed since. */
  readonly tokenEpoch: number;
  readonly mustChange: boolean;
}

@Injectable()
export class PasswordCheck {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsRepository,
    private readonly hashing: PasswordHashing,
    private readonly limits: AttemptLimits,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * @param name user name or e-mail address
   * @throws InvalidGrantError WRONG_NAME_OR_PASSWORD: one answer for an unknown name, a wrong password and a suspended account; TOO_MANY_ATTEMPTS,
   *   PASSWORD_HASHING_BUSY
   */
  async check(name: string, password: string, origin: RequestOrigin): Promise<CheckedAccount> {
    const attempt = await this.limits.admitSignIn(nameKey(name), origin.address);
    let checked = false;
    try {
      const user = await this.users.findByName(name);
      const credentials = await this.credentials.find(user?.id ?? NOBODY);
      const matches = await this.hashing.verify(credentials?.passwordHash ?? null, password);
      checked = true;
      const refusal = !user
        ? 'unknown-account'
        : !matches
          ? 'wrong-password'
          : user.status !== 'active'
            ? 'suspended'
            : null;
      if (refusal !== null || !user || !credentials) {
        const target = { type: 'user', id: user?.id ?? 'unknown' } as const;
        const details = { reason: refusal };
        await this.trail.record({ actor: ANONYMOUS, action: 'session.refused', target, details, origin });
        throw wrongNameOrPassword();
      }
      attempt.succeeded();
      return { user, tokenEpoch: credentials.tokenEpoch, mustChange: credentials.mustChange };
    } catch (error) {
      if (!checked) attempt.abandoned();
      throw error;
    }
  }
}

export function wrongNameOrPassword(): InvalidGrantError {
  return new InvalidGrantError('WRONG_NAME_OR_PASSWORD', 'The name or the password is not right.');
}
