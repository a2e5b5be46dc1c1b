/** Whatever a client sends, the answer says what is wrong: never a 500, never a stack trace, never half a write. */
import { connect } from 'node:net';
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENT } from '../setup/patient.js';
import { ADMIN_PASSWORD, Server } from './server.js';

const PAGE_ORIGIN = 'https://console.example';
const server = new Server({ ADMIN_PASSWORD, CORS_ORIGINS: PAGE_ORIGIN });
let token: string;

beforeAll(async () => {
  await server.start();
  const user = await server.newUser('tester');
  token = user.token;
  await server.request('PUT', `/v1/users/${user.id}/subscription`, {
    token: await server.admin(),
    body: { plan: 'PREMIUM' },
  });
  await server.request('PUT', '/v1/plans/PREMIUM', {
    token: await server.admin(),
    body: { requestsPerMinute: 1000, rowsPerRequest: 1000, rowsPerDay: 5000000, concurrentStreams: 4 },
  });
});
afterAll(() => server.remove());

const JSON_TYPE = { 'content-type': 'application/json' };
type Problem = {
  code: string;
  status: number;
  errors?: { pointer: string; detail: string }[];
  requestId: string;
  title: string;
  type: string;
};

async function refusal(
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; problem: Problem }> {
  const answer = await server.predict<Problem>(token, body, headers);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status: answer.status,
    code: expect.any(String),
    requestId: answer.headers.get('x-request-id'),
  });
  return { status: answer.status, problem: answer.body };
}

function pointers(problem: Problem): string[] {
  return (problem.errors ?? []).map(({ pointer }) => pointer).sort();
}

describe('bodies', () => {
  it.each([
    ['JSON that does not parse', '{"input": ', 400],
    ['an empty body', '', 400],
    ['a NaN', '{"input": {"age": NaN}}', 400],
    ['__proto__', '{"__proto__": {"role": "admin"}, "input": {}}', 400],
  ])('answers 400 to %s', async (_, body, status) => {
    expect((await refusal(body, JSON_TYPE)).status).toBe(status);
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'answers 415 to %s',
    async (type) => {
      expect((await refusal('input=1', { 'content-type': type })).status).toBe(415);
    },
  );

  it('answers 413 to more than 16 MiB, and elsewhere to more than 1 MiB, before it reads them', async () => {
    /** What is answered to the announcement of so many bytes, of which none is sent. */
    const announced = (path: string, bytes: number): Promise<{ status: number | undefined; problem: Problem }> =>
      new Promise((resolve, reject) => {
        const headers = { ...JSON_TYPE, authorization: `Bearer ${token}`, 'content-length': bytes };
        const sent = request(server.url + path, { method: 'POST', headers }, (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
          answer.on('end', () => {
            resolve({ status: answer.statusCode, problem: JSON.parse(text) as Problem });
            sent.destroy();
          });
        });
        sent.on('error', reject);
        sent.flushHeaders();
      });
    for (const [path, most] of [
      ['/v1/models/cardiac-risk/predictions', 16 * 2 ** 20],
      ['/v1/predictions/search', 2 ** 20],
    ] as const) {
      const { status, problem } = await announced(path, most + 1);
      expect(status).toBe(413);
      expect(problem).toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
        detail: `This route reads bodies of at most ${most} bytes.`,
      });
    }
    expect((await refusal(`{"input": "${'x'.repeat(2 ** 20)}"}`, JSON_TYPE)).status).toBe(422);
  });

  it.each([
    ['arrays', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['objects as an input', `{"input": {"age": ${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`],
  ])('refuses deeply nested %s at once', async (_, body) => {
    const startedAt = performance.now();
    expect([400, 422]).toContain((await refusal(body, JSON_TYPE)).status);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it.each([
    [null],
    [[]],
    ['text'],
    [1],
    [{}],
    [{ input: PATIENT, inputs: [PATIENT] }],
    [{ inputs: [] }],
    [{ inputs: PATIENT }],
    [{ input: [PATIENT] }],
    [{ input: null }],
  ])('answers 422 to %j', async (body) => {
    expect((await refusal(JSON.stringify(body), JSON_TYPE)).status).toBe(422);
  });

  it('answers 422 to 1,001 rows, and 201 to 1,000', async () => {
    expect((await refusal({ inputs: Array.from({ length: 1001 }, () => PATIENT) })).status).toBe(422);
    const { status, body } = await server.predict<{ results: object[] }>(token, {
      inputs: Array.from({ length: 1000 }, () => PATIENT),
    });
    expect(status).toBe(201);
    expect(body.results).toHaveLength(1000);
  });
});

describe('fields', () => {
  it.each([
    ['missing', { age: undefined }],
    ['of another type', { age: 'sixty' }],
    ['a number as a string', { age: '60' }],
    ['null', { age: null }],
    ['out of range', { age: 100 }],
    ['a fraction where a whole number is wanted', { age: 60.5 }],
    ['a boolean', { age: true }],
  ])('answers 422 with a pointer to a value that is %s', async (_, change) => {
    const { status, problem } = await refusal({ input: { ...PATIENT, ...change } });
    expect([status, pointers(problem)]).toEqual([422, ['/input/age']]);
  });

  it('refuses numbers beyond what a double holds', async () => {
    const { status, problem } = await refusal(JSON.stringify({ input: PATIENT }).replace('68', '1e999'), JSON_TYPE);
    expect([status, pointers(problem)]).toEqual([422, ['/input/age']]);
  });

  it('names all faults at once', async () => {
    const { problem } = await refusal({
      inputs: [PATIENT, { ...PATIENT, age: -1, smoker: 2, shoeSize: 43, 'a/b~c': 1 }],
      colour: 'red',
      version: 1,
    });
    expect(pointers(problem)).toEqual([
      '/colour',
      '/inputs/1/age',
      '/inputs/1/a~1b~0c',
      '/inputs/1/shoeSize',
      '/inputs/1/smoker',
      '/version',
    ]);
  });

  it('never repeats a value of the patient in the answer', async () => {
    const { problem } = await refusal({ input: { ...PATIENT, age: 123456 } });
    expect(JSON.stringify(problem)).not.toContain('123456');
  });

  it('answers 422 to explain, until there are explanations', async () => {
    expect(pointers((await refusal({ input: PATIENT, explain: true })).problem)).toEqual(['/explain']);
  });
});

describe('names', () => {
  it.each(['/v1/models/unknown/predictions', '/v1/models/..%2f..%2fetc/predictions'])(
    'answers 404 to %s',
    async (path) => {
      expect((await server.request('POST', path, { token, body: { input: PATIENT } })).status).toBe(404);
    },
  );

  it('answers 422 to a NUL character, wherever it stands', async () => {
    expect(
      (await server.request('POST', '/v1/models/%00/predictions', { token, body: { input: PATIENT } })).status,
    ).toBe(422);
    expect((await server.request('GET', '/v1/predictions?model=%00', { token })).status).toBe(422);
    expect((await server.predict(token, { input: PATIENT, subject: 'a\u0000b' })).status).toBe(422);
    expect((await server.request('GET', '/v1/users?q=%00', { token: await server.admin() })).status).toBe(422);
  });

  it('answers 404 to an unknown version, an unknown prediction, an id that is none, and an unknown route', async () => {
    expect((await server.predict(token, { input: PATIENT, version: '9.9.9' })).status).toBe(404);
    for (const path of [
      '/v1/predictions/0198c2b4-6a52-7c3e-9a41-0c1f5d1d8a11',
      "/v1/predictions/1'--",
      '/v1/models/nope',
      '/nowhere',
      '/v1/users/x',
    ]) {
      const answer = await server.request('GET', path, {
        token: path === '/v1/users/x' ? await server.admin() : token,
      });
      expect(answer.status, path).toBe(404);
    }
  });

  it('answers with a problem document what is refused before there is a route', async () => {
    for (const [path, status] of [
      ['/v1/models/%ff', 400],
      [`/v1/models/${'a'.repeat(300)}`, 414],
    ] as const) {
      const answer = await server.request<Problem>('GET', path, { headers: { 'x-request-id': 'mine' } });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer).toMatchObject({ status, body: { status, requestId: 'mine' } });
      expect(answer.headers.get('x-request-id')).toBe('mine');
    }
    const answer = await server.request<Problem>('GET', '/v1/me', { headers: { 'x-large': 'a'.repeat(20_000) } });
    expect(answer).toMatchObject({ status: 431, body: { status: 431, requestId: answer.headers.get('x-request-id') } });
  });

  it.each(['limit=0', 'limit=201', 'limit=ten', 'cursor=%00', 'from=yesterday', 'unknown=1'])(
    'answers 422 to the query %s',
    async (query) => {
      expect((await server.request('GET', `/v1/predictions?${query}`, { token })).status).toBe(422);
    },
  );
});

describe('tokens', () => {
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  let claims: Record<string, unknown>;
  let jwk: { kid: string };

  beforeAll(async () => {
    claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
    jwk = (await server.request<{ keys: [{ kid: string }] }>('GET', '/.well-known/jwks.json')).body.keys[0];
  });

  function forged(header: object, payload: object, signer: (input: string) => Buffer): string {
    const input = `${base64(header)}.${base64(payload)}`;
    return `${input}.${signer(input).toString('base64url')}`;
  }

  it('answers 401 with WWW-Authenticate to none, and before it reads the body', async () => {
    const answer = await server.predict(undefined, '{"input": ', JSON_TYPE);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('answers 401 to every token that is not ours', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const ecdsa = (input: string) => sign('sha256', Buffer.from(input), { key: stranger, dsaEncoding: 'ieee-p1363' });
    const publicPem = createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const tokens = {
      garbage: 'garbage',
      'two parts': 'a.b',
      'alg none': `${base64({ alg: 'none', typ: 'JWT', kid: jwk.kid })}.${base64(claims)}.`,
      "another's key": forged({ alg: 'ES256', typ: 'JWT', kid: jwk.kid }, claims, ecdsa),
      'unknown kid': forged({ alg: 'ES256', typ: 'JWT', kid: 'other' }, claims, ecdsa),
      'public key as HMAC secret': forged({ alg: 'HS256', typ: 'JWT', kid: jwk.kid }, claims, (input) =>
        createHmac('sha256', publicPem).update(input).digest(),
      ),
      'changed claims': `${header}.${base64({ ...claims, exp: now + 999_999 })}.${signature}`,
      'cut signature': `${header}.${payload}.${signature.slice(0, -4)}`,
      'an API key of the right shape': 'lat_abcdefgh_abcdefghijklmnopqrstuvwxyzabcdef000000',
    };
    for (const [kind, candidate] of Object.entries(tokens)) {
      const answer = await server.predict<Problem>(candidate);
      expect(answer.status, kind).toBe(401);
      expect(answer.headers.get('www-authenticate'), kind).toContain('invalid_token');
    }
  });

  it('takes nothing from a header that smuggles lines', async () => {
    const raw = await new Promise<string>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () =>
        socket.end('GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\nX: b\r\nConnection: close\r\n\r\n'),
      );
      let text = '';
      socket
        .on('data', (chunk) => (text += chunk.toString()))
        .on('end', () => resolve(text))
        .on('error', reject);
    });
    expect(raw).toMatch(/^HTTP\/1.1 40[01]/);
  });
});

describe('accounts', () => {
  it.each([
    [{ username: 'ab', password: 'long enough password' }, ['/username']],
    [{ email: 'nowhere', password: 'long enough password' }, ['/email']],
    [{ username: 'somebody', password: 'short' }, ['/password']],
    [{ username: 'somebody', password: 'long enough password', role: 'admin', plan: 'PREMIUM' }, ['/plan', '/role']],
  ])('answers 422 to %j', async (body, faults) => {
    const answer = await server.request<Problem>('POST', '/v1/users', { body });
    expect([answer.status, [...new Set(pointers(answer.body))]]).toEqual([422, faults]);
  });

  it.each([
    ['POST', '/v1/users'],
    ['PATCH', '/v1/me'],
    ['POST', '/v1/me/api-keys'],
    ['POST', '/v1/predictions/search'],
  ])('refuses deep nesting and text that cannot be stored at %s %s', async (method, path) => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const startedAt = performance.now();
    for (const body of [
      deep,
      `{"x": ${deep}}`,
      '{"email": "a\\ud800@b.example", "displayName": "\\ud800", "name": "\\u0000"}',
    ])
      expect((await server.request(method, path, { token, body, headers: JSON_TYPE })).status).toBe(422);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('answers 409 to a name that is taken, in whatever case', async () => {
    expect(
      (await server.request('POST', '/v1/users', { body: { username: 'TESTER', password: 'long enough password' } }))
        .status,
    ).toBe(409);
  });

  it('answers as OAuth 2.0 asks at the token endpoint', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const wrong = await server.request('POST', '/v1/auth/token', {
      body: 'grant_type=password&username=tester&password=wrong-password',
      headers: form,
    });
    const unknown = await server.request('POST', '/v1/auth/token', {
      body: 'grant_type=password&username=nobody&password=wrong-password',
      headers: form,
    });
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(unknown.body).toEqual(wrong.body);
    expect(await server.request('POST', '/v1/auth/token', { body: 'grant_type=magic', headers: form })).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    expect(await server.request('POST', '/v1/auth/token', { body: '', headers: form })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    for (const [type, body, status] of [
      ['application/json', '{', 400],
      ['application/json', '', 400],
      ['text/plain', 'x', 415],
      ['application/x-www-form-urlencoded', `a=${'b'.repeat(20_000)}`, 413],
    ] as const) {
      const answer = await server.request('POST', '/v1/auth/token', { body, headers: { 'content-type': type } });
      expect(answer, type).toMatchObject({
        status,
        body: { error: 'invalid_request', error_description: expect.any(String) },
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string, method: string) =>
    server.request('OPTIONS', '/v1/me', {
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it('may ask with every method the API has, without a token, when their origin is allowed', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers } = await preflight(PAGE_ORIGIN, method);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN);
      expect(headers.get('access-control-allow-methods')).toContain(method);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
    }
    const refused = await server.request('GET', '/v1/me', { headers: { origin: PAGE_ORIGIN } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, PAGE_ORIGIN]);
  });

  it('are told nothing when it is not', async () => {
    expect((await preflight('https://evil.example', 'GET')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
