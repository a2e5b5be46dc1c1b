import { afterAll, expect, it } from 'vitest';
import { newId } from '#platform';
import { startApplication } from '../../../test/setup/application.js';
import { ownDatabase } from '../../../test/setup/database.js';
import { AuditTrail, SYSTEM } from './audit-trail.js';
import type { RefusalPageDto } from './refusals.dto.js';
import { RequestLog } from './request-log.js';

const database = await ownDatabase();
const { app, fastify, close } = await startApplication({
  url: database.url,
  modules: [],
  hooks: (server) =>
    server.addHook('onRequest', (request, _reply, done) => {
      request.state.ruleApplied = true;
      request.state.principal = { userId: newId(), role: 'admin', apiKeyId: null, mustChangePassword: false };
      done();
    }),
});
afterAll(close);

it('requests that were refused or failed are listed a page at a time, by status or class', async () => {
  const log = app.get(RequestLog, { strict: false });
  const parts = { apiKeyId: null, authMs: 1, quotaMs: 1, validateMs: null, inferMs: null, recordMs: null };
  for (const status of [201, 422, 503, 429, 200])
    log.append({
      ...parts,
      id: newId(),
      userId: newId(),
      requestId: `r-${status}`,
      method: 'POST',
      route: '/v1/models/:model/predictions',
      status,
      counted: status !== 429,
      admittedAt: new Date(),
      totalMs: 2,
    });
  await log.flush();
  const page = async (query: string): Promise<RefusalPageDto> =>
    (await fastify.inject(`/v1/service/refusals?${query}`)).json();
  const ids = ({ data }: RefusalPageDto): string[] => data.map(({ requestId }) => requestId);
  const first = await page('limit=2');
  expect(ids(first)).toEqual(['r-429', 'r-503']);
  const second = await page(`limit=2&cursor=${first.nextCursor}`);
  expect([ids(second), second.nextCursor]).toEqual([['r-422'], null]);
  expect(ids(await page('status=4xx'))).toEqual(['r-429', 'r-422']);
  expect(ids(await page('status=5xx'))).toEqual(['r-503']);
  expect(ids(await page('status=429'))).toEqual(['r-429']);
  expect(first.data[0]).toEqual({
    id: expect.any(String),
    requestId: 'r-429',
    admittedAt: expect.stringMatching(/Z$/),
    method: 'POST',
    route: '/v1/models/:model/predictions',
    status: 429,
    userId: expect.any(String),
    totalMs: 2,
  });
  for (const status of ['200', '3xx', '4', '600', '4xx,5xx'])
    expect((await fastify.inject(`/v1/service/refusals?status=${status}`)).statusCode).toBe(422);
});

it('audit events are found by actor, action, target and time', async () => {
  const trail = app.get(AuditTrail, { strict: false });
  const actorId = newId();
  await trail.record({ actor: SYSTEM, action: 'plan.changed', target: { type: 'plan', id: 'GOLD' } });
  await trail.record({
    actor: { kind: 'user', id: actorId },
    action: 'batch.read-by-other',
    target: { type: 'batch', id: newId() },
  });
  const actions = async (query: string): Promise<string[]> =>
    (await fastify.inject(`/v1/audit/events?${query}`))
      .json<{ data: { action: string }[] }>()
      .data.map(({ action }) => action);
  expect(await actions('action=plan.changed')).toEqual(['plan.changed']);
  expect(await actions('targetType=batch')).toEqual(['batch.read-by-other']);
  expect(await actions('targetType=plan&targetId=GOLD')).toEqual(['plan.changed']);
  expect(await actions('actorKind=system')).toEqual(['plan.changed']);
  expect(await actions(`actorId=${actorId}`)).toEqual(['batch.read-by-other']);
  const [ago, ahead] = [-60_000, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const all = ['batch.read-by-other', 'plan.changed'];
  expect(await actions(`from=${ago}&to=${ahead}`)).toEqual(all);
  expect(await actions('from=0001-01-01&to=9999-12-31')).toEqual(all);
  expect(await actions(`from=${ahead}`)).toEqual([]);
  expect(await actions(`to=${ago}`)).toEqual([]);
  for (const query of ['action=plan.praised', 'targetType=cloud', 'actorKind=ghost', 'from=yesterday'])
    expect((await fastify.inject(`/v1/audit/events?${query}`)).statusCode).toBe(422);
});
