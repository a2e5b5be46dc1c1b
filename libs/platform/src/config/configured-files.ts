/** What variables name instead of holding it: keys and tokens in files. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export function readPem(value: string, baseDir: string): string {
  return value.includes('-----BEGIN') ? value.replaceAll('\\n', '\n') : readFileSync(resolve(baseDir, value), 'utf8');
}

/** Tokens by base URL; undefined for what is no such file. */
export function readTokens(path: string): Map<string, string> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const entries = Object.entries(parsed);
  if (!entries.every(([url, token]) => URL.canParse(url) && typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)))
    return undefined;
  return new Map(entries.map(([url, token]) => [new URL(url).href.replace(/\/+$/, ''), token as string]));
}

/** Why a file cannot be read, or undefined. */
export function unreadable(path: string): string | undefined {
  try {
    readFileSync(path);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
  }
}

/** The private key in PEM text; undefined for what is none, or not of the kind that is needed. */
function readPrivateKey(pem: string, fits: (key: KeyObject) => boolean): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return fits(key) ? key : undefined;
  } catch {
    return undefined; // not a key at all
  }
}

/** The P-256 private key in PEM text, as ES256 needs one; undefined for anything else. */
export function readP256PrivateKey(pem: string): KeyObject | undefined {
  return readPrivateKey(
    pem,
    (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  );
}

/** The Ed25519 private key in PEM text; undefined for anything else. */
export function readEd25519PrivateKey(pem: string): KeyObject | undefined {
  return readPrivateKey(pem, (key) => key.asymmetricKeyType === 'ed25519');
}
