/** What the load generator's figures rest on: answers are told apart in whatever pieces they come, durations are counted where they belong. */
import { spawn } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';

interface Reader {
  push(buffer: Buffer, length: number): void;
}
interface Histogram {
  record(microseconds: number): void;
  quantile(share: number): number;
  count: number;
}
/** By name at run time: these files have no types. */
async function load<T>(file: string): Promise<T> {
  return (await import(`./${file}.mjs`)) as T;
}
const { ResponseReader, UnreadableAnswer } = await load<{
  ResponseReader: new (onAnswer: (status: number) => void) => Reader;
  UnreadableAnswer: new () => Error;
}>('response-reader');
const { LatencyHistogram } = await load<{ LatencyHistogram: new () => Histogram }>('latency-histogram');

const ANSWERS = [
  'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\ncontent-length: 16\r\nConnection: keep-alive\r\n\r\n{"a":"\r\n\r\nHTTP"}',
  'HTTP/1.1 204 No Content\r\nx: content-length: 5\r\n\r\n',
  'HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n',
  'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 3\r\n\r\nabc',
];
const STATUSES = [201, 204, 200, 503];

function statusesOf(...chunks: Buffer[]): number[] {
  const statuses: number[] = [];
  const reader = new ResponseReader((status) => statuses.push(status));
  const shared = Buffer.alloc(4096);
  for (const chunk of chunks) {
    chunk.copy(shared);
    reader.push(shared, chunk.length);
    shared.fill(0x31);
  }
  return statuses;
}

it('reads answers that come together, in two pieces wherever they are cut, and byte by byte', () => {
  const bytes = Buffer.from(ANSWERS.join(''));
  expect(statusesOf(bytes)).toEqual(STATUSES);
  for (let cut = 0; cut <= bytes.length; cut += 1)
    expect(statusesOf(bytes.subarray(0, cut), bytes.subarray(cut)), `cut at ${cut}`).toEqual(STATUSES);
  expect(statusesOf(...Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)))).toEqual(STATUSES);
});

it.each([
  ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc'],
])('refuses what it cannot tell the end of: %j', (answer) => {
  expect(() => statusesOf(Buffer.from(answer))).toThrow(UnreadableAnswer);
});

it('finds quantiles within 0.8 % of the true ones', () => {
  const histogram = new LatencyHistogram();
  const values = Array.from({ length: 100_000 }, (_, index) => Math.floor(1.0002 ** index / 2) % 2 ** 31);
  for (const value of values) histogram.record(value);
  values.sort((a, b) => a - b);
  for (const share of [0, 0.001, 0.5, 0.9, 0.99, 0.999, 1]) {
    const exact = values[Math.max(0, Math.ceil(share * values.length) - 1)]!;
    const found = histogram.quantile(share);
    expect(found).toBeGreaterThanOrEqual(exact);
    expect(found).toBeLessThanOrEqual(exact * 1.008 + 1);
  }
  expect(histogram.count).toBe(values.length);
});

interface Result {
  readonly requests: number;
  readonly statuses: Record<string, number>;
  readonly errors: number;
  readonly unanswered: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** What the generator prints of a server that answers like this. */
async function generate(answer: RequestListener, orders: object): Promise<Result> {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'load.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { port } = server.address() as AddressInfo;
    child.stdin.end(JSON.stringify({ host: '127.0.0.1', port, ...orders }));
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await new Promise((closed) => child.once('close', closed));
    return JSON.parse(printed.trim().split('\n').at(-1)!) as Result;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('sends each request with the next token, so many as ordered, and counts every status', async () => {
  const seen = new Map<string, number>();
  const result = await generate(
    (request, answer) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const key = `${request.method} ${request.url} ${request.headers.authorization} ${body.length}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
        answer.statusCode = request.url === '/b' ? 429 : 201;
        answer.end('{}');
      });
    },
    {
      connections: 3,
      count: 12,
      tokens: ['one', 'two', 'three'],
      requests: [
        { method: 'POST', path: '/a', body: 'x'.repeat(10_000) },
        { method: 'GET', path: '/b' },
        { method: 'POST', path: '/c', body: '{}' },
      ],
    },
  );
  expect(Object.fromEntries(seen)).toEqual({
    'POST /a Bearer one 10000': 4,
    'GET /b Bearer two 0': 4,
    'POST /c Bearer three 2': 4,
  });
  expect(result).toMatchObject({ requests: 12, statuses: { 201: 8, 429: 4 }, errors: 0, unanswered: 0 });
});

it('counts the time that requests were due in while the server answered nobody', async () => {
  let stalledUntilMs = 0;
  const result = await generate(
    (_, answer) => {
      stalledUntilMs ||= Date.now() + 400;
      void sleep(Math.max(0, stalledUntilMs - Date.now())).then(() => answer.end('ok'));
    },
    { connections: 1, requests: [{ method: 'GET', path: '/' }], rate: 200, seconds: 1 },
  );
  // By the clock of the one connection, a single request took long; by when they were due, some 80 of 200 did.
  expect(result.requests).toBeGreaterThan(100);
  expect(result.p90Ms).toBeGreaterThan(200);
});
