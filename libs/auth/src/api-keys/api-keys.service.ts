import { Injectable } from '@nestjs/common';
import { actorOf, AuditTrail } from '#audit';
import {
  ChangeFeed,
  DEFAULT_PAGE_SIZE,
  DomainError,
  invalidRequest,
  newId,
  platformErrors,
  ReadCache,
  toPage,
  UUID_PATTERN,
  type CachedReads,
  type Page,
  type PageQuery,
  type Principal,
  type RequestOrigin,
} from '#platform';
import { authErrors } from '../auth.errors.js';
import { CredentialsRepository } from '../passwords/credentials.repository.js';
import { secretHash } from '../secret-hash.js';
import type { ApiKeyDto, CreateApiKeyDto, NewApiKeyDto } from './api-key.dto.js';
import type { ApiKey } from './api-key.entity.js';
import { generateApiKey, isWellFormedApiKey } from './api-key-format.js';
import { ApiKeyRepository } from './api-key.repository.js';

const API_KEY_TOPIC = 'api-key';
const MOST_KEYS_PER_USER = 100;

/** What a key says of who uses it. */
export interface ApiKeyIdentity {
  readonly id: string;
  readonly userId: string;
  readonly actsWithOwnersRole: boolean;
  readonly expiresAtMs: number;
}

function identityOf(key: ApiKey): ApiKeyIdentity {
  return {
    id: key.id,
    userId: key.userId,
    actsWithOwnersRole: key.scopes.includes('admin'),
    expiresAtMs: key.expiresAt?.getTime() ?? Infinity,
  };
}

@Injectable()
export class ApiKeysService {
  private readonly identities: CachedReads<ApiKeyIdentity>;

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly credentials: CredentialsRepository,
    private readonly feed: ChangeFeed,
    private readonly trail: AuditTrail,
    cache: ReadCache,
  ) {
    this.identities = cache.ofMany(API_KEY_TOPIC, async (keyHashes) => {
      const found = await this.keys.findByHashes(keyHashes);
      return new Map(found.map((key) => [key.keyHash, identityOf(key)]));
    });
  }

  /**
   * Whom a key that is cached belongs to; null for one that is mistyped or has expired; undefined when `identify`
   * must be asked.
   */
  peek(key: string): ApiKeyIdentity | null | undefined {
    if (!isWellFormedApiKey(key)) return null;
    const identity = this.identities.peek(secretHash(key));
    return identity && unlessExpired(identity);
  }

  /** Whom a well-formed key belongs to; null when it is unknown, revoked or expired. */
  async identify(key: string): Promise<ApiKeyIdentity | null> {
    const identity = await this.identities.get(secretHash(key));
    return identity && unlessExpired(identity);
  }

  async list(caller: Principal, query: PageQuery): Promise<Page<ApiKeyDto>> {
    return toPage(await this.keys.page(caller.userId, query), query.limit ?? DEFAULT_PAGE_SIZE, view);
  }

  /**
   * @throws FORBIDDEN for the scope `admin` asked for by anybody else, API_KEY_LIMIT, INVALID_REQUEST for an end that
   * is past.
   */
  async create(caller: Principal, wanted: CreateApiKeyDto, origin: RequestOrigin): Promise<NewApiKeyDto> {
    const scopes = wanted.scopes ?? [];
    if (scopes.includes('admin') && caller.role !== 'admin') {
      throw new DomainError(platformErrors.FORBIDDEN, 'Only an administrator makes keys with the scope admin.');
    }
    const expiresAt = wanted.expiresAt ? new Date(wanted.expiresAt) : null;
    if (expiresAt && expiresAt.getTime() <= Date.now())
      throw invalidRequest([{ pointer: '/expiresAt', detail: 'must lie in the future' }]);
    const { key, prefix } = generateApiKey();
    const created = {
      id: newId(),
      userId: caller.userId,
      name: wanted.name.trim(),
      prefix,
      keyHash: secretHash(key),
      scopes,
      createdAt: new Date(),
      expiresAt,
    };
    await this.feed.transaction(async (manager) => {
      // So that keys made at the same time are counted one after the other.
      await this.credentials.lock(caller.userId, manager);
      if ((await this.keys.countOf(caller.userId, manager)) >= MOST_KEYS_PER_USER) {
        throw new DomainError(authErrors.API_KEY_LIMIT, `An account has at most ${MOST_KEYS_PER_USER} API keys.`);
      }
      await this.keys.insert(created, manager);
      const target = { type: 'api-key', id: created.id } as const;
      await this.trail.record(
        { actor: actorOf(caller), action: 'api-key.created', target, details: { prefix, scopes, expiresAt }, origin },
        manager,
      );
    });
    return { ...view({ ...created, lastUsedAt: null }), key };
  }

  /** @throws API_KEY_NOT_FOUND */
  async revoke(caller: Principal, id: string, origin: RequestOrigin): Promise<void> {
    await this.feed.transaction(async (manager, announce) => {
      const key = UUID_PATTERN.test(id) ? await this.keys.revoke(id, caller.userId, manager) : null;
      if (!key) throw new DomainError(authErrors.API_KEY_NOT_FOUND, 'There is no such API key.');
      await this.trail.record(
        {
          actor: actorOf(caller),
          action: 'api-key.revoked',
          target: { type: 'api-key', id },
          details: { prefix: key.prefix },
          origin,
        },
        manager,
      );
      announce({ topic: API_KEY_TOPIC, key: key.keyHash });
    });
  }
}

function unlessExpired(identity: ApiKeyIdentity): ApiKeyIdentity | null {
  return identity.expiresAtMs > Date.now() ? identity : null;
}

function view(key: Omit<ApiKey, 'userId' | 'keyHash' | 'revokedAt'>): ApiKeyDto {
  const { id, name, prefix, scopes, createdAt, expiresAt, lastUsedAt } = key;
  return { id, name, prefix, scopes, createdAt, expiresAt, lastUsedAt };
}
