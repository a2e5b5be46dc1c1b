/**
 * What a request shows for itself: `Authorization: Bearer …`, and for older clients `X-API-Key: …` and a bare
 * `Authorization: <key>`.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { API_KEY_MARK } from './api-keys/api-key-format.js';

export interface PresentedCredential {
  readonly kind: 'access-token' | 'api-key';
  readonly value: string;
}

const BEARER = /^bearer +([^ ]+) *$/i;

/** Written by hand for how nearly every client writes it: a token is long to look through. */
function bearerToken(authorization: string): string | undefined {
  if (authorization.startsWith('Bearer ') && authorization.length > 7 && !authorization.includes(' ', 7))
    return authorization.slice(7);
  return BEARER.exec(authorization)?.[1];
}

/** Null when the request shows nothing, or something of another scheme. `Authorization` goes before `X-API-Key`. */
export function presentedCredential(headers: IncomingHttpHeaders): PresentedCredential | null {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const token = authorization.startsWith(API_KEY_MARK) ? authorization : bearerToken(authorization);
    if (token !== undefined) return { kind: token.startsWith(API_KEY_MARK) ? 'api-key' : 'access-token', value: token };
  }
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? { kind: 'api-key', value: key } : null;
}
