/** Which errors mean that the database cannot be reached or cannot work now, as against a fault of ours. */

import { SlowDatabaseError } from './promptly.js';

/** What `Retry-After` says while the database is away. */
export const DATABASE_RETRY_SECONDS = 2;

/** SQLSTATE classes: 08 connection, 53 insufficient resources, 57P shutdown and crash. */
const UNAVAILABLE_STATE = /^(08|53|57P)/;
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** pg and pg-pool throw these as plain errors without a code. */
const UNAVAILABLE_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|timeout expired|Cannot use a pool after calling end|Client was closed and is not queryable)/;

export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof SlowDatabaseError) return true;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && (UNAVAILABLE_CODES.has(code) || (code.length === 5 && UNAVAILABLE_STATE.test(code))))
    return true;
  if (UNAVAILABLE_MESSAGE.test(error.message)) return true;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  return driverError !== undefined && driverError !== error && isDatabaseUnavailable(driverError);
}

/** An error for the log without its message: Postgres quotes values in its own, and these may be patients'. */
export function withoutMessage(error: unknown): { error: unknown; code: unknown; constraint: unknown; stack: unknown } {
  const { name, code, constraint, message, stack } = (error ?? {}) as Record<string, unknown>;
  const at = typeof stack === 'string' && typeof message === 'string' ? stack.indexOf(message) : -1;
  const frames = at < 0 ? undefined : (stack as string).slice(at + (message as string).length);
  return { error: name, code, constraint, stack: frames };
}

/** SQLSTATE 23505; the name of the constraint broken, or undefined for any other error. */
export function brokenUniqueConstraint(error: unknown): string | undefined {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' ? String(constraint) : undefined;
}

/** SQLSTATE of text that Postgres cannot hold, which is text with a NUL character: 22021 in text, 22P05 in JSON. */
const UNSTORABLE_TEXT = new Set(['22021', '22P05']);

/** True when a client's text holds a NUL character, which Postgres does not store. */
export function isUnstorableText(error: unknown): boolean {
  return UNSTORABLE_TEXT.has(String((error as { code?: unknown } | null)?.code));
}
