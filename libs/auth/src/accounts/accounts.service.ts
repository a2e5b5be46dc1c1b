import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { actorOf, ANONYMOUS, AuditTrail, SYSTEM, type Actor } from '#audit';
import { ChangeFeed, DomainError, invalidRequest, LatidoConfig, type Principal, type RequestOrigin } from '#platform';
import { PRINCIPAL_TOPIC, usersErrors, UsersService, type NewUser, type UserDto } from '#users';
import { authErrors } from '../auth.errors.js';
import { AttemptLimits } from '../limits/attempt-limits.js';
import { CredentialsRepository } from '../passwords/credentials.repository.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { assertAcceptablePassword } from '../passwords/password-rules.js';
import { RefreshTokenRepository } from '../tokens/refresh-token.repository.js';
import type { ChangeMeDto, ProfileDto, RegistrationDto } from './account.dto.js';
import { Invitations } from './invitations.js';
import { PasswordFile } from './password-file.js';

/**
 * Accounts and their passwords: made on request or by an operator, changed by their owners, reset at the command
 * line.
 */
@Injectable()
export class Accounts {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsRepository,
    private readonly refreshTokens: RefreshTokenRepository,
    private readonly hashing: PasswordHashing,
    private readonly passwordFile: PasswordFile,
    private readonly invitations: Invitations,
    private readonly limits: AttemptLimits,
    private readonly trail: AuditTrail,
    private readonly feed: ChangeFeed,
    private readonly dataSource: DataSource,
    private readonly config: LatidoConfig,
  ) {}

  /** @throws REGISTRATION_CLOSED, INVITATION_INVALID, ACCOUNT_EXISTS, TOO_MANY_ATTEMPTS, PASSWORD_HASHING_BUSY */
  async register(wanted: RegistrationDto, origin: RequestOrigin): Promise<UserDto> {
    const { registration } = this.config.auth;
    if (registration === 'closed')
      throw new DomainError(authErrors.REGISTRATION_CLOSED, 'This server does not register accounts.');
    this.limits.admitRegistration(origin.address);
    const invitation = registration === 'invite' ? (wanted.invitation ?? '') : null;
    if (invitation !== null) await this.invitations.check(invitation);
    const passwordHash = await this.hashing.hash(wanted.password);
    const { email, username, displayName } = wanted;
    return this.dataSource.transaction(async (manager) => {
      const user = await this.add(
        { email, username, displayName, role: 'user' },
        { passwordHash, mustChange: false },
        { actor: ANONYMOUS, origin },
        manager,
      );
      if (invitation !== null) await this.invitations.redeem(invitation, user.id, manager);
      return user;
    });
  }

  /** An account with its credentials and its audit event, in the caller's transaction. @throws ACCOUNT_EXISTS */
  async add(
    wanted: NewUser,
    credentials: { readonly passwordHash: string; readonly mustChange: boolean },
    by: { readonly actor: Actor; readonly origin?: RequestOrigin },
    manager: EntityManager,
  ): Promise<UserDto> {
    const user = await this.users.create(wanted, manager);
    await this.credentials.insert({ userId: user.id, ...credentials }, manager);
    await this.trail.record(
      { ...by, action: 'user.registered', target: { type: 'user', id: user.id }, details: { role: user.role } },
      manager,
    );
    return user;
  }

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
        const standing = await this.credentials.lock(caller.userId, manager);
        // Changed by somebody else since it was checked.
        if (standing?.tokenEpoch !== password.epoch) throw wrongPassword();
        await this.credentials.setPassword(caller.userId, password.newHash, false, manager);
        await this.refreshTokens.revokeAll(caller.userId, caller.sessionId ?? null, manager);
        const target = { type: 'user', id: caller.userId } as const;
        await this.trail.record({ actor: actorOf(caller), action: 'user.password-changed', target, origin }, manager);
      }
      announce({ topic: PRINCIPAL_TOPIC, key: caller.userId });
    });
    if (password) await this.passwordFile.removeIfHolds(password.oldHash);
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
      await this.credentials.lock(user.id, manager);
      await this.credentials.setPassword(user.id, newHash, mustChange, manager);
      await this.refreshTokens.revokeAll(user.id, null, manager);
      await this.trail.record(
        { actor: SYSTEM, action: 'user.password-reset', target: { type: 'user', id: user.id } },
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
  ): Promise<{ readonly oldHash: string; readonly newHash: string; readonly epoch: number }> {
    const user = await this.users.get(userId);
    const attempt = this.limits.admitSignIn(userId, origin.address);
    const credentials = await this.credentials.find(userId);
    if (!credentials || !(await this.hashing.verify(credentials.passwordHash, currentPassword))) throw wrongPassword();
    attempt.succeeded();
    if (newPassword === currentPassword)
      throw invalidRequest([{ pointer: '/newPassword', detail: 'must differ from the current password' }]);
    assertAcceptablePassword(newPassword, user, '/newPassword');
    return {
      oldHash: credentials.passwordHash,
      newHash: await this.hashing.hash(newPassword),
      epoch: credentials.tokenEpoch,
    };
  }

  private async profile(userId: string): Promise<ProfileDto> {
    const [user, credentials] = await Promise.all([this.users.get(userId), this.credentials.find(userId)]);
    return { ...user, mustChangePassword: credentials?.mustChange ?? false };
  }
}

function wrongPassword(): DomainError {
  return new DomainError(authErrors.WRONG_PASSWORD, 'The current password is not right.');
}
