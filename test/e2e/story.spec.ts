/** The whole of it, as a clinician's app and an administrator see it: the built server, its own Postgres, HTTP. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENT } from '../setup/patient.js';
import { isRunning, Server } from './server.js';

const server = new Server({});
let token: string;
let userId: string;
let adminToken: string;

beforeAll(async () => {
  await server.start();
});
afterAll(() => server.remove());

describe('the first administrator', () => {
  const file = join(server.folder, 'data/admin-password.txt');

  it("has a generated password in a file for the owner's eyes, and nowhere in the log", () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(server.output).not.toContain(readFileSync(file, 'utf8').trim());
  });

  it('must change it before anything else; then the file goes', async () => {
    const first = await server.signIn('admin', readFileSync(file, 'utf8').trim());
    expect(await server.request('GET', '/v1/users', { token: first })).toMatchObject({
      status: 403,
      body: { code: 'PASSWORD_CHANGE_REQUIRED' },
    });
    const changed = await server.request('PATCH', '/v1/me', {
      token: first,
      body: { currentPassword: readFileSync(file, 'utf8').trim(), newPassword: 'correct horse battery stable' },
    });
    expect(changed.status).toBe(200);
    expect(existsSync(file)).toBe(false);
    adminToken = await server.signIn('admin', 'correct horse battery stable');
    expect((await server.request('GET', '/v1/users', { token: adminToken })).status).toBe(200);
  });
});

describe("a clinician's app", () => {
  it('registers, gets a token and a risk with its probability', async () => {
    const user = await server.newUser('clinic-app');
    ({ token, id: userId } = user);
    const { status, headers, body } = await server.predict<{
      id: string;
      results: { label: string; probability: number; probabilities: Record<string, number> }[];
    }>(token);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      model: 'cardiac-risk',
      version: '1.0.0',
      subject: null,
      notice: 'Trained on synthetic data; not for clinical use',
    });
    const [result] = body.results;
    expect(result!.label).toBe('risk');
    expect(result!.probability).toBe(result!.probabilities.risk);
    expect(result!.probabilities.risk! + result!.probabilities['no-risk']!).toBeCloseTo(1, 6);
    expect(headers.get('location')).toBe(`/v1/predictions/${body.id}`);
    expect(headers.get('ratelimit-policy')).toBe('"freemium";q=5;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"freemium";r=4;t=60$/);
    for (const part of ['auth', 'quota', 'validate', 'infer', 'record'])
      expect(headers.get('server-timing')).toContain(`${part};dur=`);
  });

  it('is refused at the sixth request within a minute, with headers that say when to come back', async () => {
    const statuses = [];
    for (let request = 2; request <= 5; request += 1) statuses.push((await server.predict(token)).status);
    expect(statuses).toEqual([201, 201, 201, 201]);
    const refused = await server.predict(token);
    expect(refused).toMatchObject({ status: 429, body: { code: 'QUOTA_EXCEEDED' } });
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit')).toMatch(new RegExp(`^"freemium";r=0;t=${retryAfter}$`));
  });

  it('shares the window with its other tokens and keys', async () => {
    const second = await server.signIn('clinic-app', 'the long password of ppa-cinilc');
    expect((await server.predict(second)).status).toBe(429);
    const key = await server.request<{ key: string }>('POST', '/v1/me/api-keys', { token, body: { name: 'ward 3' } });
    expect(key.status).toBe(201);
    const waysToShowIt: Record<string, string>[] = [
      { authorization: `Bearer ${key.body.key}` },
      { authorization: key.body.key },
      { 'x-api-key': key.body.key },
    ];
    for (const headers of waysToShowIt) {
      expect((await server.predict(undefined, { input: PATIENT }, headers)).status).toBe(429);
    }
  });

  it('has 45 more of 60 concurrent requests in the same minute, with the same token, once it is upgraded', async () => {
    const upgrade = await server.request('PUT', `/v1/users/${userId}/subscription`, {
      token: adminToken,
      body: { plan: 'PREMIUM' },
    });
    expect(upgrade.status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 60 }, () => server.predict(token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(45);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
    expect(answers.find(({ status }) => status === 429)!.headers.get('ratelimit-policy')).toBe('"premium";q=50;w=60');
  });

  it('finds what it was told, and nobody else does', async () => {
    const { body } = await server.request<{ data: { id: string }[] }>('GET', '/v1/predictions?limit=200', { token });
    expect(body.data).toHaveLength(50);
    const detail = await server.request('GET', `/v1/predictions/${body.data[0]!.id}`, { token });
    expect(detail).toMatchObject({
      status: 200,
      body: { inputs: [PATIENT], engine: 'onnx', requestId: expect.any(String) },
    });
    const stranger = await server.newUser('stranger');
    expect((await server.request('GET', `/v1/predictions/${body.data[0]!.id}`, { token: stranger.token })).status).toBe(
      404,
    );
    expect((await server.request('GET', `/v1/predictions/${body.data[0]!.id}`, { token: adminToken })).status).toBe(
      200,
    );
  });

  it('sees its plan, what is left of it, and what it used', async () => {
    expect((await server.request('GET', '/v1/me', { token })).body).toMatchObject({
      username: 'clinic-app',
      plan: 'PREMIUM',
      quota: { limit: 50, remaining: 0 },
    });
    await expect
      .poll(async () => (await server.request<{ data: object[] }>('GET', '/v1/me/usage', { token })).body.data)
      .toEqual([{ date: new Date().toISOString().slice(0, 10), requests: 70, predictions: 50, refusals: 20 }]);
  });
});

describe('the trail', () => {
  it('holds the sign-ins, the upgrade and the key, without a secret or a name', async () => {
    const { body } = await server.request<{ data: { action: string; target: { id: string } }[] }>(
      'GET',
      '/v1/audit/events?limit=200',
      { token: adminToken },
    );
    const actions = body.data.map(({ action }) => action);
    for (const action of [
      'user.registered',
      'session.started',
      'user.password-changed',
      'subscription.changed',
      'api-key.created',
      'model-version.activated',
      'prediction.read-by-other',
    ]) {
      expect(actions).toContain(action);
    }
    expect(JSON.stringify(body)).not.toMatch(/password of|clinic-app|lat_[A-Za-z0-9]{8}_/);
  });

  it('keeps patients, passwords and tokens out of the log', () => {
    expect(server.output).toContain('"route":"/v1/models/:model/predictions"');
    expect(server.output).not.toMatch(/cholesterol|password of|battery|eyJ|lat_[A-Za-z0-9]/);
  });
});

describe('operations', () => {
  it('shows metrics to this machine, and nothing with a name or an id in it', async () => {
    const { status, body } = await server.request<string>('GET', '/metrics');
    expect(status).toBe(200);
    for (const name of [
      'latido_http_requests_total',
      'latido_prediction_duration_seconds',
      'latido_quota_refusals_total',
      'latido_recorder_queue',
      'latido_recorder_flush_seconds',
      'nodejs_eventloop_lag_seconds',
    ]) {
      expect(body, name).toContain(name);
    }
    expect(body).not.toContain(userId);
  });

  it('says what a service page shows, to administrators alone', async () => {
    expect((await server.request('GET', '/v1/service/metrics', { token })).status).toBe(403);
    expect((await server.request('GET', '/v1/service/metrics', { token: adminToken })).body).toMatchObject({
      uptimeSeconds: expect.any(Number),
    });
  });

  it('stops within ten seconds, with exit code 0 and no Postgres left', async () => {
    const postgres = server.postgresPid()!;
    const startedAt = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    // Until the system has reaped it, a process that has ended still has a number.
    await expect.poll(() => isRunning(postgres)).toBe(false);
  });

  it('gives nobody five more after a restart', async () => {
    await server.start();
    const again = await server.signIn('clinic-app', 'the long password of ppa-cinilc');
    expect((await server.predict(again)).status).toBe(429);
  });
});
