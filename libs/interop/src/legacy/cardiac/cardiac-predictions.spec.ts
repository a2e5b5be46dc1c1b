import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { AuditTrail } from '#audit';
import { eraseSubject } from '#predictions';
import {
  accountsDatabase,
  type AccountsServer,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { asOwner } from '../../../../../test/setup/as-owner.js';
import {
  AT_RISK,
  CARDIAC,
  CardiacClient,
  NOT_AT_RISK,
  SERVICE_PATIENT,
} from '../../../../../test/setup/cardiac-client.js';
import { givePlan, startLegacyServer } from '../../../../../test/setup/legacy-server.js';

const COURSE_DATA = resolve(
  import.meta.dirname,
  '../../../../../../shared/fixtures/cardiac/datos_de_pacientes_5000.csv',
);

/** As it is answered. */
const NO_RISK_FACTORS = { sobrepeso: false, tabaquismo: false };

const database = await accountsDatabase();
let server: AccountsServer;
let administrator: Session;

beforeAll(async () => {
  server = await startLegacyServer(database, ['cardiac']);
  administrator = await server.administrator();
});

async function premium(): Promise<CardiacClient> {
  const client = await CardiacClient.registered(server);
  await givePlan(server, client.userId, 'PREMIUM', administrator);
  return client;
}

function unprocessable(errors: object): Partial<Answer> {
  return { status: 422, body: { code: 422, status: 'Unprocessable Entity', errors: { json: errors } } };
}

describe('a prediction', () => {
  it('answers the patient, its number and whether the patient is at risk', async () => {
    const ana = await CardiacClient.registered(server);
    const first = await ana.predict({ nombre: 'Ana', ...AT_RISK });
    expect(first).toMatchObject({
      status: 200,
      body: { nombre: 'Ana', ...AT_RISK, ...NO_RISK_FACTORS, id: '1', riesgoCardiaco: true },
    });
    expect(Object.keys(first.body)).toHaveLength(9);
    expect((await ana.list()).body).toEqual([first.body]);
    expect(first.headers).toMatchObject({
      'x-model-notice': 'Trained on synthetic data; not for clinical use',
      'x-model-version': '1.0.0',
      'ratelimit-policy': '"freemium";q=5;w=60',
    });
    expect(first.headers['server-timing']).toContain('infer;dur=');
    expect((await ana.predict(NOT_AT_RISK)).body).toEqual({
      ...NOT_AT_RISK,
      ...NO_RISK_FACTORS,
      id: '2',
      riesgoCardiaco: false,
    });
    const record = await server.get(`/v1/predictions/${first.headers['x-prediction-id']}`, ana.accessToken);
    expect(record.body).toMatchObject({
      subject: 'Ana',
      model: 'cardiac-risk',
      inputs: [{ cholesterol: 2.4, age: 72 }],
    });
  });

  it.each([
    ['booleans', { sobrepeso: true, tabaquismo: true }],
    ['numbers', { sobrepeso: 1, tabaquismo: 1 }],
    ['texts', { sobrepeso: 'True', tabaquismo: 'True' }],
  ])('takes booleans as %s', async (_, risks) => {
    const client = await CardiacClient.registered(server);
    const { status, body } = await client.predict({ ...NOT_AT_RISK, ...risks });
    expect({ status, body }).toEqual({
      status: 200,
      body: { ...NOT_AT_RISK, sobrepeso: true, tabaquismo: true, id: '1', riesgoCardiaco: true },
    });
    expect((await client.list()).body).toEqual([body]);
  });

  it('answers values as they were read, whatever they were sent as, now and later', async () => {
    const client = await CardiacClient.registered(server);
    const sent = { ...AT_RISK, nombre: null, presionArterial: ' 1.4 ', edad: '72', sobrepeso: 'no', tabaquismo: 0 };
    const { body } = await client.predict(sent);
    expect(body).toEqual({ ...AT_RISK, ...NO_RISK_FACTORS, id: '1', riesgoCardiaco: true });
    expect((await client.call('GET', '/freemium/predictById/1')).body).toEqual(body);
  });

  it('names every value at fault in the words of the older service, the ranges of the model among them', async () => {
    const client = await CardiacClient.registered(server);
    expect(await client.predict({ ...AT_RISK, colesterol: 'alto', edad: undefined, altura: 1.8 })).toMatchObject(
      unprocessable({
        colesterol: ['Not a valid number.'],
        edad: ['Missing data for required field.'],
        altura: ['Unknown field.'],
      }),
    );
    expect(await client.predict({ ...AT_RISK, colesterol: 9, edad: 120 })).toMatchObject(
      unprocessable({ colesterol: ['Must be at most 3.'], edad: ['Must be at most 99.'] }),
    );
    expect(await client.predict({ ...AT_RISK, presionArterial: 140, sobrepeso: 'quizás' })).toMatchObject(
      unprocessable({ presionArterial: ['Must be at most 1.8.'], sobrepeso: ['Not a valid boolean.'] }),
    );
    expect((await client.list()).body).toEqual([]);
  });

  it.each([
    ['no JSON', '{"edad":', 'application/json', 400],
    ['NaN', '{"edad": NaN}', 'application/json', 400],
    ['nothing', '', 'application/json', 400],
    ['a prototype', '{"__proto__": {"edad": 72}}', 'application/json', 400],
    ['a list', '[]', 'application/json', 422],
    ['a text', '"72"', 'application/json', 422],
    ['null', 'null', 'application/json', 422],
    ['a number that is none', '{"edad": 1e999}', 'application/json', 422],
    ['NUL', '{"nombre": "\\u0000"}', 'application/json', 422],
    ['depth', `{"nombre": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 'application/json', 422],
    ['too much', `{"nombre": "${'a'.repeat(20_000)}"}`, 'application/json', 413],
    ['a form', 'edad=72', 'application/x-www-form-urlencoded', 415],
    ['text', 'edad', 'text/plain', 415],
  ])('refuses %s in its own shape', async (_, payload, type, status) => {
    const client = await CardiacClient.registered(server);
    const answer = await server.request({
      method: 'POST',
      url: `${CARDIAC}/freemium/predict`,
      payload,
      headers: { 'content-type': type },
      token: client.accessToken,
    });
    expect(answer).toMatchObject({ status, body: { code: status, status: expect.any(String) } });
  });

  it('of the other plan is forbidden, whichever it is', async () => {
    const forbidden = {
      status: 403,
      body: { code: 403, status: 'Forbidden', message: 'No tienes permisos para acceder a esta ruta' },
    };
    const free = await CardiacClient.registered(server);
    for (const [method, path] of [
      ['POST', '/premium/predict'],
      ['GET', '/premium/predict'],
      ['GET', '/premium/predictById/1'],
    ] as const)
      expect(await free.call(method, path, method === 'POST' ? AT_RISK : undefined)).toMatchObject(forbidden);
    const paying = await premium();
    expect(await paying.predict()).toMatchObject(forbidden);
    expect(await paying.list()).toMatchObject(forbidden);
    expect(await paying.call('GET', '/freemium/predictById/1')).toMatchObject(forbidden);
    expect(await paying.predict(AT_RISK, 'premium')).toMatchObject({ status: 200, body: { id: '1' } });
  });

  it('is refused from the sixth in a minute on for FREEMIUM, from the fifty-first for PREMIUM', async () => {
    const refused = { status: 429, body: { code: 429, status: 'Too Many Requests' } };
    for (const [client, tier, limit] of [
      [await CardiacClient.registered(server), 'freemium', 5],
      [await premium(), 'premium', 50],
    ] as const) {
      for (let index = 1; index <= limit; index += 1)
        expect(await client.predict(AT_RISK, tier)).toMatchObject({ status: 200, body: { id: String(index) } });
      const { status, body, headers } = await client.predict(AT_RISK, tier);
      expect({ status, body }).toEqual(refused);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(headers['ratelimit']).toMatch(/r=0/);
      // Reading does not count.
      expect((await client.list(tier)).body).toHaveLength(limit);
    }
  });

  it.skipIf(!existsSync(COURSE_DATA))('agrees with the assignment’s own data, column by column', async () => {
    const [header, ...lines] = readFileSync(COURSE_DATA, 'utf8').trim().split('\n');
    expect(header).toBe(',colesterol,presion,glucosa,edad,sobrepeso,tabaquismo,riesgo_cardiaco');
    const client = await premium();
    for (const line of lines.slice(0, 20)) {
      const [, colesterol, presionArterial, azucar, edad, sobrepeso, tabaquismo, risk] = line.split(',').map(Number);
      const patient = { colesterol, presionArterial, azucar, edad, sobrepeso, tabaquismo };
      expect((await client.predict(patient, 'premium')).body, line).toMatchObject({ riesgoCardiaco: risk === 1 });
    }
  });
});

describe('the list', () => {
  it('holds one’s own, in order, as they were answered', async () => {
    const [ana, eva] = [await CardiacClient.registered(server), await CardiacClient.registered(server)];
    expect((await ana.list()).body).toEqual([]);
    await ana.predict({ nombre: 'A', ...AT_RISK, sobrepeso: false, tabaquismo: true });
    await eva.predict({ nombre: 'E', ...AT_RISK });
    await ana.predict({ ...NOT_AT_RISK, sobrepeso: false, tabaquismo: false });
    const { status, body } = await ana.list();
    expect(status).toBe(200);
    expect(body).toEqual([
      { nombre: 'A', ...AT_RISK, sobrepeso: false, tabaquismo: true, id: '1', riesgoCardiaco: true },
      { ...NOT_AT_RISK, sobrepeso: false, tabaquismo: false, id: '2', riesgoCardiaco: false },
    ]);
    expect((await ana.call('GET', '/freemium/predictById/2')).body).toEqual(body[1]);
    expect((await eva.list()).body).toMatchObject([{ nombre: 'E', id: '1' }]);
    expect((await eva.call('GET', '/freemium/predictById/2')).status).toBe(404);
  });

  it.each(['0', '3', '-1', '01', '1.0', 'uno', '99999999999999999999', '%00', encodeURIComponent("1' OR '1'='1")])(
    'has nothing of the number %s',
    async (id) => {
      const client = await CardiacClient.registered(server);
      await client.predict();
      expect(await client.call('GET', `/freemium/predictById/${id}`)).toMatchObject({
        status: 404,
        body: { code: 404, status: 'Not Found' },
      });
    },
  );

  it.each(['/premium/predictById/', '/premium/predictById/%ff', '/%zz'])(
    'has nothing at %s, in the shape of the older service',
    async (path) => {
      const client = await premium();
      const answer = await client.call('GET', path);
      expect([answer.status, Object.keys(answer.body)]).toEqual([404, ['code', 'status', 'message']]);
      expect(JSON.stringify(answer.body)).not.toMatch(/legacy|predictById|%/);
    },
  );

  it('goes on counting when the plan changes', async () => {
    const client = await CardiacClient.registered(server);
    await client.predict();
    await givePlan(server, client.userId, 'PREMIUM', administrator);
    expect(await client.predict(AT_RISK, 'premium')).toMatchObject({ body: { id: '2' } });
    expect((await client.list('premium')).body).toMatchObject([{ id: '1' }, { id: '2' }]);
  });

  it('holds what was predicted here alone', async () => {
    const client = await CardiacClient.registered(server);
    const input = { cholesterol: 2.4, systolicPressure: 1.4, glucose: 1.8, age: 72, overweight: 0, smoker: 0 };
    expect((await server.post('/v1/models/cardiac-risk/predictions', { input }, client.accessToken)).status).toBe(201);
    expect((await client.call('POST', '/service', SERVICE_PATIENT)).status).toBe(200);
    expect(await client.predict()).toMatchObject({ body: { id: '1' } });
    expect((await client.list()).body).toHaveLength(1);
  });

  it('leaves out who was erased, and gives no number twice', async () => {
    const client = await CardiacClient.registered(server);
    await client.predict({ nombre: 'Rosa', ...AT_RISK });
    await client.predict({ nombre: 'Luis', ...AT_RISK });
    await asOwner(database, (manager) => eraseSubject(manager, server.app.get(AuditTrail), { subject: 'Luis' }));
    expect((await client.list()).body).toMatchObject([{ id: '1', nombre: 'Rosa' }]);
    expect((await client.call('GET', '/freemium/predictById/2')).status).toBe(404);
    expect(await client.predict({ nombre: 'Pía', ...AT_RISK })).toMatchObject({ body: { id: '3' } });
    expect((await client.list()).body.map(({ id }: { id: string }) => id)).toEqual(['1', '3']);
  });
});

describe('GET and POST /service', () => {
  it.each(['GET', 'POST'] as const)(
    '%s answers with an API key, bare or as bearer, and counts by the plan',
    async (method) => {
      const client = await CardiacClient.registered(server);
      const key = await client.apiKey();
      const call = (authorization: string): Promise<Answer> =>
        server.request({ method, url: `${CARDIAC}/service`, payload: SERVICE_PATIENT, headers: { authorization } });
      for (const authorization of [key, `Bearer ${key}`]) {
        const { status, body, headers } = await call(authorization);
        expect({ status, body }).toEqual({
          status: 200,
          body: { riesgo_cardiaco: true, probabilidad: expect.closeTo(1, 1) as number },
        });
        expect(headers).toHaveProperty('x-prediction-id');
      }
      for (let index = 0; index < 3; index += 1) expect((await call(key)).status).toBe(200);
      expect(await call(key)).toMatchObject({ status: 429, body: { code: 429, status: 'Too Many Requests' } });
    },
  );

  it.each(['GET', 'POST'] as const)('%s is refused without a key, and with one that does not hold', async (method) => {
    const call = (headers: Record<string, string>): Promise<Answer> =>
      server.request({ method, url: `${CARDIAC}/service`, payload: SERVICE_PATIENT, headers });
    expect(await call({})).toMatchObject({ status: 401, body: { msg: 'Missing Authorization Header' } });
    expect(await call({ authorization: 'lat_nobodys' })).toMatchObject({
      status: 401,
      body: { msg: 'The API key is unknown, expired or revoked' },
    });
  });

  it.each(['GET', 'POST'] as const)('%s names what is at fault in its own words', async (method) => {
    const client = await CardiacClient.registered(server);
    const call = (payload: string | undefined): Promise<Answer> =>
      server.request({
        method,
        url: `${CARDIAC}/service`,
        payload,
        headers: { authorization: `Bearer ${client.accessToken}`, 'content-type': 'application/json' },
      });
    expect(await call(JSON.stringify({ ...SERVICE_PATIENT, nivel_colesterol: 9, edad: 'x' }))).toMatchObject(
      unprocessable({ nivel_colesterol: ['Must be at most 3.'], edad: ['Not a valid integer.'] }),
    );
    expect((await call('{')).status).toBe(400);
    expect((await call('[]')).status).toBe(422);
    expect((await call(JSON.stringify({ nombre: 'a'.repeat(20_000) }))).status).toBe(413);
    const nothing = await call(undefined);
    expect([400, 422]).toContain(nothing.status);
    expect(nothing.body).toMatchObject({ code: nothing.status });
  });
});

describe('an access token', () => {
  const routes = [
    ['POST', '/freemium/predict'],
    ['GET', '/freemium/predict'],
    ['GET', '/freemium/predictById/1'],
  ] as const;

  it.each(routes)('%s %s wants a fresh one', async (method, path) => {
    const client = await CardiacClient.registered(server);
    const { body } = await client.call('POST', '/refresh', undefined, client.refreshToken);
    const payload = method === 'POST' ? AT_RISK : undefined;
    expect(await client.call(method, path, payload, body.access_token)).toMatchObject({
      status: 401,
      body: { msg: 'Fresh token required' },
    });
    expect((await client.call(method, path, payload)).body).not.toHaveProperty('msg');
  });

  it.each(routes)('%s %s may be left out for an API key', async (method, path) => {
    const client = await CardiacClient.registered(server);
    await client.predict();
    const payload = method === 'POST' ? AT_RISK : undefined;
    expect((await client.call(method, path, payload, await client.apiKey())).status).toBe(200);
  });

  it.each(routes)('%s %s says why it was refused', async (method, path) => {
    const client = await CardiacClient.registered(server);
    const refusal = async (authorization?: string): Promise<[number, unknown]> => {
      const { status, body } = await server.request({
        method,
        url: `${CARDIAC}${path}`,
        headers: authorization === undefined ? {} : { authorization },
        payload: method === 'POST' ? AT_RISK : undefined,
      });
      return [status, body.msg];
    };
    const expected = "Expected 'Authorization: Bearer <JWT>'";
    expect(await refusal()).toEqual([401, 'Missing Authorization Header']);
    expect(await refusal('Basic YTpi')).toEqual([401, `Missing 'Bearer' type in 'Authorization' header. ${expected}`]);
    expect(await refusal('Bearer a b')).toEqual([422, `Bad Authorization header. ${expected}`]);
    expect(await refusal('Bearer nothing')).toEqual([422, 'Not enough segments']);
    expect(await refusal(`Bearer ${client.refreshToken}`)).toEqual([422, 'Not enough segments']);
    expect(await refusal('Bearer a.b.c')).toEqual([422, 'Invalid payload']);
    const [head, payload, signature] = client.accessToken.split('.') as [string, string, string];
    const forged = `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await refusal(`Bearer ${forged}`)).toEqual([401, 'Token is not valid, or has been revoked']);
  });

  it('has expired after its time', async () => {
    const client = await CardiacClient.registered(server);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 21 * 60_000 });
    try {
      expect(await client.list()).toMatchObject({ status: 401, body: { msg: 'Token has expired' } });
    } finally {
      vi.useRealTimers();
    }
  });

  it('is over when its account is suspended', async () => {
    const client = await CardiacClient.registered(server);
    expect((await client.list()).status).toBe(200);
    const url = `/v1/users/${client.userId}`;
    expect((await server.patch(url, { status: 'suspended' }, administrator.accessToken)).status).toBe(200);
    expect(await client.list()).toMatchObject({
      status: 401,
      body: { msg: 'Token is not valid, or has been revoked' },
    });
    expect((await client.call('POST', '/refresh', undefined, client.refreshToken)).status).toBe(401);
  });
});
