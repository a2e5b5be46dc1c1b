/** Reference tokens of JSON Pointers (RFC 6901 §3), by which values at fault are named. */

/** A client's own field name in a pointer, at most: enough to recognise it by. */
const MAX_TOKEN_LENGTH = 100;

/** The token of a name, cut off where it is too long. */
export function pointerToken(name: string): string {
  const shown = name.length > MAX_TOKEN_LENGTH ? `${name.slice(0, MAX_TOKEN_LENGTH)}…` : name;
  return shown.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The name that a token stands for. */
export function pointerName(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
