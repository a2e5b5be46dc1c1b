/** Verifies access tokens with passport-jwt: signature (ES256 and nothing else), issuer, audience, times. */
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { LatidoConfig, UUID_PATTERN } from '#platform';
import { SigningKey } from './signing-key.js';

export const TOKEN_AUDIENCE = 'latido';

/** What a verified access token says. */
export interface AccessClaims {
  readonly userId: string;
  /** The family of refresh tokens that it came with. */
  readonly sessionId: string;
  readonly epoch: number;
  /** It came from a password, not from a refresh token. */
  readonly fresh: boolean;
  readonly expiresAtMs: number;
}

@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'jwt') {
  /**
   * Of its own, not the process-wide one: two servers in a process have two keys. Set while the parent is
   * constructed.
   */
  declare private ownPassport: passport.Authenticator | undefined;

  constructor(key: SigningKey, config: LatidoConfig) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // A KeyObject is parsed once, a PEM string at each verification; the types know only the string.
      secretOrKey: key.publicKey as unknown as string,
      algorithms: ['ES256'],
      issuer: config.auth.issuer,
      audience: TOKEN_AUDIENCE,
    } satisfies StrategyOptionsWithoutRequest);
  }

  /** Called with the payload once signature, issuer, audience and times are right; null refuses it. */
  validate(payload: Record<string, unknown>): AccessClaims | null {
    const { sub, sid, epoch, exp, fresh } = payload;
    if (
      typeof sub !== 'string' ||
      !UUID_PATTERN.test(sub) ||
      typeof sid !== 'string' ||
      typeof epoch !== 'number' ||
      typeof exp !== 'number'
    )
      return null;
    return { userId: sub, sessionId: sid, epoch, fresh: fresh === true, expiresAtMs: exp * 1000 };
  }

  /** Resolves with what the token says, null when it does not hold. */
  verify(token: string): Promise<AccessClaims | null> {
    return new Promise((resolve, reject) => {
      const decide = (error: unknown, claims: AccessClaims | false | null | undefined): void => {
        if (error) reject(error instanceof Error ? error : new Error(String(error)));
        else resolve(claims || null);
      };
      // passport writes its session methods on what it is given: a request of its own keeps them off Fastify's.
      const request = { headers: { authorization: `Bearer ${token}` } };
      this.getPassportInstance().authenticate('jwt', { session: false }, decide)(request, {}, reject);
    });
  }

  getPassportInstance(): passport.Authenticator {
    return (this.ownPassport ??= new passport.Passport());
  }
}
