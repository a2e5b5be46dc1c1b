/** The account that calls without a token count for, on routes that allow them: the one that the operator named. */
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SYSTEM } from '#audit';
import { DomainError, LatidoConfig, type Principal } from '#platform';
import { usersErrors, UsersService } from '#users';
import { generatePassword } from './accounts/first-administrator.js';
import { Registration } from './accounts/registration.js';
import { authenticationRequired, CREDENTIAL_NEEDED } from './challenge.js';
import { PasswordHashing } from './passwords/password-hashing.js';
import { Principals } from './principals.js';

@Injectable()
export class AnonymousAccount {
  private readonly logger = new Logger('anonymous account');
  private readonly name: string | undefined;
  /** Names of accounts do not change. */
  private userId: string | undefined;

  constructor(
    config: LatidoConfig,
    private readonly users: UsersService,
    private readonly principals: Principals,
    private readonly registration: Registration,
    private readonly hashing: PasswordHashing,
    private readonly dataSource: DataSource,
  ) {
    this.name = config.legacy.anonymous.user;
  }

  get configured(): boolean {
    return this.name !== undefined;
  }

  /**
   * Makes the account unless there is one of that name, which is then used as it is. Before the server listens: a name that anybody
   * could still register would give them what all anonymous clients sent.
   */
  async ensure(): Promise<void> {
    const username = this.name;
    if (username === undefined || (await this.users.findByName(username))) return;
    // Nobody knows it. An operator who wants to sign in resets it at the command line.
    const passwordHash = await this.hashing.hash(generatePassword());
    try {
      await this.dataSource.transaction((manager) =>
        this.registration.add(
          { username, role: 'user' },
          { passwordHash, mustChange: false },
          { actor: SYSTEM },
          manager,
        ),
      );
    } catch (error) {
      // Another replica, which starts at the same time, was sooner.
      if (!(error instanceof DomainError && error.kind === usersErrors.ACCOUNT_EXISTS)) throw error;
    }
  }

  /**
   * A plain user, whatever the account's own role is, and within its plan.
   * @throws AUTHENTICATION_REQUIRED where the account is suspended, or gone
   */
  async principal(): Promise<Principal> {
    const userId = (this.userId ??= await this.find());
    const standing = userId === undefined ? null : await this.principals.get(userId);
    if (userId === undefined || standing?.status !== 'active') throw authenticationRequired(CREDENTIAL_NEEDED);
    return { userId, role: 'user', apiKeyId: null, mustChangePassword: false, anonymous: true };
  }

  private async find(): Promise<string | undefined> {
    const user = this.name === undefined ? null : await this.users.findByName(this.name);
    if (!user) this.logger.warn(`there is no account ${this.name}, which LEGACY_ANONYMOUS_USER names`);
    return user?.id;
  }
}
