/** The Python example as a reader runs it: a patient's state over hours, behind a proxy that refuses now and then. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWith } from '../setup/python.js';
import { newBusyUser } from './clients.js';
import { Server } from './server.js';

const run = promisify(execFile);
const folder = resolve(import.meta.dirname, '../../clients/python');
const requirements = readFileSync(join(folder, 'requirements.txt'), 'utf8')
  .split('\n')
  .filter((line) => /^[a-z]/i.test(line));
const python = await pythonWith(...requirements);

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe.skipIf(python === undefined)('the Python example', () => {
  const server = new Server();
  const place = mkdtempSync(join(tmpdir(), 'latido-python-client-'));
  const keys: string[] = [];
  let refusals = 2;
  let lost = 1;
  // Refuses the first predictions, and loses the answer of one.
  const between = createServer((request, response) => {
    void (async () => {
      const body = await bytesOf(request);
      const isPrediction = request.method === 'POST';
      if (isPrediction) keys.push(String(request.headers['idempotency-key']));
      if (isPrediction && refusals > 0) {
        refusals -= 1;
        response.writeHead(429, { 'retry-after': '1' }).end();
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
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
    })();
  });

  beforeAll(async () => {
    await server.start();
    await new Promise<void>((done) => between.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    between.close();
    await server.remove();
    rmSync(place, { recursive: true });
  });

  it('asks about each window, waits where it is refused, and draws the states', { timeout: 120_000 }, async () => {
    const token = await newBusyUser(server, 'python');
    const output = join(place, 'state.png');
    const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    const script = [join(folder, 'shock_over_time.py'), '--url', url, '--output', output, '--step', '60'];
    const environment = { PATH: process.env.PATH, HOME: place, LATIDO_API_KEY: token };
    const startedAt = performance.now();
    const { stdout, stderr } = await run(python!, script, { env: environment, cwd: place });
    expect(performance.now() - startedAt).toBeGreaterThan(2000);
    expect(stderr.match(/Waiting 1 s/g)).toHaveLength(2);
    expect(stdout).toMatch(/^\d\d:\d\d sano\n\d\d:\d\d bajo_gasto_cardiaco\n/);
    expect(stdout).toContain('shock_cardiogenico');
    const answered = /\n(\d+) of 16 windows answered by haemodynamic-shock 1\.0\.0; /.exec(stdout)?.[1];
    expect(Number(answered)).toBeGreaterThan(10);
    const picture = readFileSync(output);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeGreaterThan(20_000);
    // Refused twice and lost once: the same request, with the same key.
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    const { body } = await server.request<{ data: object[] }>('GET', '/v1/predictions', { token });
    expect(body.data).toHaveLength(Number(answered));
  });

  it('says what it lacks', async () => {
    const script = join(folder, 'shock_over_time.py');
    const environment = { PATH: process.env.PATH, HOME: place };
    await expect(run(python!, [script], { env: environment, cwd: place })).rejects.toThrow(/LATIDO_API_KEY is not set/);
    const wrong = { ...environment, LATIDO_API_KEY: 'lat_wrong' };
    await expect(run(python!, [script, '--url', server.url], { env: wrong, cwd: place })).rejects.toThrow(
      /INVALID_TOKEN/,
    );
  });
});
