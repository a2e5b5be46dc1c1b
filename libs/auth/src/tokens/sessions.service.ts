/**
 * Sessions: begun with a password, continued with refresh tokens that are used once, ended by revocation. The two
 * ways to hold a used token, a thief's and a lost answer's, are told apart by time (RFC 9700 §4.14.2): within ten
 * seconds it gets a sibling, later all of its family ends.
 */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { actorOf, ANONYMOUS, AuditTrail, type Actor } from '#audit';
import { ChangeFeed, newId, type Principal, type RequestOrigin } from '#platform';
import { PRINCIPAL_TOPIC } from '#users';
import { AttemptLimits } from '../limits/attempt-limits.js';
import { CredentialsRepository, type AccountStanding } from '../passwords/credentials.repository.js';
import { PasswordCheck, wrongNameOrPassword } from '../passwords/password-check.js';
import { secretHash } from '../secret-hash.js';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-tokens.js';
import { InvalidGrantError } from './oauth-error.js';
import type { RefreshDelivery } from './refresh-delivery.js';
import { RefreshTokenRepository } from './refresh-token.repository.js';
import { readRevocationRequest, readTokenRequest, type TokenDto } from './token.dto.js';

const REFRESH_TOKEN_SECONDS = 30 * 24 * 60 * 60;
const REUSE_GRACE_MS = 10_000;
const REFRESH_TOKEN_BYTES = 32;
interface Issued {
  readonly userId: string;
  readonly sessionId: string;
  readonly standing: AccountStanding;
  /** Begun with a password just now. */
  readonly fresh: boolean;
}

/** A session that goes on when its access token is over. */
interface Continued extends Issued {
  readonly refreshToken: string;
}

/** What the refresh token of a session is; `none`: the session is over with its access token. */
type RefreshKind = 'rotated' | 'reusable' | 'none';

/** A session of a client that knows no rotation: its refresh token renews the access token again and again until it ends. */
export interface ReusableSession {
  readonly accessToken: string;
  readonly refreshToken: string;
}

@Injectable()
export class SessionsService {
  constructor(
    private readonly passwords: PasswordCheck,
    private readonly credentials: CredentialsRepository,
    private readonly refreshTokens: RefreshTokenRepository,
    private readonly accessTokens: AccessTokens,
    private readonly limits: AttemptLimits,
    private readonly trail: AuditTrail,
    private readonly feed: ChangeFeed,
    private readonly dataSource: DataSource,
  ) {}

  /** The token endpoint, RFC 6749 §4.3 and §6. @throws OAuthError, TOO_MANY_ATTEMPTS, PASSWORD_HASHING_BUSY */
  async grant(body: unknown, delivery: RefreshDelivery, origin: RequestOrigin): Promise<TokenDto> {
    const request = readTokenRequest(body, delivery.received);
    const issued =
      request.grantType === 'password'
        ? await this.signIn(request.username, request.password, origin)
        : await this.refresh(request.refreshToken, origin);
    if (delivery.byCookie) delivery.setCookie(issued.refreshToken, REFRESH_TOKEN_SECONDS);
    return {
      access_token: this.accessTokenOf(issued),
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      ...(delivery.byCookie ? {} : { refresh_token: issued.refreshToken }),
      ...(issued.standing.mustChange ? { mustChangePassword: true as const } : {}),
    };
  }

  /**
   * Signs in a client of an older service, whose refresh token may be used more than once, and by `renew` alone.
   * @throws OAuthError, TOO_MANY_ATTEMPTS, PASSWORD_HASHING_BUSY
   */
  async signInReusably(name: string, password: string, origin: RequestOrigin): Promise<ReusableSession> {
    const issued = await this.signIn(name, password, origin, 'reusable');
    return { accessToken: this.accessTokenOf(issued), refreshToken: issued.refreshToken };
  }

  /**
   * Signs in a client that knows no refresh tokens: there is none, and the session is over with the access token that is answered.
   * @throws OAuthError, TOO_MANY_ATTEMPTS, PASSWORD_HASHING_BUSY
   */
  async signInOnce(name: string, password: string, origin: RequestOrigin): Promise<string> {
    return this.accessTokenOf(await this.signIn(name, password, origin, 'none'));
  }

  /** Another access token, which is not fresh, for a refresh token of `signInReusably`. @throws OAuthError, TOO_MANY_ATTEMPTS */
  async renew(refreshToken: string, origin: RequestOrigin): Promise<string> {
    await this.limits.admitRefresh(origin.address);
    const tokenHash = secretHash(refreshToken);
    const found = await this.refreshTokens.findByHash(tokenHash);
    if (!found?.reusable) throw refreshTokenOver();
    return this.dataSource.transaction(async (manager) => {
      const { userId, familyId } = found;
      const standing = await this.credentials.lock(userId, manager);
      const current = await this.refreshTokens.findByHash(tokenHash, manager);
      if (standing?.status !== 'active' || !current || current.revokedAt || current.expiresAt <= new Date())
        throw refreshTokenOver();
      return this.accessTokens.issue(userId, familyId, standing.tokenEpoch, false);
    });
  }

  private accessTokenOf({ userId, sessionId, standing, fresh }: Issued): string {
    return this.accessTokens.issue(userId, sessionId, standing.tokenEpoch, fresh);
  }

  /**
   * RFC 7009: ends the session of a refresh token; a token that is unknown or over already is no error. @throws
   * OAuthError
   */
  async revoke(body: unknown, delivery: RefreshDelivery, origin: RequestOrigin): Promise<void> {
    const token = readRevocationRequest(body, delivery.received);
    await this.limits.admitRefresh(origin.address);
    delivery.clearCookie();
    const found = await this.refreshTokens.findByHash(secretHash(token));
    if (!found) return;
    await this.dataSource.transaction(async (manager) => {
      await this.credentials.lock(found.userId, manager);
      if (await this.refreshTokens.revokeFamily(found.familyId, manager)) {
        await this.recordSession(
          'session.revoked',
          { kind: 'user', id: found.userId },
          found.familyId,
          origin,
          manager,
        );
      }
    });
  }

  /** Ends all sessions of the caller, and the access tokens of this one at once too. API keys stay. */
  async signOutEverywhere(caller: Principal, origin: RequestOrigin): Promise<void> {
    await this.feed.transaction(async (manager, announce) => {
      await this.credentials.lock(caller.userId, manager);
      await this.credentials.raiseEpoch(caller.userId, manager);
      await this.refreshTokens.revokeAll(caller.userId, null, manager);
      const target = { type: 'user', id: caller.userId } as const;
      await this.trail.record(
        { actor: actorOf(caller), action: 'session.revoked-everywhere', target, origin },
        manager,
      );
      announce({ topic: PRINCIPAL_TOPIC, key: caller.userId });
    });
  }

  private signIn(name: string, password: string, origin: RequestOrigin, kind: 'none'): Promise<Issued>;
  private signIn(
    name: string,
    password: string,
    origin: RequestOrigin,
    kind?: Exclude<RefreshKind, 'none'>,
  ): Promise<Continued>;
  private async signIn(
    name: string,
    password: string,
    origin: RequestOrigin,
    kind: RefreshKind = 'rotated',
  ): Promise<Issued | Continued> {
    const { user, tokenEpoch } = await this.passwords.check(name, password, origin);
    const userId = user.id;
    return this.dataSource.transaction(async (manager) => {
      const standing = await this.credentials.lock(userId, manager);
      // The password may have been changed, or the user suspended, while it was checked.
      if (!standing || standing.status !== 'active' || standing.tokenEpoch !== tokenEpoch) throw wrongNameOrPassword();
      const sessionId = newId();
      await this.recordSession('session.started', { kind: 'user', id: userId }, sessionId, origin, manager);
      const issued = { userId, sessionId, standing, fresh: true };
      if (kind === 'none') return issued;
      const refreshToken = await this.addRefreshToken(userId, sessionId, manager, kind === 'reusable');
      return { ...issued, refreshToken };
    });
  }

  private async refresh(token: string, origin: RequestOrigin): Promise<Continued> {
    await this.limits.admitRefresh(origin.address);
    const tokenHash = secretHash(token);
    const found = await this.refreshTokens.findByHash(tokenHash);
    if (!found || found.reusable) throw refreshTokenOver();
    const issued = await this.dataSource.transaction(async (manager): Promise<Continued | null> => {
      const { userId, familyId } = found;
      const standing = await this.credentials.lock(userId, manager);
      const current = await this.refreshTokens.findByHash(tokenHash, manager);
      const now = new Date();
      if (!standing || standing.status !== 'active' || !current || current.revokedAt || current.expiresAt <= now)
        return null;
      if (current.usedAt && now.getTime() - current.usedAt.getTime() > REUSE_GRACE_MS) {
        await this.refreshTokens.revokeFamily(familyId, manager);
        await this.recordSession('session.refresh-reused', ANONYMOUS, familyId, origin, manager);
        return null; // not thrown: the revocation must be committed
      }
      if (!current.usedAt) await this.refreshTokens.markUsed(current.id, now, manager);
      return {
        userId,
        sessionId: familyId,
        standing,
        refreshToken: await this.addRefreshToken(userId, familyId, manager),
        fresh: false,
      };
    });
    if (!issued) throw refreshTokenOver();
    return issued;
  }

  private async addRefreshToken(
    userId: string,
    familyId: string,
    manager: EntityManager,
    reusable = false,
  ): Promise<string> {
    const token = randomBytes(REFRESH_TOKEN_BYTES).toString('base64url');
    const expiresAt = new Date(Date.now() + REFRESH_TOKEN_SECONDS * 1000);
    await this.refreshTokens.insert(
      { id: newId(), userId, familyId, tokenHash: secretHash(token), expiresAt, reusable },
      manager,
    );
    return token;
  }

  private recordSession(
    action: 'session.started' | 'session.revoked' | 'session.refresh-reused',
    actor: Actor,
    sessionId: string,
    origin: RequestOrigin,
    manager: EntityManager,
  ): Promise<void> {
    return this.trail.record({ actor, action, target: { type: 'session', id: sessionId }, origin }, manager);
  }
}

function refreshTokenOver(): InvalidGrantError {
  return new InvalidGrantError(
    'REFRESH_TOKEN_OVER',
    'The refresh token is unknown, used, revoked or expired. Sign in again.',
  );
}
