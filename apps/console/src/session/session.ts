/**
 * Who is signed in, in this tab and in the others. The access token lives in the client's memory and the refresh token in a cookie out of
 * reach; all that is kept here is whether there is a session worth asking for, so that a first visit asks for nothing.
 */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { dataOf, latido, type Schemas } from '../api/latido';

export type Me = Schemas['MeDto'];
export type Role = Me['role'];

const HINT = 'latido.session';
/** In the hint's place, so that other tabs can tell a session that the server ended from one that somebody left. */
const ENDED = 'ended';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => dataOf(latido.GET('/v1/me', { signal })),
});

function isSession(hint: string | null): boolean {
  return hint !== null && hint !== ENDED;
}

/** As this tab knows it. */
let known = localStorage.getItem(HINT);

/** Other tabs hear of it by the `storage` event. */
function keepHint(hint: string | null): void {
  known = hint;
  if (hint === null) localStorage.removeItem(HINT);
  else localStorage.setItem(HINT, hint);
}

export function maybeSignedIn(): boolean {
  return isSession(localStorage.getItem(HINT));
}

/** The answer to a sign-out takes the cookie away: it must not take that of whoever signs in next. */
let leaving: Promise<void> = Promise.resolve();

export async function signIn(client: QueryClient, name: string, password: string): Promise<void> {
  await leaving.catch(() => undefined); // told where it was signed out
  await latido.signIn(name, password);
  client.clear();
  keepHint(crypto.randomUUID?.() ?? String(Date.now()));
}

/**
 * Signed out here and in the other tabs whatever the server says to it.
 * @param leavePages called before the token is given up: pages that are still there would ask without one
 * @throws when the server could not be told, which then still knows the session
 */
export async function signOut(leavePages: () => Promise<void>): Promise<void> {
  keepHint(null);
  await leavePages();
  await (leaving = latido.signOut());
}

/** Ends all of one's sessions on the server, on every device; this tab's is still to be left. */
export async function endAllSessions(): Promise<void> {
  await latido.DELETE('/v1/me/sessions');
}

/** The server no longer knows the session. */
export function forgetSession(): void {
  keepHint(ENDED);
}

/** Calls back when another tab signs in as somebody, signs out, or learns that the session has ended. */
export function onOtherTabsSession(changed: (to: 'signed-in' | 'signed-out' | 'ended') => void): () => void {
  const tell = (hint: string | null): void => {
    known = hint;
    changed(isSession(hint) ? 'signed-in' : hint === ENDED ? 'ended' : 'signed-out');
  };
  const onStorage = ({ key, newValue }: StorageEvent): void => {
    // No key: all of the storage was cleared.
    if (key === HINT || key === null) tell(newValue);
  };
  // A page that the browser kept while another one was shown has heard of nothing.
  const onPageShow = ({ persisted }: PageTransitionEvent): void => {
    const hint = localStorage.getItem(HINT);
    if (persisted && hint !== known) tell(hint);
  };
  window.addEventListener('storage', onStorage);
  window.addEventListener('pageshow', onPageShow);
  return () => {
    window.removeEventListener('storage', onStorage);
    window.removeEventListener('pageshow', onPageShow);
  };
}

/** Whether a role may do what asks for another: an administrator may all. */
export function mayActAs(role: Role, wanted: Role): boolean {
  return role === wanted || role === 'admin';
}
