/**
 * The `onRequest` hook that decides who calls and whether they may, by the access rule that the route's decorators
 * declared. It runs before the body is read. When everything is cached it finishes without awaiting anything.
 */
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError, platformErrors, type AccessRule, type Principal } from '#platform';
import { ApiKeysService, type ApiKeyIdentity } from './api-keys/api-keys.service.js';
import { ApiKeyUse } from './api-keys/api-key-use.js';
import { authErrors } from './auth.errors.js';
import { authenticationRequired, CHALLENGE, CREDENTIAL_NEEDED } from './challenge.js';
import type { AccountStanding } from './passwords/credentials.repository.js';
import { presentedCredential, type PresentedCredential } from './presented-credential.js';
import { AnonymousAccount } from './anonymous-account.js';
import { Principals } from './principals.js';
import type { AccessClaims } from './tokens/access-token.strategy.js';
import { AccessTokens } from './tokens/access-tokens.js';

const NEEDED_UNLESS_ANONYMOUS = `${CREDENTIAL_NEEDED} Whoever runs this server may set LEGACY_ANONYMOUS_USER, for calls without one.`;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** What proxies on this machine add when they speak for somebody else; which of them depends on the proxy. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

type Done = (error?: Error) => void;

@Injectable()
export class Authenticator {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly apiKeys: ApiKeysService,
    private readonly apiKeyUse: ApiKeyUse,
    private readonly principals: Principals,
    private readonly anonymousAccount: AnonymousAccount,
  ) {}

  /** Adds the hook. After `registerRequestState`, before any route. */
  register(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => this.authenticate(request, done));
  }

  private authenticate(request: FastifyRequest, done: Done): void {
    const { state } = request;
    state.enter('auth', state.receivedAtMs);
    const rule = state.route.config.access;
    if (!rule) {
      if (request.is404) done();
      else done(new DomainError(platformErrors.ROUTE_CLOSED, 'This route declares no access rule.'));
      return;
    }
    if (rule.public || (rule.openOnLoopback && isFromThisMachine(request))) {
      state.ruleApplied = true;
      done();
      return;
    }
    const finish = (principal: Principal | null): void => {
      const refusal = refusalOf(principal, rule);
      state.principal = principal;
      state.ruleApplied = true;
      state.leave();
      if (principal?.apiKeyId) this.apiKeyUse.note(principal.apiKeyId);
      done(refusal);
    };
    const credential = presentedCredential(request.headers);
    // What is shown and cannot be read is not the same as nothing.
    if (!credential && rule.anonymous && this.anonymousAccount.configured && !showsSomething(request)) {
      this.anonymousAccount.principal().then(finish, done);
      return;
    }
    if (!credential) {
      done(authenticationRequired(this.neededBy(rule)));
      return;
    }
    const cached = this.peek(credential);
    if (cached === undefined) this.find(credential).then(finish, done);
    else finish(cached);
  }

  private neededBy({ anonymous }: AccessRule): string {
    return anonymous && !this.anonymousAccount.configured ? NEEDED_UNLESS_ANONYMOUS : CREDENTIAL_NEEDED;
  }

  /**
   * The caller, when all that decides is cached; null when the credential does not hold; undefined when `find` must
   * be asked.
   */
  private peek({ kind, value }: PresentedCredential): Principal | null | undefined {
    if (kind === 'access-token') {
      const claims = this.accessTokens.peek(value);
      const standing = claims && this.principals.peek(claims.userId);
      return standing && tokenPrincipal(claims, standing);
    }
    const identity = this.apiKeys.peek(value);
    if (identity === null) return null;
    const standing = identity && this.principals.peek(identity.userId);
    return standing && keyPrincipal(identity, standing);
  }

  private async find({ kind, value }: PresentedCredential): Promise<Principal | null> {
    if (kind === 'access-token') {
      const claims = this.accessTokens.peek(value) ?? (await this.accessTokens.verify(value));
      const standing = claims && (await this.principals.get(claims.userId));
      return standing && tokenPrincipal(claims, standing);
    }
    const identity = await this.apiKeys.identify(value);
    const standing = identity && (await this.principals.get(identity.userId));
    return standing && keyPrincipal(identity, standing);
  }
}

function tokenPrincipal(claims: AccessClaims, standing: AccountStanding): Principal | null {
  if (standing.status !== 'active' || standing.tokenEpoch !== claims.epoch) return null;
  return {
    userId: claims.userId,
    role: standing.role,
    apiKeyId: null,
    mustChangePassword: standing.mustChange,
    sessionId: claims.sessionId,
    fresh: claims.fresh,
  };
}

function keyPrincipal(identity: ApiKeyIdentity, standing: AccountStanding): Principal | null {
  if (standing.status !== 'active') return null;
  const role = identity.actsWithOwnersRole ? standing.role : 'user';
  return { userId: identity.userId, role, apiKeyId: identity.id, mustChangePassword: standing.mustChange };
}

function refusalOf(principal: Principal | null, rule: AccessRule): DomainError | undefined {
  if (!principal) {
    return new DomainError(
      authErrors.INVALID_TOKEN,
      'The token or key is malformed, expired, revoked, or its account is suspended.',
      {
        headers: {
          'www-authenticate': `${CHALLENGE}, error="invalid_token", error_description="The token or key does not hold"`,
        },
      },
    );
  }
  if (principal.mustChangePassword && !rule.duringPasswordChange) {
    return new DomainError(
      authErrors.PASSWORD_CHANGE_REQUIRED,
      'Change the password first: PATCH /v1/me with currentPassword and newPassword.',
    );
  }
  if (principal.apiKeyId !== null && !rule.apiKeys) {
    return new DomainError(
      authErrors.API_KEY_NOT_ALLOWED,
      'This needs an access token; an API key does not manage keys, passwords or sessions.',
    );
  }
  if (rule.freshTokens && principal.fresh === false) {
    return new DomainError(
      authErrors.FRESH_TOKEN_REQUIRED,
      'This route wants an access token that came from a password, not from a refresh token.',
      {
        headers: {
          'www-authenticate': `${CHALLENGE}, error="invalid_token", error_description="Fresh token required"`,
        },
      },
    );
  }
  if (rule.roles.length > 0 && !rule.roles.includes(principal.role)) {
    return new DomainError(platformErrors.FORBIDDEN, `This needs the role ${rule.roles.join(' or ')}.`);
  }
  return undefined;
}

function showsSomething({ headers }: FastifyRequest): boolean {
  return headers.authorization !== undefined || headers['x-api-key'] !== undefined;
}

/** The connection itself comes from a loopback address, and no proxy says that it speaks for somebody else. */
function isFromThisMachine(request: FastifyRequest): boolean {
  return (
    LOOPBACK.test(request.socket.remoteAddress ?? '') &&
    PROXY_HEADERS.every((name) => request.headers[name] === undefined)
  );
}
