import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { actorOf, AuditTrail } from '#audit';
import {
  brokenUniqueConstraint,
  ChangeFeed,
  DomainError,
  newId,
  UUID_PATTERN,
  type Principal,
  type RequestOrigin,
  type Role,
} from '#platform';
import { canonicalName, nameKey, signInKey } from './account-names.js';
import type { ChangeUserDto, UserDto } from './user.dto.js';
import type { User } from './user.entity.js';
import { UserRepository } from './user.repository.js';
import { usersErrors } from './users.errors.js';

export interface NewUser {
  readonly email?: string | null;
  readonly username?: string | null;
  readonly displayName?: string | null;
  readonly role: Role;
}

/** The topic under which changes of a user's role, status and credentials are announced; the key is the user's id. */
export const PRINCIPAL_TOPIC = 'principal';

/** People and their roles. Every change is announced and leaves an audit event in the same transaction. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UserRepository,
    private readonly feed: ChangeFeed,
    private readonly trail: AuditTrail,
  ) {}

  /** Null for an id that no user has. */
  async findById(id: string): Promise<UserDto | null> {
    if (!UUID_PATTERN.test(id)) return null;
    const user = await this.users.findById(id);
    return user && view(user);
  }

  /** By e-mail address or user name, without regard to case. */
  async findByName(name: string): Promise<UserDto | null> {
    // A name that nobody can have is looked up all the same: the answer must not come sooner for it.
    const user = await this.users.findByKey(signInKey(name) ?? { usernameKey: '' });
    return user && view(user);
  }

  administratorExists(manager: EntityManager): Promise<boolean> {
    return this.users.administratorExists(manager);
  }

  /** @throws USER_NOT_FOUND */
  async get(id: string): Promise<UserDto> {
    const user = await this.findById(id);
    if (!user) throw notFound();
    return user;
  }

  /**
   * Adds a user in the caller's transaction, which also adds the credentials and the audit event.
   * @throws ACCOUNT_EXISTS when the e-mail address or the user name is taken.
   */
  async create(user: NewUser, manager: EntityManager): Promise<UserDto> {
    const id = newId();
    const { email, username } = user;
    try {
      await this.users.insert(
        {
          id,
          email: email ? canonicalName(email) : null,
          emailKey: email ? nameKey(email) : null,
          username: username ? canonicalName(username) : null,
          usernameKey: username ? nameKey(username) : null,
          displayName: user.displayName?.trim() ?? null,
          role: user.role,
        },
        manager,
      );
    } catch (error) {
      throw takenName(error) ?? error;
    }
    const created = await this.users.findById(id, manager);
    if (!created) throw new Error('a user just inserted is not there');
    return view(created);
  }

  /**
   * What an administrator changes of a user. Holds from the next request here, within a second on every replica.
   * @throws USER_NOT_FOUND, LAST_ADMINISTRATOR, OWN_ROLE
   */
  async change(id: string, changes: ChangeUserDto, by: Principal, origin: RequestOrigin): Promise<UserDto> {
    if (!UUID_PATTERN.test(id)) throw notFound();
    return this.feed.transaction(async (manager, announce) => {
      const locked = await this.users.lockWithAdministrators(id, manager);
      const user = locked.find((candidate) => candidate.id === id);
      if (!user) throw notFound();
      const role = changes.role ?? user.role;
      const status = changes.status ?? user.status;
      const displayName = changes.displayName === undefined ? user.displayName : (changes.displayName?.trim() ?? null);

      const otherAdministrators = locked.filter((candidate) => candidate.id !== id);
      const isActiveAdministrator = user.role === 'admin' && user.status === 'active';
      if (isActiveAdministrator && (role !== 'admin' || status !== 'active') && otherAdministrators.length === 0) {
        throw new DomainError(usersErrors.LAST_ADMINISTRATOR, 'This is the last active administrator.');
      }
      if (role !== user.role && by.userId === id)
        throw new DomainError(usersErrors.OWN_ROLE, 'Nobody changes their own role.');

      await this.users.update(id, { role, status, displayName }, manager);
      const event = { actor: actorOf(by), target: { type: 'user', id }, origin } as const;
      if (role !== user.role)
        await this.trail.record(
          { ...event, action: 'user.role-changed', details: { from: user.role, to: role } },
          manager,
        );
      if (status !== user.status)
        await this.trail.record(
          { ...event, action: 'user.status-changed', details: { from: user.status, to: status } },
          manager,
        );
      if (displayName !== user.displayName)
        await this.trail.record({ ...event, action: 'user.updated', details: { fields: ['displayName'] } }, manager);
      announce({ topic: PRINCIPAL_TOPIC, key: id });
      const changed = await this.users.findById(id, manager);
      if (!changed) throw notFound();
      return view(changed);
    });
  }

  /** A user's own change of the name to show, in the caller's transaction. */
  async rename(
    id: string,
    displayName: string | null,
    by: Principal,
    origin: RequestOrigin,
    manager: EntityManager,
  ): Promise<void> {
    await this.users.update(id, { displayName: displayName?.trim() ?? null }, manager);
    await this.trail.record(
      {
        actor: actorOf(by),
        action: 'user.updated',
        target: { type: 'user', id },
        details: { fields: ['displayName'] },
        origin,
      },
      manager,
    );
  }
}

function view(user: User): UserDto {
  const { id, email, username, displayName, role, status, createdAt, updatedAt } = user;
  return { id, email, username, displayName, role, status, createdAt, updatedAt };
}

function notFound(): DomainError {
  return new DomainError(usersErrors.USER_NOT_FOUND, 'There is no user with this id.');
}

/** The refusal for a broken unique constraint on a name; undefined for any other error. */
function takenName(error: unknown): DomainError | undefined {
  const constraint = brokenUniqueConstraint(error);
  if (constraint !== 'uq_users_email_key' && constraint !== 'uq_users_username_key') return undefined;
  const [pointer, what] =
    constraint === 'uq_users_email_key' ? ['/email', 'e-mail address'] : ['/username', 'user name'];
  return new DomainError(usersErrors.ACCOUNT_EXISTS, `An account with this ${what} exists.`, {
    errors: [{ pointer, detail: 'is taken' }],
  });
}
