/** Whose token the TypeScript client sends: when accounts change while a refresh is under way, on a new page, and never elsewhere. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLatidoClient, dataOf, type LatidoClient } from '../../clients/typescript/src/index.js';
import { Server } from './server.js';

const server = new Server();

beforeAll(() => server.start().then(() => undefined));
afterAll(() => server.remove());

const expired = (): Response => Response.json({ code: 'INVALID_TOKEN', detail: 'expired' }, { status: 401 });
const isAuth = ({ url }: Request): boolean => url.includes('/v1/auth/');

async function isRefresh(request: Request): Promise<boolean> {
  return isAuth(request) && (await request.clone().text()).includes('"refresh_token"');
}

const nameOf = async (client: LatidoClient): Promise<string | null> => (await dataOf(client.GET('/v1/me'))).username;

let count = 0;
async function twoUsers() {
  count += 1;
  return [await server.newUser(`alice-${count}`), await server.newUser(`bob-${count}`)] as const;
}

/** A client of alice whose first call is refused, and whose refresh is held back, answered or not, until it is let go. */
async function refreshing(alice: { name: string; password: string }, answer?: () => Response) {
  let refusals = 1;
  let letGo!: () => void;
  let begun!: () => void;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const started = new Promise<void>((resolve) => (begun = resolve));
  const sent: Request[] = [];
  let calls = 0;
  const client = createLatidoClient({
    baseUrl: server.url,
    fetch: async (request) => {
      sent.push(request.clone());
      if (request.url.endsWith('/v1/me') && refusals-- > 0) return expired();
      if ((await isRefresh(request)) && (calls += 1) === 1) {
        // What ends the request does not end this one: its answer comes late.
        const response = answer?.() ?? (await fetch(new Request(request.clone(), { signal: null })));
        begun();
        await held;
        return response;
      }
      return fetch(request);
    },
  });
  await client.signIn(alice.name, alice.password);
  const call = nameOf(client).catch((error: { status?: number }) => error.status);
  await started;
  return { client, call, sent, letGo };
}

describe('a refresh under way', () => {
  it('does not bring back the account that was signed in before', async () => {
    const [alice, bob] = await twoUsers();
    const { client, call, sent, letGo } = await refreshing(alice);
    await client.signIn(bob.name, bob.password);
    letGo();
    // What was asked for alice is answered as it was, not asked again for bob.
    expect(await call).toBe(401);
    expect(await nameOf(client)).toBe(bob.name);
    expect(sent.filter(({ url }) => url.endsWith('/v1/me'))).toHaveLength(2);
  });

  it('does not sign in again who has signed out', async () => {
    const [alice] = await twoUsers();
    const { client, call, sent, letGo } = await refreshing(alice);
    await client.signOut();
    letGo();
    expect(await call).toBe(401);
    await expect(nameOf(client)).rejects.toMatchObject({ status: 401 });
    expect(sent.at(-1)!.headers.get('authorization')).toBeNull();
  });

  it('that is refused leaves the next account its refresh token', async () => {
    const [alice, bob] = await twoUsers();
    const refused = (): Response => Response.json({ error: 'invalid_grant', error_description: '' }, { status: 400 });
    const { client, call, sent, letGo } = await refreshing(alice, refused);
    await client.signIn(bob.name, bob.password);
    letGo();
    expect(await call).toBe(401);
    await client.signOut();
    const revocation = sent.at(-1)!;
    expect(revocation.url).toContain('/v1/auth/revoke');
    expect(await revocation.json()).toHaveProperty('token');
  });
});

it('keeps the last of two sign-ins, and none that was signed out of before its answer', async () => {
  const [alice, bob] = await twoUsers();
  let letGo!: () => void;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const client = createLatidoClient({
    baseUrl: server.url,
    fetch: async (request) => {
      const isAlice = isAuth(request) && (await request.clone().text()).includes(alice.name);
      const response = await fetch(isAlice ? new Request(request, { signal: null }) : request);
      if (isAlice) await held;
      return response;
    },
  });
  const first = client.signIn(alice.name, alice.password).catch((error: Error) => error.name);
  await client.signIn(bob.name, bob.password);
  letGo();
  expect(await first).toBe('AbortError');
  expect(await nameOf(client)).toBe(bob.name);
  const second = client.signIn(alice.name, alice.password).catch((error: Error) => error.name);
  await client.signOut();
  expect(await second).toBe('AbortError');
  await expect(nameOf(client)).rejects.toMatchObject({ status: 401 });
});

/** A browser's cookies: one page after the other may use them. */
function browser() {
  let cookie: string | undefined;
  const sent: Request[] = [];
  const send = async (request: Request): Promise<Response> => {
    sent.push(request.clone());
    const taken = request.credentials === 'include' && isAuth(request);
    // `cookie` may not be set on a Request; on what is sent it may.
    const headers = { ...Object.fromEntries(request.headers), ...(taken && cookie ? { cookie } : {}) };
    const body = request.body === null ? undefined : await request.text();
    const response = await fetch(request.url, { method: request.method, headers, body });
    const given = response.headers.get('set-cookie');
    if (taken && given !== null) cookie = /^(latido_refresh=[^;]+)/.exec(given)?.[1];
    return response;
  };
  const page = () => createLatidoClient({ baseUrl: server.url, refreshTokenInCookie: true, fetch: send });
  return { page, sent, tokensAsked: () => sent.filter(({ url }) => url.endsWith('/v1/auth/token')).length };
}

describe('with the refresh token in a cookie', () => {
  it('a new page goes on with the session, and asks for it once', async () => {
    const [alice] = await twoUsers();
    const { page, tokensAsked } = browser();
    await page().signIn(alice.name, alice.password);
    const next = page();
    expect(await Promise.all([nameOf(next), nameOf(next)])).toEqual([alice.name, alice.name]);
    expect(tokensAsked()).toBe(2);
    await next.signOut();
    await expect(nameOf(next)).rejects.toMatchObject({ status: 401 });
    await expect(nameOf(page())).rejects.toMatchObject({ status: 401 });
  });

  it('a page without a session asks for it once, and does without', async () => {
    const { page, sent, tokensAsked } = browser();
    const client = page();
    for (let n = 0; n < 2; n += 1) expect((await dataOf(client.GET('/v1/plans'))).data).toHaveLength(2);
    expect(tokensAsked()).toBe(1);
    expect(sent.at(-1)!.headers.get('authorization')).toBeNull();
    await client.signOut();
  });
});

it('follows no redirect with what is secret', async () => {
  const received: string[] = [];
  const elsewhere = createServer((request, response) => {
    received.push(request.url!);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  const between = createServer((request, response) => {
    request.resume();
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}${request.url}`;
    response.writeHead(307, { location }).end();
  }).listen(0, '127.0.0.1');
  try {
    await Promise.all([once(elsewhere, 'listening'), once(between, 'listening')]);
    const baseUrl = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    await expect(createLatidoClient({ baseUrl }).signIn('alice', 'a password')).rejects.toThrow(TypeError);
    const client = createLatidoClient({ baseUrl, token: 'lat_x' });
    const account = { username: 'alice', password: 'the long password of alice' };
    await expect(client.POST('/v1/users', { body: account })).rejects.toThrow(TypeError);
    await expect(client.scoreFile('cardiac-risk', 'age\n1\n')).rejects.toThrow(TypeError);
    expect(received).toEqual([]);
  } finally {
    elsewhere.close();
    between.close();
  }
});
