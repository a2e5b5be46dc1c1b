/**
 * Domain errors: a code that clients can rely on, mapped once to a status and a title. Each lib defines its own with
 * `defineErrors`; docs/errors.md lists them all; the problem filter turns them into application/problem+json.
 */

export interface ErrorKind {
  /** Stable, upper snake case; what a client's code compares. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** When it is answered and what to do about it: one or two sentences for docs/errors.md. */
  readonly meaning: string;
}

/** One value at fault. `pointer` is a JSON Pointer (RFC 6901) into the request's body, or `?name` for a query parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

export class DomainError extends Error {
  constructor(
    readonly kind: ErrorKind,
    detail: string,
    readonly extra: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = kind.code;
  }
}

const catalogue = new Map<string, ErrorKind & { lib: string }>();

/** Declares a lib's errors. Codes are unique over the project. */
export function defineErrors<const T extends Record<string, Omit<ErrorKind, 'code'>>>(
  lib: string,
  kinds: T,
): { readonly [Code in keyof T]: ErrorKind } {
  const defined = {} as Record<string, ErrorKind>;
  for (const [code, kind] of Object.entries(kinds)) {
    if (catalogue.has(code)) throw new Error(`error code ${code} is defined twice`);
    defined[code] = { code, ...kind };
    catalogue.set(code, { code, ...kind, lib });
  }
  return defined as { readonly [Code in keyof T]: ErrorKind };
}

/** All codes that the loaded libs have defined, sorted by lib and code. */
export function errorCatalogue(): (ErrorKind & { lib: string })[] {
  return [...catalogue.values()].sort((a, b) => a.lib.localeCompare(b.lib) || a.code.localeCompare(b.code));
}

export const platformErrors = defineErrors('platform', {
  MALFORMED_REQUEST: {
    status: 400,
    title: 'Malformed request',
    meaning: 'The body or a parameter could not be read at all, for instance JSON that does not parse.',
  },
  INVALID_REQUEST: {
    status: 422,
    title: 'Invalid request',
    meaning:
      'Well-formed, but some values are missing, unknown, of the wrong type or out of range; `errors` names each.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'Not found',
    meaning: 'There is no such route (path and method), or no such thing that the caller may see.',
  },
  FORBIDDEN: { status: 403, title: 'Forbidden', meaning: "The caller's role does not allow this." },
  ROUTE_CLOSED: {
    status: 403,
    title: 'Forbidden',
    meaning: 'The route declares no access rule and therefore does not open. A fault of the server, not of the caller.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: 'Payload too large',
    meaning:
      'The body is larger than the route reads, which is 16 MiB for predictions and 1 MiB elsewhere; `detail` says how much it is.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request timeout',
    meaning:
      'The client stopped sending, or took longer for its form than there is time. What was recorded before stands; the connection is closed.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'The body is of a type the route does not read; send application/json.',
  },
  REQUEST_REFUSED: {
    status: 400,
    title: 'Request refused',
    meaning:
      'Refused by the HTTP layer for a reason that has no code of its own; the status (400 or another 4xx) and `detail` say which.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    title: 'Service unavailable',
    meaning: 'The database does not answer; nothing was changed. Try again after `Retry-After` seconds.',
  },
  INTERNAL: {
    status: 500,
    title: 'Internal server error',
    meaning: 'A fault of the server. The request id finds it in the log.',
  },
});
