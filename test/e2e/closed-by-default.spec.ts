/** Walks every route the server has: without an explicit rule none opens, and what is public is a list that is read here. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get } from '@nestjs/common';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger, loadConfig } from '#platform';
import { createApplication, type Application } from '../../apps/api/src/app.js';
import { AppModule } from '../../apps/api/src/app.module.js';
import { CONSOLE_ADDRESSES } from '../../apps/api/src/console.js';
import { ownDatabase } from '../setup/database.js';

interface WalkedRoute {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly route: RouteOptions;
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  read(): string {
    return 'open';
  }
}

const PUBLIC = [
  'GET /.well-known/jwks.json',
  'GET /health/live',
  'GET /health/ready',
  'GET /legacy/glm',
  'GET /legacy/glm/',
  'GET /legacy/shock/home',
  'GET /legacy/shock/home/',
  'GET /legacy/shock/status',
  'GET /legacy/shock/status/',
  'GET /v1/plans',
  'GET /v2/health/live',
  'GET /v2/health/ready',
  'POST /legacy/cardiac/SwitchToFreemium',
  'POST /legacy/cardiac/SwitchToPremium',
  'POST /legacy/cardiac/login',
  'POST /legacy/cardiac/refresh',
  'POST /legacy/cardiac/register',
  'POST /legacy/shock/auth',
  'POST /legacy/shock/auth/',
  'POST /legacy/shock/auth/create_user',
  'POST /legacy/shock/auth/create_user/',
  'POST /legacy/shock/auth/token',
  'POST /legacy/shock/auth/token/',
  'POST /v1/auth/revoke',
  'POST /v1/auth/token',
  'POST /v1/users',
];
const LOOPBACK = ['GET /metrics'];
const OLDER = ['cardiac', 'shock', 'penguins', 'lab', 'glm'];

/** Whatever an older service has no route for: below its root, and of its root the methods that it has not. */
function isCatchAll({ name, url, route }: WalkedRoute): boolean {
  const catches = OLDER.some((older) => [`/legacy/${older}`, `/legacy/${older}/*`].includes(url));
  return catches && (route.config?.access?.public ?? false) && !PUBLIC.includes(name);
}

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-routes-'));
let application: Application;
let fastify: FastifyInstance;
const routes: RouteOptions[] = [];

beforeAll(async () => {
  Reflect.defineMetadata('controllers', [ForgottenController], AppModule);
  application = await createApplication(
    loadConfig({ LOG_LEVEL: 'silent', DATA_DIR: join(folder, 'data'), LEGACY_APIS: OLDER.join(',') }, process.cwd()),
    { url: database.url, poolSize: 2 },
    createLogger('silent'),
  );
  fastify = application.fastify;
  fastify.addHook('onRoute', (route) => void routes.push(route));
  await application.app.init();
  await fastify.ready();
});
afterAll(async () => {
  Reflect.deleteMetadata('controllers', AppModule);
  await application.app.close();
  rmSync(folder, { recursive: true });
});

function eachRoute(): WalkedRoute[] {
  return routes.flatMap((route) =>
    [route.method]
      .flat()
      .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
      .map((method) => ({ name: `${method} ${route.url}`, method, url: route.url, route })),
  );
}

it('finds the routes to walk', () => {
  expect(eachRoute().length).toBeGreaterThan(35);
});

it('does not open a route that declares no rule, whoever asks', async () => {
  const answer = await fastify.inject({ method: 'GET', url: '/forgotten' });
  expect(answer.statusCode).toBe(403);
  expect(answer.json()).toMatchObject({ code: 'ROUTE_CLOSED' });
});

it('every route but the forgotten one declares its rule', () => {
  const without = eachRoute()
    .filter(({ route }) => !route.config?.access)
    .map(({ name }) => name);
  expect(without).toEqual(['GET /forgotten']);
});

it('just the routes listed here are public', () => {
  const open = eachRoute()
    .filter(({ route, url }) => route.config?.access?.public && !route.config.page && !/^\/(docs|openapi)/.test(url))
    .filter((each) => !isCatchAll(each))
    .map(({ name }) => name);
  expect(open.sort()).toEqual([...PUBLIC].sort());
});

it('pages are Swagger UI’s and the web console’s, and can be read alone', () => {
  const pages = eachRoute().filter(({ route }) => route.config?.page);
  const others = pages.filter(({ url }) => !/^\/(docs|openapi)/.test(url)).map(({ name }) => name);
  const ofConsole = CONSOLE_ADDRESSES.flatMap((address) => [`GET /${address}`, `GET /${address}/*`]);
  expect(others.sort()).toEqual(['GET /', 'GET /assets/*', 'GET /icon.svg', ...ofConsole].sort());
});

it('what older services have no route for is refused in their own shapes, whoever asks', async () => {
  const catchAlls = eachRoute().filter(isCatchAll);
  for (const older of OLDER)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      expect(catchAlls.map(({ name }) => name)).toContain(`${method} /legacy/${older}/*`);
  for (const { name, method, url } of catchAlls) {
    const request = { method: method as 'GET', url: url.replace('*', 'nothing/x') };
    for (const headers of [{}, { authorization: 'Bearer nonsense' }, { 'x-api-key': 'nonsense' }]) {
      const { statusCode, headers: answered } = await fastify.inject({ ...request, headers });
      expect([404, 405], name).toContain(statusCode);
      expect(answered['content-type'], name).toMatch(/^application\/json/);
      expect(answered.allow === undefined, name).toBe(statusCode === 404);
    }
  }
});

it('every other route answers 401 without a token, before it reads anything', async () => {
  for (const { name, method, url, route } of eachRoute().filter((each) => !isCatchAll(each))) {
    if (
      route.config?.page ||
      PUBLIC.includes(name) ||
      LOOPBACK.includes(name) ||
      url === '/forgotten' ||
      /^\/(docs|openapi)/.test(url)
    )
      continue;
    const path = url.replace(/:\w+/g, 'x').replace('*', 'x');
    const answer = await fastify.inject({
      method: method as 'GET',
      url: path,
      headers: { 'content-type': 'application/json' },
      payload: method === 'GET' ? undefined : '{',
    });
    expect(answer.statusCode, name).toBe(401);
    expect(answer.headers['www-authenticate'], name).toMatch(/^Bearer/);
  }
});

it('shows /metrics to this machine, and to nobody who comes through a proxy', async () => {
  expect((await fastify.inject({ url: '/metrics' })).statusCode).toBe(200);
  expect((await fastify.inject({ url: '/metrics', remoteAddress: '192.0.2.7' })).statusCode).toBe(401);
  expect((await fastify.inject({ url: '/metrics', headers: { 'x-forwarded-for': '192.0.2.7' } })).statusCode).toBe(401);
});

it('tells clients to keep, guess and frame nothing of the API, and lets Swagger UI load its own parts', async () => {
  const api = await fastify.inject({ url: '/v1/plans' });
  expect(api.headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  const page = await fastify.inject({ url: '/docs' });
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'self'");
});
