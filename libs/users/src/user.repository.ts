import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
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
