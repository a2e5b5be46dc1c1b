/** What decides over every token of a user (role, status, epoch), cached until a change is announced. */
import { Injectable } from '@nestjs/common';
import { ReadCache, type CachedReads } from '#platform';
import { PRINCIPAL_TOPIC } from '#users';
import { CredentialsRepository, type AccountStanding } from './passwords/credentials.repository.js';

@Injectable()
export class Principals {
  private readonly standings: CachedReads<AccountStanding>;

  constructor(cache: ReadCache, credentials: CredentialsRepository) {
    this.standings = cache.ofMany(PRINCIPAL_TOPIC, (userIds) => credentials.standings(userIds));
  }

  /** Undefined when it is not cached. */
  peek(userId: string): AccountStanding | undefined {
    return this.standings.peek(userId);
  }

  /** Null when there is no such user. */
  get(userId: string): Promise<AccountStanding | null> {
    return this.standings.get(userId);
  }
}
