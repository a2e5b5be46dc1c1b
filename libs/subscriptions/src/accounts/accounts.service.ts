import { Injectable } from '@nestjs/common';
import {
  DEFAULT_PAGE_SIZE,
  DomainError,
  toPage,
  UUID_PATTERN,
  type Page,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { usersErrors, UsersService, type ChangeUserDto } from '#users';
import type { AccountDto, AccountQuery } from './account.dto.js';
import { AccountRepository } from './account.repository.js';

/** Users with their plans, for administrators. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly users: UsersService,
  ) {}

  async list(query: AccountQuery): Promise<Page<AccountDto>> {
    return toPage(await this.accounts.page(query), query.limit ?? DEFAULT_PAGE_SIZE, (account) => account);
  }

  /** @throws USER_NOT_FOUND */
  async get(id: string): Promise<AccountDto> {
    const account = UUID_PATTERN.test(id) ? await this.accounts.find(id) : null;
    if (!account) throw new DomainError(usersErrors.USER_NOT_FOUND, 'There is no user with this id.');
    return account;
  }

  /** @throws USER_NOT_FOUND, LAST_ADMINISTRATOR, OWN_ROLE */
  async change(id: string, changes: ChangeUserDto, by: Principal, origin: RequestOrigin): Promise<AccountDto> {
    await this.users.change(id, changes, by, origin);
    return this.get(id);
  }
}
