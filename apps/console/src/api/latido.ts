/** The one way to the server: the typed client, with the refresh token in a cookie that no script reads. */
import { createLatidoClient, type components } from '@latido/client';

export { dataOf, LatidoProblem, readEvents } from '@latido/client';
export type Schemas = components['schemas'];

export const latido = createLatidoClient({ baseUrl: window.location.origin, refreshTokenInCookie: true });

/** For what is asked before one has an account: the other one would first look for a session to go on with. */
export const anonymous = createLatidoClient({ baseUrl: window.location.origin, getToken: () => undefined });
