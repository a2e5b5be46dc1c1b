/**
 * Who is signed in, in this tab and in the others. The access token lives in the client's memory and the refresh token in a cookie out of
 * reach; all that is kept here is whether there is a session worth asking for, so that a first visit asks for nothing.
 */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { dataOf, latido, LatidoProblem, type Schemas } from '../api/latido';

export type Me = Schemas['MeDto'];
export type Role = Me['role'];

const HINT = 'latido.session';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => dataOf(latido.GET('/v1/me', { signal })),
});

export function maybeSignedIn(): boolean {
  return localStorage.getItem(HINT) !== null;
}

export async function signIn(client: QueryClient, name: string, password: string): Promise<void> {
  await latido.signIn(name, password);
  client.clear();
  // Other tabs hear of it by the `storage` event.
  localStorage.setItem(HINT, crypto.randomUUID?.() ?? String(Date.now()));
}

export async function signOut(): Promise<void> {
  localStorage.removeItem(HINT);
  await latido.signOut();
}

/** Ends all of one's sessions, on every device. */
export async function signOutEverywhere(): Promise<void> {
  await latido.DELETE('/v1/me/sessions');
  await signOut();
}

/** The server no longer knows the session. */
export function forgetSession(): void {
  localStorage.removeItem(HINT);
}

/** Calls back when another tab signs in as somebody or signs out. */
export function onOtherTabsSession(changed: (signedIn: boolean) => void): () => void {
  const listen = (event: StorageEvent): void => {
    if (event.key === HINT) changed(event.newValue !== null);
  };
  window.addEventListener('storage', listen);
  return () => window.removeEventListener('storage', listen);
}

export function isSessionOver(error: unknown): boolean {
  return error instanceof LatidoProblem && error.status === 401;
}

/** Whether a role may do what asks for another: an administrator may all. */
export function mayActAs(role: Role, wanted: Role): boolean {
  return role === wanted || role === 'admin';
}
