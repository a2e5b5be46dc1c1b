import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import type { Role } from '#platform';
import type { UserStatus } from '#users';
import { Credentials } from './credentials.entity.js';

/**
 * What decides over a token that was issued: read with one query, because every request needs it that finds it not
 * cached.
 */
export interface AccountStanding {
  readonly role: Role;
  readonly status: UserStatus;
  readonly tokenEpoch: number;
  readonly mustChange: boolean;
}

type StandingRow = AccountStanding & { readonly id: string };

const STANDINGS = `SELECT u.id, u.role, u.status, c.token_epoch AS "tokenEpoch", c.must_change AS "mustChange"
  FROM credentials c JOIN users u ON u.id = c.user_id WHERE c.user_id = ANY($1::uuid[])`;

@Injectable()
export class CredentialsRepository {
  constructor(@InjectRepository(Credentials) private readonly credentials: Repository<Credentials>) {}

  find(userId: string): Promise<Credentials | null> {
    return this.credentials.findOneBy({ userId });
  }

  /** By user; those who do not exist are left out. */
  async standings(userIds: readonly string[]): Promise<Map<string, AccountStanding>> {
    const rows: StandingRow[] = await this.credentials.query(STANDINGS, [userIds]);
    return new Map(rows.map(({ id, ...standing }) => [id, standing]));
  }

  /**
   * The same, holding the user's credentials until the transaction ends. Everything that starts, continues or ends a
   * session takes this lock first, so that no session slips through between a revocation's look and its act.
   */
  async lock(userId: string, manager: EntityManager): Promise<AccountStanding | null> {
    const [row]: StandingRow[] = await manager.query(`${STANDINGS} FOR UPDATE OF c`, [[userId]]);
    return row ?? null;
  }

  async insert(
    credentials: Pick<Credentials, 'userId' | 'passwordHash' | 'mustChange'>,
    manager: EntityManager,
  ): Promise<void> {
    await manager.insert(Credentials, credentials);
  }

  /** A new password; access tokens issued so far are over. */
  async setPassword(userId: string, passwordHash: string, mustChange: boolean, manager: EntityManager): Promise<void> {
    await manager.update(
      Credentials,
      { userId },
      { passwordHash, mustChange, tokenEpoch: () => 'token_epoch + 1', updatedAt: () => 'now()' },
    );
  }

  /** Access tokens issued so far are over. */
  async raiseEpoch(userId: string, manager: EntityManager): Promise<void> {
    await manager.update(Credentials, { userId }, { tokenEpoch: () => 'token_epoch + 1', updatedAt: () => 'now()' });
  }
}
