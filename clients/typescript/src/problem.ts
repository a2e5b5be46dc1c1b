/** Refusals of the API as errors. */
import type { components } from './schema.js';

/** A value that is at fault: where it stands (JSON Pointer), and what is wrong with it. */
export type FieldError = components['schemas']['FieldErrorDto'];

/**
 * What the server answered instead of what was asked for. `code` stays the same from version to version, sentences may change;
 * docs/errors.md of Latido lists the codes.
 */
export class LatidoProblem extends Error {
  override readonly name = 'LatidoProblem';

  constructor(
    /** HTTP status. */
    readonly status: number,
    /** `QUOTA_EXCEEDED`, …; of the token endpoint `invalid_grant`, …; `HTTP_502` and the like where something before Latido answered. */
    readonly code: string,
    readonly detail: string,
    /** All values that are at fault. */
    readonly errors: readonly FieldError[],
    /** Finds the request in the server's log. */
    readonly requestId: string | undefined,
    /** Seconds after which a retry may pass. */
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(errors.length === 0 ? detail : `${detail} ${errors.map((one) => `${one.pointer} ${one.detail}`).join('; ')}`);
  }

  /** What is wrong with the value at this JSON Pointer, such as `/input/age`. */
  at(pointer: string): string | undefined {
    return this.errors.find((one) => one.pointer === pointer)?.detail;
  }
}

/** Seconds of `Retry-After`, given as such or as a date (RFC 9110 §10.2.3). */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, Math.ceil((time - Date.now()) / 1000));
}

type Body = { [name: string]: unknown } | undefined;

function parsed(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Body) : undefined;
  } catch {
    return undefined; // a proxy's page
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads problem+json, the token endpoint's errors (RFC 6749 §5.2), and those of the Open Inference Protocol. */
export async function problemOf(response: Response): Promise<LatidoProblem> {
  const body = parsed(await response.text());
  return problemFrom(body, response.status, response.headers);
}

/** Reads the problem that ended a stream of events. */
export function problemIn(data: string): LatidoProblem {
  const body = parsed(data);
  return problemFrom(body, typeof body?.status === 'number' ? body.status : 500, new Headers());
}

function problemFrom(body: Body, status: number, headers: Headers): LatidoProblem {
  const oauthCode = body?.error_description === undefined ? undefined : textOf(body.error);
  return new LatidoProblem(
    status,
    textOf(body?.code) ?? oauthCode ?? `HTTP_${status}`,
    textOf(body?.detail) ?? textOf(body?.error_description) ?? textOf(body?.error) ?? `HTTP ${status}`,
    Array.isArray(body?.errors) ? (body.errors as FieldError[]) : [],
    textOf(body?.requestId) ?? headers.get('x-request-id') ?? undefined,
    retryAfterSeconds(headers),
  );
}
