/** How an account comes to be: somebody registers it, or the server makes its first administrator. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ANONYMOUS, AuditTrail, type Actor } from '#audit';
import type { RequestOrigin } from '#platform';
import { UsersService, type NewUser, type UserDto } from '#users';
import { AttemptLimits } from '../limits/attempt-limits.js';
import { CredentialsRepository } from '../passwords/credentials.repository.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import type { RegistrationDto } from './account.dto.js';
import { RegistrationPolicy } from './registration-policy.js';

@Injectable()
export class Registration {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsRepository,
    private readonly hashing: PasswordHashing,
    private readonly policy: RegistrationPolicy,
    private readonly limits: AttemptLimits,
    private readonly trail: AuditTrail,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws REGISTRATION_CLOSED, INVITATION_INVALID, ACCOUNT_EXISTS, TOO_MANY_ATTEMPTS, PASSWORD_HASHING_BUSY */
  async register(wanted: RegistrationDto, origin: RequestOrigin): Promise<UserDto> {
    this.policy.assertOpen();
    await this.limits.admitRegistration(origin.address);
    await this.policy.check(wanted.invitation);
    const passwordHash = await this.hashing.hash(wanted.password);
    const { email, username, displayName } = wanted;
    return this.dataSource.transaction(async (manager) => {
      const user = await this.add(
        { email, username, displayName, role: 'user' },
        { passwordHash, mustChange: false },
        { actor: ANONYMOUS, origin },
        manager,
      );
      await this.policy.redeem(wanted.invitation, user.id, manager);
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
}
