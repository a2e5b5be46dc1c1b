/**
 * A server with the real modules and the shipped models for tests of predictions. Only authentication is left out: the
 * caller is the one named in `x-test-user`, because who signs in how is a matter of libs/auth.
 */
import { resolve } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { InteropModule } from '#interop';
import { Metrics, newId, type Role } from '#platform';
import { PredictionsModule } from '#predictions';
import { QuotaGate, SubscriptionsModule } from '#subscriptions';
import { startApplication } from './application.js';
import type { TestDatabase } from './database.js';

export interface TestUser {
  readonly id: string;
  readonly role: Role;
}

export interface PredictionServer {
  readonly app: NestFastifyApplication;
  /** A new user; TEST is a plan without bounds that matter, SMALL allows 2 rows a request and 4 a day. */
  user(as?: { plan?: 'TEST' | 'SMALL'; role?: Role }): Promise<TestUser>;
  predict(
    user: TestUser,
    body: unknown,
    headers?: Record<string, string>,
    model?: string,
  ): Promise<LightMyRequestResponse>;
  predictRaw(
    user: TestUser,
    payload: string | Buffer,
    headers?: Record<string, string>,
    model?: string,
    query?: string,
  ): Promise<LightMyRequestResponse>;
  sendTo(
    user: TestUser,
    url: string,
    payload: string | Buffer,
    headers: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  get(user: TestUser, url: string): Promise<LightMyRequestResponse>;
  post(user: TestUser, url: string, body: unknown): Promise<LightMyRequestResponse>;
  /** `path` below /v1/predictions/. */
  replay(user: TestUser, path: string): Promise<LightMyRequestResponse>;
  put(user: TestUser, url: string, body: unknown): Promise<LightMyRequestResponse>;
  search(user: TestUser, body: unknown): Promise<LightMyRequestResponse>;
  /** Whatever else there is to send. */
  inject(user: TestUser, options: InjectOptions): Promise<LightMyRequestResponse>;
  metrics(): Promise<string>;
  close(): Promise<void>;
}

/** A second one on the same database is another replica, or the same after a restart. */
export async function startPredictionServer(
  database: TestDatabase,
  environment: Record<string, string> = {},
): Promise<PredictionServer> {
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  owner.on('error', () => undefined);
  await owner.query(`
    INSERT INTO plans (name, requests_per_minute, rows_per_request, rows_per_day, concurrent_streams)
    VALUES ('TEST', 100000, 1000, 5000000, 1), ('SMALL', 100000, 2, 4, 1)
    ON CONFLICT DO NOTHING`);

  const { app, fastify, close } = await startApplication({
    url: database.url,
    modules: [SubscriptionsModule, PredictionsModule, InteropModule.forRoot([])],
    environment: { MODELS_DIR: resolve(import.meta.dirname, '../../models'), ...environment },
    hooks(server, application) {
      server.addHook('onRequest', (request, _reply, done) => {
        const [userId, role] = String(request.headers['x-test-user']).split(' ') as [string, Role];
        request.state.principal = { userId, role, apiKeyId: null, mustChangePassword: false };
        request.state.ruleApplied = true;
        done();
      });
      application.get(QuotaGate).register(server);
    },
  });

  const send = (
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    user: TestUser,
    payload?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> =>
    fastify.inject({
      method,
      url,
      payload,
      headers: {
        'x-test-user': `${user.id} ${user.role}`,
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    });

  return {
    app,
    async user({ plan = 'TEST', role = 'user' } = {}) {
      const id = newId();
      await owner.query('INSERT INTO users (id, username, username_key, role) VALUES ($1, $2, $2, $3)', [
        id,
        `u${id}`,
        role,
      ]);
      await owner.query('INSERT INTO subscriptions (user_id, plan_name) VALUES ($1, $2)', [id, plan]);
      return { id, role };
    },
    predict: (user, body, headers, model = 'cardiac-risk') =>
      send('POST', `/v1/models/${model}/predictions`, user, JSON.stringify(body), headers),
    predictRaw: (user, payload, headers, model = 'cardiac-risk', query = '') =>
      send('POST', `/v1/models/${model}/predictions${query}`, user, payload, headers),
    sendTo: (user, url, payload, headers) => send('POST', url, user, payload, headers),
    get: (user, url) => send('GET', url, user),
    post: (user, url, body) => send('POST', url, user, JSON.stringify(body)),
    replay: (user, path) => send('POST', `/v1/predictions/${path}`, user),
    put: (user, url, body) => send('PUT', url, user, JSON.stringify(body)),
    search: (user, body) => send('POST', '/v1/predictions/search', user, JSON.stringify(body)),
    inject: (user, options) =>
      fastify.inject({ ...options, headers: { 'x-test-user': `${user.id} ${user.role}`, ...options.headers } }),
    metrics: () => app.get(Metrics).registry.metrics(),
    async close() {
      await close();
      await owner.end();
    },
  };
}
