import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Any, IsNull, Repository, type EntityManager } from 'typeorm';
import { afterId, DEFAULT_PAGE_SIZE, type PageQuery } from '#platform';
import { ApiKey } from './api-key.entity.js';

@Injectable()
export class ApiKeyRepository {
  constructor(@InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>) {}

  /** Keys that are not revoked; they may have expired. */
  findByHashes(keyHashes: readonly string[]): Promise<ApiKey[]> {
    return this.keys.findBy({ keyHash: Any(keyHashes), revokedAt: IsNull() });
  }

  /** A page of the keys that are not revoked, newest first, with one row more when there are more. */
  page(userId: string, query: PageQuery): Promise<ApiKey[]> {
    const select = this.keys
      .createQueryBuilder('key')
      .where('key.userId = :userId AND key.revokedAt IS NULL', { userId })
      .orderBy('key.id', 'DESC')
      .take((query.limit ?? DEFAULT_PAGE_SIZE) + 1);
    const after = afterId(query);
    if (after) select.andWhere('key.id < :after', { after });
    return select.getMany();
  }

  countOf(userId: string, manager: EntityManager): Promise<number> {
    return manager.countBy(ApiKey, { userId, revokedAt: IsNull() });
  }

  async insert(
    key: Pick<ApiKey, 'id' | 'userId' | 'name' | 'prefix' | 'keyHash' | 'scopes' | 'createdAt' | 'expiresAt'>,
    manager: EntityManager,
  ): Promise<void> {
    await manager.insert(ApiKey, key);
  }

  /** The key that was revoked by this call, or null when the user has no such key or it was revoked before. */
  async revoke(id: string, userId: string, manager: EntityManager): Promise<ApiKey | null> {
    const key = await manager.findOne(ApiKey, {
      where: { id, userId, revokedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    if (key) await manager.update(ApiKey, { id }, { revokedAt: () => 'now()' });
    return key;
  }

  async touch(ids: readonly string[], usedAt: Date): Promise<void> {
    await this.keys.query('UPDATE api_keys SET last_used_at = greatest(last_used_at, $2) WHERE id = ANY($1::uuid[])', [
      ids,
      usedAt,
    ]);
  }
}
