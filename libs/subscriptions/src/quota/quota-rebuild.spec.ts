import { describe, expect, it } from 'vitest';
import { newId } from '#platform';
import { ownDatabase } from '../../../../test/setup/database.js';
import { SubscriptionsServer, type Answer, type Caller } from '../../../../test/setup/subscriptions-server.js';

const database = await ownDatabase();

function count(server: SubscriptionsServer, caller: Caller): Promise<Answer> {
  return server.call('POST', '/counted/1', caller, {});
}

/** A recorded prediction of the admission, as the predictions lib writes it. */
async function recordPrediction(
  server: SubscriptionsServer,
  user: Caller,
  admission: { id: string; admittedAt: Date },
): Promise<void> {
  await server.query(
    `INSERT INTO predictions (id, user_id, admission_id, provenance_id, row_count, request_id) VALUES ($1, $2, $3, $1, 1, 'r')`,
    [newId(), user.id, admission.id],
  );
}

describe('the quota after a restart', () => {
  it('gives nobody five more, and says to the second when the next passes', async () => {
    const before = await SubscriptionsServer.start(database.url);
    const ana = await before.createUser();
    await count(before, ana);
    before.clock.moveSeconds(20);
    for (let used = 0; used < 4; used += 1) await count(before, ana);
    before.clock.moveSeconds(5);
    expect((await count(before, ana)).status).toBe(429);
    await before.stop();

    const after = await SubscriptionsServer.start(database.url, before.clock);
    const refused = await count(after, ana);
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({ 'retry-after': '36', ratelimit: '"freemium";r=0;t=36' });
    // A second more than the 35 that are left: what is recorded to the millisecond may have been a fraction later.
    after.clock.moveSeconds(35.002);
    expect((await count(after, ana)).headers.ratelimit).toBe('"freemium";r=0;t=20');
    expect((await count(after, ana)).status).toBe(429);
  });

  it('knows recorded predictions that the request log has lost to a crash, and counts those in both once', async () => {
    const before = await SubscriptionsServer.start(database.url);
    const [ana, ben] = [await before.createUser(), await before.createUser()];
    const admitted = [(await count(before, ana)).body.admission, (await count(before, ana)).body.admission];
    for (const { id, admittedAt } of admitted)
      await recordPrediction(before, ana, { id, admittedAt: new Date(admittedAt) });
    for (let lost = 0; lost < 3; lost += 1)
      await recordPrediction(before, ben, { id: newId(), admittedAt: before.clock.now() });
    await before.stop();

    const after = await SubscriptionsServer.start(database.url, before.clock);
    expect((await count(after, ana)).headers.ratelimit).toBe('"freemium";r=2;t=60');
    expect((await count(after, ben)).headers.ratelimit).toBe('"freemium";r=1;t=60');
  });

  it('holds nothing against anybody for refused requests or for what is older than the window', async () => {
    const before = await SubscriptionsServer.start(database.url);
    const ana = await before.createUser();
    for (let sent = 0; sent < 8; sent += 1) await count(before, ana);
    before.clock.moveSeconds(60.002);
    await count(before, ana);
    await before.stop();

    const after = await SubscriptionsServer.start(database.url, before.clock);
    expect((await count(after, ana)).headers.ratelimit).toBe('"freemium";r=3;t=60');
  });

  it('takes admissions from a clock that was ahead as made now, not later', async () => {
    const before = await SubscriptionsServer.start(database.url);
    const ana = await before.createUser();
    before.clock.moveSeconds(3_600);
    for (let sent = 0; sent < 5; sent += 1) await count(before, ana);
    await before.stop();

    const after = await SubscriptionsServer.start(database.url);
    expect(await count(after, ana)).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
  });
});
