/** From the text of an environment variable to its value. What is wrong is thrown as `InvalidVariable`. */
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';

const MOST_WORKERS = 64;

/** Thrown by a parser; the message completes the sentence "VARIABLE …". */
export class InvalidVariable extends Error {}

export const text = (value: string): string => value;

export function oneOf<const T extends string>(...allowed: T[]): (value: string) => T {
  return (value) => {
    if ((allowed as string[]).includes(value)) return value as T;
    throw new InvalidVariable(`must be one of ${allowed.join(', ')}`);
  };
}

export function integerBetween(minimum: number, maximum: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^-?\d+$/.test(value) && number >= minimum && number <= maximum) return number;
    throw new InvalidVariable(`must be a whole number from ${minimum} to ${maximum}`);
  };
}

export function postgresUrl(value: string): string {
  if (URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol)) {
    try {
      decodeURIComponent(value);
      return value;
    } catch {
      throw new InvalidVariable('holds a % that is not followed by two hexadecimal digits: write % itself as %25');
    }
  }
  throw new InvalidVariable('must be a Postgres connection URL');
}

export function webUrl(value: string): string {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  throw new InvalidVariable('must be an http or https URL');
}

export function replicaName(value: string): string {
  if (/^[\w.-]{1,100}$/.test(value)) return value;
  throw new InvalidVariable('must be 1 to 100 letters, digits, dots, hyphens or underscores');
}

export function email(value: string): string {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return value;
  throw new InvalidVariable('must be an e-mail address');
}

/** 3 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or a digit: of every account. */
export const USERNAME_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]{2,63}$/u;

export function userName(value: string): string {
  if (USERNAME_PATTERN.test(value)) return value;
  throw new InvalidVariable(
    'must be a user name: 3 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit',
  );
}

export function minimumLength(length: number): (value: string) => string {
  return (value) => {
    if (value.length >= length) return value;
    throw new InvalidVariable(`must have at least ${length} characters`);
  };
}

export function origins(value: string): string[] {
  return list(value).map((entry) => {
    if (URL.canParse(entry) && new URL(entry).origin === entry) return entry;
    throw new InvalidVariable(`holds "${entry}", which is not an origin (scheme, host and port, no path)`);
  });
}

/** What stands between commas. */
export function list(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

export function modelName(value: string): string {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value)) return value;
  throw new InvalidVariable(`holds "${value}", which is not the name of a model`);
}

export function modelNames(value: string): string[] {
  return list(value).map(modelName);
}

/** Without user, query and fragment, and without a slash at the end: what is called lies below. */
export function baseUrls(value: string): string[] {
  return list(value).map((entry) => {
    const url = URL.canParse(entry) ? new URL(entry) : undefined;
    const bare = url && [url.username, url.password, url.search, url.hash].every((part) => part === '');
    if (url && bare && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
    throw new InvalidVariable(
      `holds "${entry}", which is not the base URL of a server (http or https, no user, no query)`,
    );
  });
}

export function addresses(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => {
      const [address = '', bits, ...more] = entry.split('/');
      const widest = isIP(address) === 6 ? 128 : 32;
      if (
        isIP(address) !== 0 &&
        more.length === 0 &&
        (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest))
      )
        return true;
      if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true;
      throw new InvalidVariable(
        `holds "${entry}", which is not an IP address, a CIDR range or one of loopback, linklocal, uniquelocal`,
      );
    });
}

/** A Redis or Valkey by its URL; `rediss:` is TLS. */
export function redisUrl(value: string): string {
  if (URL.canParse(value)) {
    const { protocol, hostname, pathname } = new URL(value);
    if (/^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname)) return value;
  }
  throw new InvalidVariable('must be a Redis connection URL: redis://host:port, with /number for another database');
}

export function bucketName(value: string): string {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value)) return value;
  throw new InvalidVariable('must be a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens');
}

export function objectPrefix(value: string): string {
  if (/^([\w.-]+\/)*$/.test(value)) return value;
  throw new InvalidVariable(
    'must be folder names of letters, digits, dots, hyphens and underscores, each with a / after it',
  );
}

export function flag(value: string): boolean {
  return oneOf('true', 'false')(value) === 'true';
}

export function workers(value: string): number {
  return value === 'auto' ? Math.min(availableParallelism(), MOST_WORKERS) : integerBetween(1, MOST_WORKERS)(value);
}
