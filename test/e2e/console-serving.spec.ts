/** The web console as the server serves it: addresses, caching, compression, and the policy under which Chromium runs it. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { chromium, type BrowserContext, type Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, CHROMIUM_OPTIONS } from '../setup/chromium.js';
import { ADMIN_PASSWORD, Server } from './server.js';

const ORIGIN = 'https://app.hospital.example';
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

const server = new Server({ ADMIN_PASSWORD, CORS_ORIGINS: ORIGIN });
const withoutConsole = new Server({ ADMIN_PASSWORD, CONSOLE: 'off' });
beforeAll(async () => {
  await server.start();
  await withoutConsole.start();
});
afterAll(() => Promise.all([server.remove(), withoutConsole.remove()]));

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The path as it stands, and the body as it comes: `fetch` mends the one and decompresses the other. */
async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  { port }: Server = server,
): Promise<RawAnswer> {
  const request = httpRequest({ port, path, headers, method }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, headers: response.headers, body: await buffer(response) };
}

async function assetPath(pattern: RegExp): Promise<string> {
  const { body } = await ask('/');
  return pattern.exec(body.toString())![1]!;
}
const script = (): Promise<string> => assetPath(/src="(\/assets\/[^"]+\.js)"/);

function expectNotFound({ status, headers, body }: RawAnswer): void {
  expect(status).toBe(404);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(JSON.parse(body.toString())).toMatchObject({ code: 'NOT_FOUND' });
}

describe('addresses', () => {
  it.each(['/', '/sign-in', '/try/cardiac-risk?version=1.0.0', '/models/cardiac-risk/versions/1.0.0', '/users/'])(
    'answers %s with the page',
    async (path) => {
      const { status, headers, body } = await ask(path);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-length': String(body.length),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(body.toString()).toContain('<div id="root">');
    },
  );

  it('asks nobody who they are, and minds no token that is wrong', async () => {
    expect((await ask('/models', { authorization: 'Bearer nonsense' })).status).toBe(200);
  });

  it('answers HEAD as GET, without the content', async () => {
    for (const path of ['/', '/account', '/icon.svg', await script()]) {
      const [got, head] = [await ask(path), await ask(path, {}, 'HEAD')];
      expect(head.status, path).toBe(200);
      expect(head.body.length).toBe(0);
      for (const name of ['content-type', 'content-length', 'cache-control', 'etag'])
        expect(head.headers[name], `${name} of ${path}`).toBe(got.headers[name]);
    }
  });

  it('tells a person in the console’s words that nothing is there, and a program in the API’s', async () => {
    const page = await ask('/nowhere/at/all', BROWSER);
    expect(page.status).toBe(404);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.body.toString()).toContain('<div id="root">');
    expectNotFound(await ask('/nowhere/at/all'));
    expectNotFound(await ask('/nowhere/at/all', BROWSER, 'POST'));
    expectNotFound(await ask('/sign-in', BROWSER, 'POST'));
  });

  it.each(['/v1', '/v1/nowhere', '/legacy/cardiac', '/docs/nowhere', '/health/nowhere', '/assets'])(
    'leaves %s to the API',
    async (path) => expectNotFound(await ask(path, BROWSER)),
  );

  it.each([
    '/assets/nowhere.js',
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/assets//etc/passwd',
    '/assets/index.html',
    '/index.html',
    '/.build',
  ])('has no file %s', async (path) => expectNotFound(await ask(path)));

  it('is not there where it is left out', async () => {
    expectNotFound(await ask('/', BROWSER, 'GET', withoutConsole));
    expectNotFound(await ask('/models', BROWSER, 'GET', withoutConsole));
    expect((await ask('/v1/plans', {}, 'GET', withoutConsole)).status).toBe(200);
    expect(withoutConsole.output).toContain('Console:   off');
    expect(server.output).toContain(`Console:   http://localhost:${server.port}\n`);
  });

  it('writes no line for each file that a page loads', async () => {
    await ask('/icon.svg');
    await ask('/sign-in');
    await expect.poll(() => server.output).toContain('"route":"/sign-in"');
    expect(server.output).not.toContain('"route":"/icon.svg"');
    await ask('/assets/missing.js');
    await expect.poll(() => server.output).toContain('"route":"/assets/*","status":404');
  });
});

describe('files', () => {
  it('that are not there are not kept as such: another replica may have them', async () => {
    expect((await ask('/assets/nowhere.js')).headers['cache-control']).toBe('no-store');
  });

  it('are kept for good where their names are made of their content', async () => {
    const { status, headers } = await ask(await script());
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: expect.stringMatching(/\baccept-encoding$/) as string,
    });
  });

  it('come compressed to those who take it', async () => {
    const path = await script();
    const plain = await ask(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    for (const [accept, decompress] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const { headers, body } = await ask(path, { 'accept-encoding': accept });
      expect(headers).toMatchObject({ 'content-encoding': accept, 'content-length': String(body.length) });
      expect(body.length).toBeLessThan(plain.body.length / 2);
      expect(decompress(body).equals(plain.body)).toBe(true);
      expect(headers.etag).not.toBe(plain.headers.etag);
    }
  });

  it('are not sent again to who has them', async () => {
    for (const path of ['/icon.svg', await script()]) {
      const { etag } = (await ask(path)).headers;
      const again = await ask(path, { 'if-none-match': `"other", W/${etag}` });
      expect({ status: again.status, length: again.body.length, etag: again.headers.etag }).toEqual({
        status: 304,
        length: 0,
        etag,
      });
      expect((await ask(path, { 'if-none-match': '"other"' })).status).toBe(200);
    }
    expect((await ask('/icon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it('vary by the origin as well where pages of others may call the API', async () => {
    const { headers } = await ask('/icon.svg', { origin: ORIGIN });
    expect(String(headers.vary).toLowerCase().split(/,\s*/)).toEqual(['origin', 'accept-encoding']);
  });
});

it('has a policy that lets the page run its own files alone, and a nonce that is never the same', async () => {
  const nonces = new Set<string>();
  for (const path of ['/', '/', '/sign-in']) {
    const { headers, body } = await ask(path);
    const policy = String(headers['content-security-policy']);
    const [, nonce] = /style-src 'self' 'nonce-([A-Za-z0-9+/]{24})'/.exec(policy)!;
    expect(body.toString()).toContain(`<meta property="csp-nonce" nonce="${nonce}" />`);
    nonces.add(nonce!);
    expect(policy).not.toContain('unsafe');
    for (const directive of ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(policy.split('; ')).toContain(directive);
  }
  expect(nonces.size).toBe(3);
});

if (CHROMIUM === undefined)
  console.warn('No Chromium on this machine: the console is not rendered (Debian: apt-get install chromium).');

describe.skipIf(CHROMIUM === undefined)('in Chromium', () => {
  const profile = mkdtempSync(join(tmpdir(), 'latido-chromium-'));
  let browser: BrowserContext;
  beforeAll(async () => {
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM!,
      headless: true,
      args: CHROMIUM_OPTIONS,
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(profile, { recursive: true, force: true });
  });

  const styleOf = (locator: Locator, property: string): Promise<string> =>
    locator.evaluate(
      (element, name) => element.ownerDocument.defaultView!.getComputedStyle(element).getPropertyValue(name),
      property,
    );

  it.each(['light', 'dark'] as const)(
    'shows where to sign in, in its %s theme, with nothing refused',
    async (theme) => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
      await page.emulateMedia({ colorScheme: theme });
      await page.goto(`${server.url}/predictions`);
      await page.waitForURL(/\/sign-in\?/);
      const button = page.locator('button[type=submit]');
      await button.waitFor();
      // Styles of the library, which come as files, and of the theme, which are made by the page.
      expect(await styleOf(button, 'border-radius')).not.toBe('0px');
      expect(await styleOf(button, 'background-color')).not.toBe('rgba(0, 0, 0, 0)');
      expect(await styleOf(page.locator('body'), 'background-color')).toBe(
        theme === 'light' ? 'rgb(246, 248, 248)' : 'rgb(16, 23, 24)',
      );
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});
