/** The one way to the server: the typed client, with the refresh token in a cookie that no script reads. */
import { createLatidoClient, LatidoProblem, type components } from '@latido/client';

export { dataOf, LatidoProblem, readEvents } from '@latido/client';
export type Schemas = components['schemas'];

export const latido = createLatidoClient({ baseUrl: window.location.origin, refreshTokenInCookie: true });

/** For what is asked before one has an account: the other one would first look for a session to go on with. */
export const anonymous = createLatidoClient({ baseUrl: window.location.origin, getToken: () => undefined });

/** There is no such thing, or it is not for who asks. */
export function isNotFound(error: unknown): boolean {
  return error instanceof LatidoProblem && error.status === 404;
}
