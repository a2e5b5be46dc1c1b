import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { KEY_LIFETIME } from './key-claims.js';

@Injectable()
export class IdempotencyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The user's key of this name, if it is still alive. */
  find(userId: string, key: string): Promise<IdempotencyKey | null> {
    return this.dataSource
      .createQueryBuilder(IdempotencyKey, 'entry')
      .where('entry.userId = :userId AND entry.key = :key', { userId, key })
      .andWhere(`entry.createdAt > now() - ${KEY_LIFETIME}`)
      .getOne();
  }

  /** Forgets keys whose time is over; how many. */
  async forgetExpired(): Promise<number> {
    const { affected } = await this.dataSource
      .createQueryBuilder()
      .delete()
      .from(IdempotencyKey)
      .where(`createdAt <= now() - ${KEY_LIFETIME}`)
      .execute();
    return affected ?? 0;
  }
}
