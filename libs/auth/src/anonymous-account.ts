/** The account that calls without a token count for, on routes that allow them: the one that the operator named. */
import { Injectable } from '@nestjs/common';
import { DomainError, LatidoConfig, type Principal } from '#platform';
import { UsersService } from '#users';
import { authErrors } from './auth.errors.js';
import { Principals } from './principals.js';

@Injectable()
export class AnonymousAccount {
  private readonly name: string | undefined;
  /** Names of accounts do not change. */
  private userId: string | undefined;

  constructor(
    config: LatidoConfig,
    private readonly users: UsersService,
    private readonly principals: Principals,
  ) {
    this.name = config.legacy.anonymous.user;
  }

  get configured(): boolean {
    return this.name !== undefined;
  }

  /**
   * A plain user, whatever the account's own role is, and within its plan.
   * @throws AUTHENTICATION_REQUIRED where there is no such account, or it is suspended
   */
  async principal(): Promise<Principal> {
    const userId = (this.userId ??= this.name && (await this.users.findByName(this.name))?.id);
    const standing = userId === undefined ? null : await this.principals.get(userId);
    if (userId === undefined || standing?.status !== 'active')
      throw new DomainError(
        authErrors.AUTHENTICATION_REQUIRED,
        'This route needs an access token or an API key: the account that LEGACY_ANONYMOUS_USER names is not there, or suspended.',
      );
    return { userId, role: 'user', apiKeyId: null, mustChangePassword: false, anonymous: true };
  }
}
