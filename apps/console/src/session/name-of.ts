import type { Me } from './session';

/** What somebody is called: as they wish to be, else by what they sign in with. */
export function nameOf({ displayName, username, email }: Pick<Me, 'displayName' | 'username' | 'email'>): string {
  return displayName ?? username ?? email ?? '';
}
