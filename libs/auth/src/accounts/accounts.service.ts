import { Injectable } from '@nestjs/common';
import { actorOf, SYSTEM } from '#audit';
import { ChangeFeed, DomainError, invalidRequest, type Principal, type RequestOrigin } from '#platform';
import { PRINCIPAL_TOPIC, usersErrors, UsersService, type UserDto } from '#users';
import { AttemptLimits } from '../limits/attempt-limits.js';
import { CredentialsRepository } from '../passwords/credentials.repository.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { PasswordReplacement, wrongPassword } from '../passwords/password-replacement.js';
import { assertAcceptablePassword } from '../passwords/password-rules.js';
import type { ChangeMeDto, ProfileDto } from './account.dto.js';
import { PasswordFile } from './password-file.js';

/** Accounts once they are there: changed by their owners, their passwords reset at the command line. */
@Injectable()
export class Accounts {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsRepository,
    private readonly hashing: PasswordHashing,
    private readonly passwords: PasswordReplacement,
    private readonly passwordFile: PasswordFile,
    private readonly limits: AttemptLimits,
    private readonly feed: ChangeFeed,
  ) {}

  /**
   * What users change of themselves. A new password ends the access tokens issued so far and all sessions but the
   * caller's own.
   * @throws WRONG_PASSWORD, INVALID_REQUEST, TOO_MANY_ATTEMPTS, PASSWORD_HASHING_BUSY
   */
  async change(caller: Principal, changes: ChangeMeDto, origin: RequestOrigin): Promise<ProfileDto> {
    const { displayName, currentPassword, newPassword } = changes;
    const password =
      currentPassword !== undefined && newPassword !== undefined
        ? await this.checkPasswordChange(caller.userId, currentPassword, newPassword, origin)
        : null;
    await this.feed.transaction(async (manager, announce) => {
      if (displayName !== undefined) await this.users.rename(caller.userId, displayName, caller, origin, manager);
      if (password) {
        await this.passwords.replace(
          {
            userId: caller.userId,
            passwordHash: password.newHash,
            mustChange: false,
            keptSessionId: caller.sessionId ?? null,
            checkedEpoch: password.epoch,
            by: { actor: actorOf(caller), action: 'user.password-changed', origin },
          },
          manager,
        );
      }
      announce({ topic: PRINCIPAL_TOPIC, key: caller.userId });
    });
    if (password && currentPassword !== undefined) this.passwordFile.removeIfIs(currentPassword);
    return this.profile(caller.userId);
  }

  /**
   * Sets a password for somebody, as an operator does at the command line. Ends all their sessions and access tokens.
   * @param nameOrId a user's id, e-mail address or user name.
   * @param mustChange whether it opens nothing but its own change, because the operator knows it.
   * @throws USER_NOT_FOUND, INVALID_REQUEST
   */
  async setPassword(nameOrId: string, newPassword: string, { mustChange = true } = {}): Promise<UserDto> {
    const user = (await this.users.findById(nameOrId)) ?? (await this.users.findByName(nameOrId));
    if (!user) throw new DomainError(usersErrors.USER_NOT_FOUND, `There is no user ${nameOrId}.`);
    assertAcceptablePassword(newPassword, user, '/newPassword');
    const oldHash = (await this.credentials.find(user.id))?.passwordHash;
    const newHash = await this.hashing.hash(newPassword);
    await this.feed.transaction(async (manager, announce) => {
      await this.passwords.replace(
        {
          userId: user.id,
          passwordHash: newHash,
          mustChange,
          keptSessionId: null,
          by: { actor: SYSTEM, action: 'user.password-reset' },
        },
        manager,
      );
      announce({ topic: PRINCIPAL_TOPIC, key: user.id });
    });
    if (oldHash !== undefined) await this.passwordFile.removeIfHolds(oldHash);
    return user;
  }

  private async checkPasswordChange(
    userId: string,
    currentPassword: string,
    newPassword: string,
    origin: RequestOrigin,
  ): Promise<{ readonly newHash: string; readonly epoch: number }> {
    const user = await this.users.get(userId);
    const attempt = await this.limits.admitSignIn(userId, origin.address);
    const credentials = await this.credentials.find(userId);
    let matches: boolean;
    try {
      matches = await this.hashing.verify(credentials?.passwordHash ?? null, currentPassword);
    } catch (error) {
      attempt.abandoned(); // too busy to look at it
      throw error;
    }
    if (!credentials || !matches) throw wrongPassword();
    attempt.succeeded();
    if (newPassword === currentPassword)
      throw invalidRequest([{ pointer: '/newPassword', detail: 'must differ from the current password' }]);
    assertAcceptablePassword(newPassword, user, '/newPassword');
    return {
      newHash: await this.hashing.hash(newPassword),
      epoch: credentials.tokenEpoch,
    };
  }

  private async profile(userId: string): Promise<ProfileDto> {
    const [user, credentials] = await Promise.all([this.users.get(userId), this.credentials.find(userId)]);
    return { ...user, mustChangePassword: credentials?.mustChange ?? false };
  }
}
