/**
 * What people are called: by an e-mail address, a user name, or both. Each is unique without regard to case or to how
 * Unicode composes it, and a user name never holds an `@`, so that one name at sign-in can only ever mean one
 * account.
 */

export const EMAIL_MAX_LENGTH = 254;
/** Text for people: no control characters (Postgres keeps no NUL), not only spaces. */
export const PLAIN_TEXT_PATTERN = /^(?=.*\S)[^\p{Cc}]+$/u;

/** The form to store and show: NFKC, without spaces around it. */
export function canonicalName(name: string): string {
  return name.normalize('NFKC').trim();
}

/**
 * The form that must be unique, and by which accounts are found: without case besides. By way of upper case, because
 * ß and SS, ς and σ differ in lower case only.
 */
export function nameKey(name: string): string {
  return canonicalName(name).toUpperCase().toLowerCase();
}

/** Where a name given at sign-in is to be looked up; null when nothing can be called that. */
export function signInKey(name: string): { readonly emailKey: string } | { readonly usernameKey: string } | null {
  const key = nameKey(name);
  if (key.length > EMAIL_MAX_LENGTH || !PLAIN_TEXT_PATTERN.test(key)) return null;
  return key.includes('@') ? { emailKey: key } : { usernameKey: key };
}
