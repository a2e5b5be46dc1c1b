import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { CsvBody } from './csv-body.js';

async function read(stream: PassThrough, silenceMs?: number): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of new CsvBody(stream, undefined, undefined, silenceMs).bytes()) parts.push(part);
  return Buffer.concat(parts).toString();
}

it('hands over the bytes as they come', async () => {
  const stream = new PassThrough();
  const read1 = read(stream);
  for (const part of ['a,b\n', '1,2\n']) stream.write(part);
  stream.end();
  expect(await read1).toBe('a,b\n1,2\n');
});

it('a file that is cut off is the client’s fault, whatever cut it off', async () => {
  for (const reason of [undefined, new Error('Part terminated early')]) {
    const stream = new PassThrough();
    const reading = read(stream);
    stream.write('a,b\n');
    setImmediate(() => stream.destroy(reason));
    await expect(reading).rejects.toMatchObject({ kind: { code: 'MALFORMED_REQUEST', status: 400 } });
  }
});

it('a client that is silent is told so, on a connection that closes only then', async () => {
  const stream = new PassThrough();
  stream.write('a,b\n');
  await expect(read(stream, 30)).rejects.toMatchObject({
    kind: { code: 'REQUEST_TIMEOUT', status: 408 },
    extra: { headers: { connection: 'close' } },
  });
  expect(stream.destroyed).toBe(false);
});
