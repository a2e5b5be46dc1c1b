/**
 * How the older service refuses: as Flask-Smorest does (`{"code", "status", "message"?, "errors"?}`), but for what concerns tokens, which
 * is said as Flask-JWT-Extended says it (`{"msg"}`).
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { presentedCredential } from '#auth';
import { pointerName, RefusesWith, type FieldError } from '#platform';
import { LegacyErrorFilter, type Refusal, type ShapedRefusal } from '../shared/refusal.js';

/** Where the refresh token is the credential. */
export const REFRESH_ROUTE = 'refresh';

/** Werkzeug's names where they are not Node's. */
const STATUS_NAMES: Readonly<Record<number, string>> = { 413: 'Request Entity Too Large' };

export function cardiacRefusal(refusal: Refusal, request: FastifyRequest): ShapedRefusal {
  return tokenRefusal(refusal, request) ?? smorestRefusal(refusal);
}

const filter = new LegacyErrorFilter(cardiacRefusal);

/** The route refuses as the older service did. */
export function RefusesAsCardiac(): MethodDecorator {
  return RefusesWith(filter);
}

function smorestRefusal({ status, code, detail, errors }: Refusal): ShapedRefusal {
  const answered = code === 'ACCOUNT_EXISTS' ? 400 : status;
  const head = { code: answered, status: STATUS_NAMES[answered] ?? STATUS_CODES[answered] ?? 'Unknown Error' };
  if (answered === 429) return { status: answered, body: head };
  if (code === 'INVALID_REQUEST' && errors.length > 0)
    return { status: answered, body: { ...head, errors: { json: messagesOf(errors) } } };
  return { status: answered, body: { ...head, message: detail } };
}

/** `{"edad": ["Missing data for required field."]}`; `_schema` for the body as a whole. */
function messagesOf(errors: readonly FieldError[]): Record<string, string[]> {
  const messages = new Map<string, string[]>();
  for (const { pointer, detail } of errors) {
    const field = pointerName(pointer.slice(1)) || '_schema';
    messages.set(field, [...(messages.get(field) ?? []), marshmallowText(detail)]);
  }
  return Object.fromEntries(messages);
}

/** What the services of /v1 say of a value, as marshmallow would say it; its own texts stay as they are. */
function marshmallowText(detail: string): string {
  if (detail === 'is missing') return 'Missing data for required field.';
  if (detail === 'is not a known field') return 'Unknown field.';
  const sentence = `${detail.charAt(0).toUpperCase()}${detail.slice(1)}`;
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

function tokenRefusal({ code, status, detail }: Refusal, request: FastifyRequest): ShapedRefusal | undefined {
  switch (code) {
    case 'AUTHENTICATION_REQUIRED':
      return missingToken(request);
    case 'INVALID_TOKEN':
      return invalidToken(request);
    case 'FRESH_TOKEN_REQUIRED':
      return said(401, 'Fresh token required');
  }
  const refreshing = request.routeOptions.url?.endsWith(`/${REFRESH_ROUTE}`) ?? false;
  return refreshing && (status === 401 || status === 422) ? said(status, detail) : undefined;
}

/** Nothing that is read as a token or key. */
function missingToken({ headers: { authorization = '' } }: FastifyRequest): ShapedRefusal {
  const expected = "Expected 'Authorization: Bearer <JWT>'";
  const [scheme] = authorization.trim().split(/\s+/);
  if (!scheme) return said(401, 'Missing Authorization Header');
  if (scheme.toLowerCase() === 'bearer') return said(422, `Bad Authorization header. ${expected}`);
  return said(401, `Missing 'Bearer' type in 'Authorization' header. ${expected}`);
}

/** The token itself is asked why, and says no more than it bears: that it is none, or that its time is over. */
function invalidToken({ headers }: FastifyRequest): ShapedRefusal {
  const shown = presentedCredential(headers);
  if (shown?.kind !== 'access-token') return said(401, 'The API key is unknown, expired or revoked');
  if (!looksLikeJwt(shown.value)) return said(422, 'Not enough segments');
  const expiresAt = expiryOf(shown.value);
  if (expiresAt === undefined) return said(422, 'Invalid payload');
  return said(401, expiresAt * 1000 <= Date.now() ? 'Token has expired' : 'Token is not valid, or has been revoked');
}

export function looksLikeJwt(token: string): boolean {
  return token.split('.').length === 3;
}

/** `exp` in seconds, unverified; undefined where the middle part is no payload with one. */
function expiryOf(token: string): number | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'));
    const exp = typeof payload === 'object' && payload !== null && 'exp' in payload ? payload.exp : undefined;
    return typeof exp === 'number' ? exp : undefined;
  } catch {
    return undefined;
  }
}

function said(status: number, msg: string): ShapedRefusal {
  return { status, body: { msg } };
}
