/**
 * The access rule of a route, declared by decorators and carried in Fastify's route config, so that the `onRequest` hooks know it
 * before the body is read. A route without a rule does not open.
 */
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Role } from './principal.js';
import { extendRouteConfig } from './route-config.js';

/** What a request counts against: the plan's requests a minute, or the wide limit on reads. */
export type Cost = 'request' | 'read';

export interface AccessRule {
  readonly public: boolean;
  /** Who may call; empty: any signed-in user. */
  readonly roles: readonly Role[];
  readonly cost: Cost;
  /** May be called while the password must be changed. */
  readonly duringPasswordChange: boolean;
  /** May be called with an API key (without the scope `admin`). */
  readonly apiKeys: boolean;
  /** May be called without a token by whom the operator named for that: requests then count for that account. */
  readonly anonymous: boolean;
  /** An access token must come from a password, not from a refresh token. */
  readonly freshTokens: boolean;
  /** Needs no token when the connection comes from this machine itself. */
  readonly openOnLoopback: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
  }
}

const CLOSED: AccessRule = {
  public: false,
  roles: [],
  cost: 'read',
  duringPasswordChange: false,
  apiKeys: true,
  anonymous: false,
  freshTokens: false,
  openOnLoopback: false,
};

function extendRule(change: Partial<AccessRule>): MethodDecorator {
  return extendRouteConfig(({ access }) => ({ access: { ...CLOSED, ...access, ...change } }));
}

/**
 * In the OpenAPI document: an access token, an API key, or signing in by user name and password. Made anew for each route:
 * a decorator of Swagger's remembers the routes it was used on.
 */
function security(): MethodDecorator[] {
  return [ApiBearerAuth(), ApiSecurity('apiKey'), ApiSecurity('password')];
}

function all(...decorators: (MethodDecorator & ClassDecorator)[] | MethodDecorator[]): MethodDecorator {
  return (target, property, descriptor) => {
    for (const decorator of decorators) (decorator as MethodDecorator)(target, property, descriptor);
  };
}

/** Anyone may call, with or without a token. */
export function Public(): MethodDecorator {
  return extendRule({ public: true });
}

/** Any signed-in user may call. */
export function Authenticated(): MethodDecorator {
  return all(extendRule({ public: false }), ...security());
}

/** Signed-in users with one of these roles may call; an `admin` may wherever a narrower role may. */
export function Roles(...roles: Role[]): MethodDecorator {
  const allowed: Role[] = roles.includes('admin') ? roles : [...roles, 'admin'];
  return all(extendRule({ public: false, roles: allowed }), ...security(), ApiExtension('x-roles', allowed));
}

/** The call counts against the plan's requests a minute (without this: against the wide limit on reads). */
export function Costs(cost: Cost): MethodDecorator {
  return extendRule({ cost });
}

/** Stays open while the caller's password must be changed. */
export function DuringPasswordChange(): MethodDecorator {
  return extendRule({ duringPasswordChange: true });
}

/** Managing keys, passwords and sessions: never by API key. */
export function NoApiKeys(): MethodDecorator {
  return extendRule({ apiKeys: false });
}

/** Also without a token, for the account that the operator keeps for such calls (LEGACY_ANONYMOUS_USER), if there is one. */
export function OrAnonymous(): MethodDecorator {
  return extendRule({ anonymous: true });
}

/** An access token that a refresh token brought does not do. */
export function FreshTokens(): MethodDecorator {
  return extendRule({ freshTokens: true });
}

/** The rule of routes that are not Nest controllers but are meant to be open: Swagger UI's pages. */
export const PUBLIC_RULE: AccessRule = { ...CLOSED, public: true };

/** Open to this machine's own addresses; from elsewhere, to administrators: the rule of /metrics. */
export function LoopbackOrAdmin(): MethodDecorator {
  return extendRule({ public: false, roles: ['admin'], openOnLoopback: true });
}
