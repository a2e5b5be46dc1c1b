/** Clients of a server under load, and what is recorded of them. */
import type { Server } from './server.js';

/** No limit that a test would meet. */
export const WIDE_PLAN = {
  requestsPerMinute: 100_000,
  rowsPerRequest: 1000,
  rowsPerDay: 5_000_000,
  concurrentStreams: 4,
};

/** Somebody new whose plan has no limit that a test would meet: the access token. */
export async function newBusyUser(server: Server, name: string): Promise<string> {
  const admin = await server.admin();
  const user = await server.newUser(name);
  await server.request('PUT', `/v1/users/${user.id}/subscription`, { token: admin, body: { plan: 'PREMIUM' } });
  await server.request('PUT', '/v1/plans/PREMIUM', { token: admin, body: WIDE_PLAN });
  return user.token;
}

/** Sixteen that predict until they are stopped; the ids that they were answered, of the server that may go meanwhile. */
export function keepPredicting(server: Server, token: string): { readonly ids: string[]; stop(): Promise<void> } {
  const ids: string[] = [];
  let stopped = false;
  const clients = Array.from({ length: 16 }, async () => {
    while (!stopped) {
      const answer = await server.predict<{ id: string }>(token).catch(() => undefined); // the server is gone
      if (answer?.status === 201) ids.push(answer.body.id);
    }
  });
  return {
    ids,
    async stop() {
      stopped = true;
      await Promise.all(clients);
    },
  };
}

/** All of one's own, page by page. */
export async function recordedIds(server: Server, token: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/v1/predictions?limit=200${cursor ? `&cursor=${cursor}` : ''}`;
    const { body } = await server.request<{ data: { id: string }[]; nextCursor: string | null }>('GET', path, {
      token,
    });
    for (const { id } of body.data) ids.add(id);
    cursor = body.nextCursor;
  }
  return ids;
}
