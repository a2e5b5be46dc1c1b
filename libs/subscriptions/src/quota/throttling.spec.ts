import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerException, ThrottlerGuard, getOptionsToken, getStorageToken } from '@nestjs/throttler';
import { describe, expect, it } from 'vitest';
import { newId, RequestState, type Principal } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { SubscriptionsServer, type Caller } from '../../../../test/setup/subscriptions-server.js';
import { PlanThrottlerGuard } from './plan-throttler.guard.js';

const database = await ownDatabase();
const server = await SubscriptionsServer.start(database.url);

function contextOf(user: Caller, config: object = { access: { public: false, cost: 'request' } }): ExecutionContext {
  const state = new RequestState({ url: '/', config: config as never });
  state.principal = { userId: user.id } as Principal;
  const request = { headers: {}, state };
  const reply = { header: () => reply };
  return {
    getHandler: () => contextOf,
    getClass: () => SubscriptionsServer,
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => reply }),
  } as unknown as ExecutionContext;
}

describe('the throttler set up for plans', () => {
  it("makes the package's own guard count by user and plan in the same window", async () => {
    const ana = await server.createUser();
    const guard = new ThrottlerGuard(
      server.get(getOptionsToken() as never),
      server.get(getStorageToken() as never),
      new Reflector(),
    );
    await guard.onModuleInit();
    for (let used = 0; used < 3; used += 1) expect(await guard.canActivate(contextOf(ana))).toBe(true);
    for (let used = 0; used < 2; used += 1) expect((await server.call('POST', '/counted/1', ana, {})).status).toBe(201);
    await expect(guard.canActivate(contextOf(ana))).rejects.toBeInstanceOf(ThrottlerException);
    expect((await server.call('POST', '/counted/1', ana, {})).status).toBe(429);
    server.clock.moveSeconds(60);
    expect(await guard.canActivate(contextOf(ana))).toBe(true);
  });

  it('lets the guard of plans, used as a Nest guard, decide where no hook has, and once', async () => {
    const ana = await server.createUser();
    const guard = server.get(PlanThrottlerGuard);
    const context = contextOf(ana);
    for (let called = 0; called < 10; called += 1) expect(await guard.canActivate(context)).toBe(true);
    for (let used = 1; used < 5; used += 1) await guard.canActivate(contextOf(ana));
    await expect(guard.canActivate(contextOf(ana))).rejects.toMatchObject({ kind: { code: 'QUOTA_EXCEEDED' } });
  });

  it('leaves routes without a rule to the guard that keeps them closed', async () => {
    const guard = server.get(PlanThrottlerGuard);
    for (let used = 0; used < 10; used += 1) expect(await guard.canActivate(contextOf({ id: newId() }, {}))).toBe(true);
  });
});
