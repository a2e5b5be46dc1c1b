import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, Repository, type EntityManager } from 'typeorm';
import { afterId, DEFAULT_PAGE_SIZE } from '#platform';
import { nameKey } from './account-names.js';
import type { UserQuery } from './user.dto.js';
import { User } from './user.entity.js';

@Injectable()
export class UserRepository {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  findById(id: string, manager: EntityManager = this.users.manager): Promise<User | null> {
    return manager.findOneBy(User, { id });
  }

  findByKey(key: { readonly emailKey: string } | { readonly usernameKey: string }): Promise<User | null> {
    return this.users.findOneBy(key);
  }

  /** A page, newest first, with one row more when there are more. */
  page(query: UserQuery): Promise<User[]> {
    const select = this.users
      .createQueryBuilder('user')
      .orderBy('user.id', 'DESC')
      .take((query.limit ?? DEFAULT_PAGE_SIZE) + 1);
    const after = afterId(query);
    if (after) select.andWhere('user.id < :after', { after });
    if (query.role) select.andWhere('user.role = :role', { role: query.role });
    if (query.status) select.andWhere('user.status = :status', { status: query.status });
    if (query.q) {
      const pattern = `%${nameKey(query.q).replace(/[\\%_]/g, '\\$&')}%`;
      select.andWhere(
        new Brackets((either) =>
          either
            .where('user.emailKey LIKE :pattern')
            .orWhere('user.usernameKey LIKE :pattern')
            .orWhere('user.displayName ILIKE :pattern'),
        ),
        { pattern },
      );
    }
    return select.getMany();
  }

  /**
   * The active administrators and the user `id`, locked until the transaction ends: two that demote each other wait
   * in line.
   */
  lockWithAdministrators(id: string, manager: EntityManager): Promise<User[]> {
    return manager
      .createQueryBuilder(User, 'user')
      .where(`user.id = :id OR (user.role = 'admin' AND user.status = 'active')`, { id })
      .orderBy('user.id')
      .setLock('pessimistic_write')
      .getMany();
  }

  administratorExists(manager: EntityManager): Promise<boolean> {
    return manager.existsBy(User, { role: 'admin' });
  }

  async insert(user: Omit<User, 'createdAt' | 'updatedAt' | 'status'>, manager: EntityManager): Promise<void> {
    await manager.insert(User, user);
  }

  async update(
    id: string,
    changes: Partial<Pick<User, 'role' | 'status' | 'displayName'>>,
    manager: EntityManager,
  ): Promise<void> {
    await manager.update(User, { id }, { ...changes, updatedAt: () => 'now()' });
  }
}
