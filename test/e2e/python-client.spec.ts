/** The Python example as a reader runs it: a patient's state over hours, behind a proxy that refuses now and then. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FETCH_TIMEOUT_MS } from '../setup/download-cache.js';
import { pythonWith } from '../setup/python.js';
import { newBusyUser } from './clients.js';
import { Server } from './server.js';

const run = promisify(execFile);
const folder = resolve(import.meta.dirname, '../../clients/python');
const requirements = readFileSync(join(folder, 'requirements.txt'), 'utf8')
  .split('\n')
  .filter((line) => /^[a-z]/i.test(line));
/** It fetches matplotlib and draws for half a minute: `LATIDO_TEST_PYTHON_CLIENT=1 npx vitest run test/e2e/python-client.spec.ts`. */
const wanted = process.env.LATIDO_TEST_PYTHON_CLIENT === '1';
if (!wanted) console.warn('LATIDO_TEST_PYTHON_CLIENT is not 1: the test of the example in Python is skipped.');
let python: string | undefined;

beforeAll(async () => {
  if (wanted) python = await pythonWith(requirements);
}, FETCH_TIMEOUT_MS);
beforeEach(({ skip }) => skip(python === undefined, 'no Python with what the example needs'));

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('the Python example', () => {
  const server = new Server();
  const place = mkdtempSync(join(tmpdir(), 'latido-python-client-'));
  const keys: string[] = [];
  let refusals = 2;
  let lost = 1;
  let late = 1;
  // Refuses the first predictions, one with a date, loses the answer of one, and lets one wait.
  const between = createServer((request, response) => {
    void (async () => {
      const body = await bytesOf(request);
      const isPrediction = request.method === 'POST';
      if (isPrediction) keys.push(String(request.headers['idempotency-key']));
      if (isPrediction && refusals > 0) {
        refusals -= 1;
        // A date has no parts of seconds: one to two from now.
        const date = new Date(Date.now() + 2000).toUTCString();
        response.writeHead(429, { 'retry-after': refusals === 0 ? date : '1' }).end();
        return;
      }
      const { authorization, 'content-type': type, 'idempotency-key': key } = request.headers;
      const headers = {
        ...(authorization && { authorization }),
        ...(type && { 'content-type': type }),
        ...(key && { 'idempotency-key': String(key) }),
      };
      const answer = await fetch(server.url + request.url, {
        method: request.method,
        headers,
        body: isPrediction ? body : undefined,
      });
      const text = await answer.text();
      if (isPrediction && lost > 0) {
        lost -= 1;
        request.socket.destroy();
        return;
      }
      if (isPrediction && late > 0) {
        late -= 1;
        return;
      }
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
    })();
  });

  beforeAll(async () => {
    if (python === undefined) return;
    // Not for this program: its key is the environment's.
    writeFileSync(join(place, '.netrc'), 'machine 127.0.0.1 login somebody password else\n', { mode: 0o600 });
    await server.start();
    await new Promise<void>((done) => between.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    between.closeAllConnections();
    between.close();
    await server.remove();
    rmSync(place, { recursive: true });
  });

  it('asks about each window, waits where it is refused, and draws the states', { timeout: 120_000 }, async () => {
    const token = await newBusyUser(server, 'python');
    const output = join(place, 'state.png');
    const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    const script = [
      join(folder, 'shock_over_time.py'),
      '--url',
      url,
      '--output',
      output,
      '--step',
      '60',
      '--timeout',
      '10',
    ];
    const environment = { PATH: process.env.PATH, HOME: place, LATIDO_API_KEY: token };
    const startedAt = performance.now();
    const { stdout, stderr } = await run(python!, script, { env: environment, cwd: place });
    expect(performance.now() - startedAt).toBeGreaterThan(2000);
    expect(stderr.match(/Waiting [12] s/g)).toHaveLength(2);
    expect(stdout).toMatch(/^\d\d:\d\d sano\n\d\d:\d\d bajo_gasto_cardiaco\n/);
    expect(stdout).toContain('shock_cardiogenico');
    const answered = /\n(\d+) of 16 windows answered by haemodynamic-shock 1\.0\.0; /.exec(stdout)?.[1];
    expect(Number(answered)).toBeGreaterThan(10);
    const picture = readFileSync(output);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeGreaterThan(20_000);
    // Refused twice, lost once and not answered once: the same request, with the same key.
    expect(new Set(keys.slice(0, 5)).size).toBe(1);
    const { body } = await server.request<{ data: object[] }>('GET', '/v1/predictions', { token });
    expect(body.data).toHaveLength(Number(answered));
  });

  it('takes for a gap what was not recorded, and nothing else', { timeout: 120_000 }, async () => {
    const token = await newBusyUser(server, 'python-gaps');
    const environment = { PATH: process.env.PATH, HOME: place, LATIDO_API_KEY: token };
    const series = join(place, 'series.csv');
    const draw = (lines: string[]): Promise<{ stdout: string }> => {
      writeFileSync(series, lines.join('\n'));
      const script = [join(folder, 'shock_over_time.py'), '--url', server.url, '--series', series, '--at-once', '20'];
      return run(python!, [...script, '--step', '60'], { env: environment, cwd: place });
    };
    const lines = readFileSync(join(folder, 'vital_signs.csv'), 'utf8').split('\n');
    // From some time on.
    const misspelt = lines.map((line, index) => (index < 1000 ? line : line.replace('heartRate', 'hartRate')));
    await expect(draw(misspelt)).rejects.toThrow(/knows no hartRate; it knows .*heartRate/);
    const impossible = lines.map((line, index) => (index === 1000 ? line.replace(/[^,]*$/, '-5000') : line));
    await expect(draw(impossible)).rejects.toThrow(/INVALID_REQUEST: .*\/inputs\/\d+\/observations\/\d+\/value/);
    await expect(draw(lines.filter((line) => !line.includes('heartRate')))).rejects.toThrow(/No window has enough/);
    // The probe comes off at some time.
    const off = lines.filter((line, index) => index < 1000 || !line.includes('heartRate'));
    expect((await draw(off)).stdout).toMatch(/\d\d:\d\d not enough recorded\n[1-9]\d* of 16 windows answered/);
  });

  it('says what it lacks', { timeout: 120_000 }, async () => {
    const script = join(folder, 'shock_over_time.py');
    const environment = { PATH: process.env.PATH, HOME: place };
    await expect(run(python!, [script], { env: environment, cwd: place })).rejects.toThrow(/LATIDO_API_KEY is not set/);
    const wrong = { ...environment, LATIDO_API_KEY: 'lat_wrong' };
    await expect(run(python!, [script, '--url', server.url], { env: wrong, cwd: place })).rejects.toThrow(
      /INVALID_TOKEN/,
    );
  });
});
