import { Injectable } from '@nestjs/common';
import { Brackets, DataSource, type SelectQueryBuilder } from 'typeorm';
import { afterId, DEFAULT_PAGE_SIZE } from '#platform';
import { nameKey, User } from '#users';
import { DEFAULT_PLAN } from '../plan.entity.js';
import { Subscription } from '../subscription.entity.js';
import type { AccountDto, AccountQuery } from './account.dto.js';

const COLUMNS = [
  'id',
  'email',
  'username',
  'displayName',
  'role',
  'status',
  'createdAt',
  'updatedAt',
] as const satisfies (keyof User)[];
const PLAN = 'COALESCE(subscription.planName, :defaultPlan)';

@Injectable()
export class AccountRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(id: string): Promise<AccountDto | null> {
    return (await this.accounts().where('user.id = :id', { id }).getRawOne<AccountDto>()) ?? null;
  }

  /** A page, newest first, with one row more when there are more. */
  page(query: AccountQuery): Promise<AccountDto[]> {
    const select = this.accounts()
      .orderBy('user.id', 'DESC')
      .limit((query.limit ?? DEFAULT_PAGE_SIZE) + 1);
    const after = afterId(query);
    if (after) select.andWhere('user.id < :after', { after });
    if (query.role) select.andWhere('user.role = :role', { role: query.role });
    if (query.status) select.andWhere('user.status = :status', { status: query.status });
    if (query.plan !== undefined) select.andWhere(`${PLAN} = :plan`, { plan: query.plan });
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
    return select.getRawMany<AccountDto>();
  }

  private accounts(): SelectQueryBuilder<User> {
    const select = this.dataSource
      .createQueryBuilder(User, 'user')
      .leftJoin(Subscription, 'subscription', 'subscription.userId = user.id')
      .select(PLAN, 'plan')
      .addSelect('subscription.since', 'planSince')
      .setParameter('defaultPlan', DEFAULT_PLAN);
    for (const column of COLUMNS) select.addSelect(`user.${column}`, column);
    return select;
  }
}
