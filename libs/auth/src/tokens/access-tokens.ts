/**
 * Access tokens: JWT, ES256, 20 minutes. A bounded cache in front of the verification, so that no token is verified
 * twice in a row.
 */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { BoundedMap } from '#platform';
import { AccessTokenStrategy, type AccessClaims } from './access-token.strategy.js';

export const ACCESS_TOKEN_SECONDS = 20 * 60;
const VERIFIED_CAPACITY = 50_000;
/** At a token's end is its signature: few of its characters tell it from others, and are quickly looked up. */
const KEY_CHARACTERS = 24;

interface Verified {
  readonly token: string;
  readonly claims: AccessClaims;
}

@Injectable()
export class AccessTokens {
  private readonly verified = new BoundedMap<string, Verified>(VERIFIED_CAPACITY);

  constructor(
    private readonly jwt: JwtService,
    private readonly strategy: AccessTokenStrategy,
  ) {}

  /** @param fresh it comes from a password, not from a refresh token */
  issue(userId: string, sessionId: string, epoch: number, fresh: boolean): string {
    return this.jwt.sign(
      { sid: sessionId, epoch, fresh },
      { subject: userId, jwtid: randomUUID(), expiresIn: ACCESS_TOKEN_SECONDS },
    );
  }

  /** What a token says that was verified before and has not expired since; undefined when it must be verified. */
  peek(token: string): AccessClaims | undefined {
    const key = token.slice(-KEY_CHARACTERS);
    const verified = this.verified.get(key);
    // The whole token: its signature may have been put under something else.
    if (verified?.token !== token) return undefined;
    if (verified.claims.expiresAtMs > Date.now()) return verified.claims;
    this.verified.delete(key);
    return undefined;
  }

  /** What the token says; null when it is forged, expired, or not one of ours. */
  async verify(token: string): Promise<AccessClaims | null> {
    const claims = await this.strategy.verify(token);
    if (claims) this.verified.set(token.slice(-KEY_CHARACTERS), { token, claims });
    return claims;
  }
}
