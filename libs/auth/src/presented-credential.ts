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

/** Null when the request shows nothing, or something of another scheme. `Authorization` goes before `X-API-Key`. */
export function presentedCredential(headers: IncomingHttpHeaders): PresentedCredential | null {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const token = authorization.startsWith(API_KEY_MARK) ? authorization : BEARER.exec(authorization)?.[1];
    if (token !== undefined) return { kind: token.startsWith(API_KEY_MARK) ? 'api-key' : 'access-token', value: token };
  }
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? { kind: 'api-key', value: key } : null;
}
