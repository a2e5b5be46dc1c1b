/** Uploads as networks deliver them: cut off, and larger than anybody wants in memory; the built server over HTTP. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formOf } from '../setup/form.js';
import { Server } from './server.js';

const MB = 2 ** 20;
const server = new Server();
let admin: string;

beforeAll(async () => {
  await server.start();
  admin = await server.admin();
});
afterAll(() => server.remove());

const uploads = (): string[] => readdirSync(join(server.folder, 'data/uploads'));

/** Resident memory of the server, at its highest so far. */
function peakMb(): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]) / 1024;
}

describe('an upload', () => {
  it('that is cut off leaves nothing behind', async () => {
    const { payload, headers } = formOf({
      version: '1.0.0',
      artifact: { fileName: 'm.onnx', content: randomBytes(4 * MB) },
    });
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `POST /v1/models/cut/versions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${admin}\r\n` +
        `Content-Type: ${headers['content-type']}\r\nContent-Length: ${payload.length}\r\n\r\n`,
    );
    socket.write(payload.subarray(0, 2 * MB));
    await expect.poll(() => uploads().length).toBe(1);
    socket.destroy();
    await expect.poll(uploads).toEqual([]);
    expect((await server.request('GET', '/v1/models/cut', { token: admin })).status).toBe(404);
    expect((await server.predict(admin)).status).toBe(201);
  });

  it.skipIf(process.platform !== 'linux')(
    'of 200 MB is not held in memory while it comes in',
    { timeout: 60_000 },
    async () => {
      const before = peakMb();
      const { payload, headers } = formOf({
        manifest: { fileName: 'manifest.yaml', content: 'name: none' },
        artifact: { fileName: 'm.onnx', content: Buffer.alloc(200 * MB, 7) },
      });
      const response = await fetch(`${server.url}/v1/models/large/versions`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${admin}` },
        body: new Uint8Array(payload),
      });
      expect(response.status).toBe(422);
      expect(((await response.json()) as { code: string }).code).toBe('MANIFEST_INVALID');
      expect(peakMb() - before).toBeLessThan(100);
      expect(uploads()).toEqual([]);
    },
  );
});
