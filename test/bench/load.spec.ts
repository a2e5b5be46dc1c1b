/** What the load generator's figures rest on: answers are told apart in whatever pieces they come, durations are counted where they belong. */
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
