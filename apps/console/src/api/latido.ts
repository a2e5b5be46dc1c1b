/** The one way to the server: the typed client, with the refresh token in a cookie that no script reads. */
import { createLatidoClient, type components } from '@latido/client';

export { dataOf, LatidoProblem, readEvents } from '@latido/client';
export type Schemas = components['schemas'];

export const latido = createLatidoClient({ baseUrl: window.location.origin, refreshTokenInCookie: true });
