/** The TypeScript client against a running server: its methods, what it does by itself, and the package as it would be published. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createLatidoClient,
  dataOf,
  LatidoProblem,
  readEvents,
  type Batch,
} from '../../clients/typescript/src/index.js';
import { PATIENT } from '../setup/patient.js';
import { Server } from './server.js';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const server = new Server();

beforeAll(() => server.start().then(() => undefined));
afterAll(() => server.remove());

/** Counts what is sent, and answers some of it itself, as a proxy in between might. */
function proxy(answers: (Response | Error)[] = []) {
  const sent: Request[] = [];
  return {
    sent,
    fetch: async (request: Request): Promise<Response> => {
      sent.push(request.clone());
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? fetch(request);
    },
  };
}

async function newClient(options: Partial<Parameters<typeof createLatidoClient>[0]> = {}) {
  const { name, password } = await server.newUser(`client-${Math.random().toString(36).slice(2)}`);
  const client = createLatidoClient({ baseUrl: `${server.url}/`, ...options });
  await client.signIn(name, password);
  return { client, name, password };
}

describe('the client', () => {
  it('signs in, predicts, and reads any route by its path', async () => {
    const { client, name } = await newClient();
    const me = await dataOf(client.GET('/v1/me'));
    expect(me).toMatchObject({ username: name, plan: 'FREEMIUM' });
    const prediction = await client.predict('cardiac-risk', { input: PATIENT, subject: 'P-1' });
    expect(prediction).toMatchObject({ model: 'cardiac-risk', subject: 'P-1', results: [{ label: 'risk' }] });
    const record = await dataOf(client.GET('/v1/predictions/{id}', { params: { path: { id: prediction.id } } }));
    expect(record.inputs).toEqual([PATIENT]);
  });

  it('throws refusals with their code and the values at fault', async () => {
    const { client } = await newClient();
    const refused = client.predict('cardiac-risk', { input: { ...PATIENT, age: 300, smoker: 2 } });
    const problem = await refused.catch((error: unknown) => error as LatidoProblem);
    expect(problem).toBeInstanceOf(LatidoProblem);
    expect(problem).toMatchObject({ status: 422, code: 'INVALID_REQUEST', requestId: expect.any(String) as string });
    expect((problem as LatidoProblem).at('/input/age')).toBe('must be at most 99');
    expect((problem as LatidoProblem).message).toContain('/input/smoker must be 0 or 1');
    await expect(createLatidoClient({ baseUrl: server.url }).signIn('nobody', 'not a password')).rejects.toMatchObject({
      status: 400,
      code: 'invalid_grant',
    });
    const page = proxy([new Response('<h1>Bad gateway</h1>', { status: 502 })]);
    await expect(createLatidoClient({ baseUrl: server.url, fetch: page.fetch }).GET('/v1/plans')).rejects.toMatchObject(
      {
        status: 502,
        code: 'HTTP_502',
      },
    );
    const infer = client.POST('/v2/models/{model}/infer', {
      params: { path: { model: 'cardiac-risk' } },
      body: { inputs: [] },
    });
    await expect(infer).rejects.toMatchObject({
      status: 400,
      code: 'HTTP_400',
      detail: expect.stringContaining('tensor') as string,
    });
  });

  it('refreshes once for all requests whose token is not taken any more', async () => {
    const expired = () =>
      Response.json(
        { code: 'INVALID_TOKEN', detail: 'expired' },
        { status: 401, headers: { 'content-type': 'application/problem+json' } },
      );
    const between = proxy();
    const answers = [expired(), expired(), expired()];
    const { client, name } = await newClient({
      fetch: (request) =>
        request.url.endsWith('/v1/me') && answers.length > 0 ? Promise.resolve(answers.pop()!) : between.fetch(request),
    });
    const all = await Promise.all([1, 2, 3].map(() => dataOf(client.GET('/v1/me'))));
    expect(all.map(({ username }) => username)).toEqual([name, name, name]);
    expect(between.sent.filter(({ url }) => url.endsWith('/v1/auth/token'))).toHaveLength(2); // sign-in, refresh
    await client.signOut();
    await expect(client.GET('/v1/me')).rejects.toMatchObject({ status: 401 });
  });

  it('gives up where the session has ended', async () => {
    const { client } = await newClient();
    await client.DELETE('/v1/me/sessions');
    await expect(client.GET('/v1/me')).rejects.toMatchObject({ status: 401, code: 'INVALID_TOKEN' });
    await expect(client.GET('/v1/me')).rejects.toMatchObject({ status: 401 });
  });

  it('takes a token, or asks for one and for another when it is not taken', async () => {
    const { token } = await server.newUser('client-given');
    expect((await dataOf(createLatidoClient({ baseUrl: server.url, token }).GET('/v1/me'))).username).toBe(
      'client-given',
    );
    const asked: (string | undefined)[] = [];
    const client = createLatidoClient({
      baseUrl: server.url,
      getToken: (rejected) => {
        asked.push(rejected);
        return rejected === undefined ? 'old' : token;
      },
    });
    expect((await dataOf(client.GET('/v1/me'))).username).toBe('client-given');
    expect(asked).toEqual([undefined, 'old']);
    expect(() => client.signIn('a', 'b')).toThrow(TypeError);
  });

  it('throws a limit’s refusal, or waits it out where that is asked for', async () => {
    const { client } = await newClient();
    for (let n = 0; n < 5; n += 1) await client.predict('cardiac-risk', { input: PATIENT });
    await expect(client.predict('cardiac-risk', { input: PATIENT })).rejects.toMatchObject({
      status: 429,
      code: 'QUOTA_EXCEEDED',
      retryAfterSeconds: expect.any(Number) as number,
    });
    const busy = () => new Response('', { status: 429, headers: { 'retry-after': '1' } });
    const between = proxy([busy(), busy()]);
    const waiting = createLatidoClient({ baseUrl: server.url, fetch: between.fetch, retry: { attempts: 3 } });
    const startedAt = performance.now();
    expect((await dataOf(waiting.GET('/v1/plans'))).data).toHaveLength(2);
    expect(performance.now() - startedAt).toBeGreaterThan(1900);
    const long = proxy([new Response('', { status: 429, headers: { 'retry-after': '3600' } })]);
    await expect(
      createLatidoClient({ baseUrl: server.url, fetch: long.fetch, retry: { attempts: 3 } }).GET('/v1/plans'),
    ).rejects.toMatchObject({ status: 429, retryAfterSeconds: 3600 });
  });

  it('predicts once when the answer is lost and the request sent again', async () => {
    const { token } = await server.newUser('client-retrying');
    let lost: Response | undefined;
    const client = createLatidoClient({
      baseUrl: server.url,
      token,
      retry: { attempts: 2 },
      fetch: async (request) => {
        const response = await fetch(request);
        if (lost !== undefined || request.method !== 'POST') return response;
        lost = response;
        throw new TypeError('fetch failed');
      },
    });
    const { id } = await client.predict('cardiac-risk', { input: PATIENT });
    expect(((await lost!.json()) as { id: string }).id).toBe(id);
    expect((await dataOf(client.GET('/v1/predictions'))).data).toHaveLength(1);
  });

  it('sends nothing twice that has no key', async () => {
    const { token } = await server.newUser('client-careful');
    const between = proxy([new TypeError('fetch failed')]);
    const client = createLatidoClient({ baseUrl: server.url, token, fetch: between.fetch, retry: { attempts: 5 } });
    await expect(client.POST('/v1/me/api-keys', { body: { name: 'once' } })).rejects.toThrow('fetch failed');
    expect(between.sent).toHaveLength(1);
  });

  it('scores files, and follows a batch to its end', async () => {
    const { client } = await newClient();
    const columns = Object.keys(PATIENT);
    const file = `${columns.join(',')}\n${Object.values(PATIENT).join(',')}\n`;
    const scored = await client.scoreFile('cardiac-risk', file);
    expect(await scored.text()).toMatch(/,label,probability,.*\n.*,risk,0\.9/);
    const batch = await client.createBatch('cardiac-risk', new Blob([file]), { onError: 'abort' });
    const seen: Batch[] = [];
    for await (const progress of client.watchBatch(batch.id)) seen.push(progress);
    expect(seen.at(-1)).toMatchObject({ id: batch.id, status: 'succeeded', rowsDone: 1 });
    await expect(client.createBatch('haemodynamic-shock', file)).rejects.toMatchObject({
      code: 'MODEL_TAKES_NO_FILES',
    });
  });

  it('opens a batch’s events again where they end early, and stops when it is told to', async () => {
    const { client, name, password } = await newClient();
    const batch = await client.createBatch(
      'cardiac-risk',
      `${Object.keys(PATIENT).join(',')}\n${Object.values(PATIENT).join(',')}\n`,
    );
    let opened = 0;
    const flaky = createLatidoClient({
      baseUrl: server.url,
      fetch: (request) => {
        if (!request.url.endsWith('/events')) return fetch(request);
        opened += 1;
        return opened === 1
          ? Promise.resolve(new Response('event: progress\ndata: {"rowsDone":0}\n\n'))
          : fetch(request);
      },
    });
    await flaky.signIn(name, password);
    const seen: Batch[] = [];
    for await (const progress of flaky.watchBatch(batch.id)) seen.push(progress);
    expect(opened).toBe(2);
    expect(seen[0]).toEqual({ rowsDone: 0 });
    expect(seen.at(-1)?.status).toBe('succeeded');
    const stopped = client.watchBatch(batch.id, { signal: AbortSignal.abort() });
    await expect(stopped.next()).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a batch’s events', () => {
  it('that end with a problem are refused as it', async () => {
    const problem = {
      status: 503,
      code: 'DATABASE_UNAVAILABLE',
      detail: 'The database cannot be reached.',
      requestId: 'r-1',
    };
    const failing = createLatidoClient({
      baseUrl: server.url,
      token: 'any',
      fetch: () =>
        Promise.resolve(
          new Response(`event: progress\ndata: {"rowsDone":0}\n\nevent: failed\ndata: ${JSON.stringify(problem)}\n\n`),
        ),
    });
    const watched = failing.watchBatch('any');
    expect((await watched.next()).value).toEqual({ rowsDone: 0 });
    await expect(watched.next()).rejects.toMatchObject({ name: 'LatidoProblem', ...problem });
  });
});

describe('server-sent events', () => {
  it('are read however they are cut, with any line’s end', async () => {
    const text =
      ': comment\r\nevent: progress\r\ndata: {"a":1}\r\n\r\ndata: é\rdata:two\n\nevent: none\n\nid: 3\ndata\n\ndata: cut off';
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
          controller.close();
        },
      });
      const events = [];
      for await (const event of readEvents(stream)) events.push(event);
      expect(events).toEqual([
        { event: 'progress', data: '{"a":1}' },
        { event: 'message', data: 'é\ntwo' },
        { event: 'message', data: '' },
      ]);
    }
  });
});

describe('the package', () => {
  const place = mkdtempSync(join(tmpdir(), 'latido-client-'));
  const installed = join(place, 'node_modules/@latido/client');
  afterAll(() => rmSync(place, { recursive: true }));

  it('builds, packs what it needs, knows nothing of Node, and runs its example', { timeout: 120_000 }, async () => {
    // Scripts do not run by themselves here (.npmrc): who publishes builds first, from nothing.
    rmSync(join(root, 'clients/typescript/dist'), { recursive: true, force: true });
    await run('npm', ['run', 'build', '--workspace', '@latido/client'], { cwd: root });
    const pack = ['pack', '--json', '--workspace', '@latido/client', '--pack-destination', place];
    const { stdout: said } = await run('npm', pack, { cwd: root });
    const [packed] = JSON.parse(said) as [{ filename: string; files: { path: string }[]; version: string }];
    expect(packed.version).toMatch(/^\d+\.\d+\.\d+$/);
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['README.md', 'dist/index.d.ts', 'dist/index.js', 'examples/predict.mjs', 'package.json']),
    );
    expect(paths.filter((path) => !/^(dist|examples)\/|^(package\.json|README\.md|LICENSE)$/.test(path))).toEqual([]);
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', join(place, packed.filename), '--strip-components', '1', '-C', installed]);
    const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    expect(Object.keys(dependencies)).toEqual(['openapi-fetch']);
    for (const name of ['openapi-fetch', 'openapi-typescript-helpers'])
      symlinkSync(join(root, 'node_modules', name), join(place, 'node_modules', name));

    // A browser's consumer: DOM types alone, and a bundler's resolution.
    writeFileSync(
      join(place, 'use.ts'),
      `import { createLatidoClient, dataOf } from '@latido/client';
       const latido = createLatidoClient({ baseUrl: location.origin, refreshTokenInCookie: true });
       export const label: Promise<string | undefined> = latido.predict('m', { input: {} }).then((p) => p.results[0]?.label);
       // @ts-expect-error there is no such route
       void latido.GET('/v1/nothing');
       export const plan: Promise<string> = dataOf(latido.GET('/v1/me')).then((me) => me.plan);`,
    );
    const compilerOptions = {
      noEmit: true,
      strict: true,
      types: [],
      lib: ['es2022', 'dom'],
      module: 'esnext',
      moduleResolution: 'bundler',
    };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', place]).catch(
      (error: { stdout: string }) => expect(error.stdout).toBe(''),
    );

    const { stdout } = await run(process.execPath, [join(installed, 'examples/predict.mjs'), server.url], {
      cwd: place,
    });
    for (const line of [
      /has the plan FREEMIUM: 5 requests in 60 s/,
      /^risk, probability 0\.93\. Trained on synthetic data; not for clinical use$/m,
      /^refused with 422 INVALID_REQUEST: the age must be at most 99$/m,
      /^batch succeeded: 100 %, 2000 rows$/m,
    ])
      expect(stdout).toMatch(line);
  });
});
