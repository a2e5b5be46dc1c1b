/** Versions change places under load: 10,000 requests while 20 versions come into service, on the built server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBusyUser } from './clients.js';
import { Server } from './server.js';

const REQUESTS = 10_000;
const SWAPS = 20;
const CLIENTS = 32;
const VERSIONS = ['1.0.0', '1.1.0', '1.2.0'];

const server = new Server();
let token: string;
let input: Record<string, unknown>;

interface Model {
  readonly inputs: { readonly name: string; readonly example: unknown }[];
  readonly activeVersion: string;
}

beforeAll(async () => {
  await server.start();
  token = await newBusyUser(server, 'busy');
  const { body } = await server.request<Model>('GET', '/v1/models/penguins', { token });
  input = Object.fromEntries(body.inputs.map(({ name, example }) => [name, example]));
});
afterAll(() => server.remove());

function predict(): ReturnType<typeof server.request<{ version: string }>> {
  return server.request<{ version: string }>('POST', '/v1/models/penguins/predictions', { token, body: { input } });
}

describe('a model whose versions change places', () => {
  it(
    'answers every request, from the next one on with the version that was activated',
    { timeout: 120_000 },
    async () => {
      const admin = await server.admin();
      const answered = new Map<string, number>();
      const failures: unknown[] = [];
      let sent = 0;
      const clients = Array.from({ length: CLIENTS }, async () => {
        while (sent < REQUESTS) {
          sent += 1;
          const { status, body } = await predict();
          if (status === 201) answered.set(body.version, (answered.get(body.version) ?? 0) + 1);
          else failures.push({ status, body });
        }
      });
      for (let swap = 0; swap < SWAPS; swap += 1) {
        // Spread over the requests, however fast they are answered.
        while (sent < (REQUESTS * swap) / SWAPS) await new Promise((resolve) => setTimeout(resolve, 2));
        const version = VERSIONS[swap % VERSIONS.length]!;
        const { body: model } = await server.request<Model>('GET', '/v1/models/penguins', { token: admin });
        if (model.activeVersion === version) continue;
        const activated = await server.request('PUT', '/v1/models/penguins/active', {
          token: admin,
          body: { version },
        });
        expect(activated.status, JSON.stringify(activated.body)).toBe(200);
        expect((await predict()).body.version).toBe(version);
      }
      await Promise.all(clients);
      expect(failures).toEqual([]);
      expect([...answered.keys()].sort()).toEqual(VERSIONS);
      expect([...answered.values()].reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
      const { body } = await server.request<{ data: object[] }>('GET', '/v1/models/penguins/activations?limit=50', {
        token,
      });
      expect(body.data.length).toBeGreaterThanOrEqual(SWAPS);
    },
  );
});
