/** What clients of the older service do wrong with files, and which version answers: always the active one. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SYSTEM } from '#audit';
import { ModelRegistration } from '#models';
import { OpenFiles } from '#predictions';
import {
  accountsDatabase,
  type AccountsServer,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { formOf } from '../../../../../test/setup/form.js';
import { startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import { tinyRow, writeVersion } from '../../../../../test/setup/version-folder.js';
import { LabService } from './lab.service.js';

const { row } = tinyRow();
const HEADER = Object.keys(row).join(',');
const ROW = Object.values(row).join(',');
const LAB = '/legacy/lab';

const database = await accountsDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-lab-files-'));
let server: AccountsServer;
let admin: Session;
let user: Session;

beforeAll(async () => {
  writeVersion(join(folder, 'models'), 'tiny', '1.0.0');
  server = await startLegacyServer(database, ['lab', 'glm'], {
    MODELS_DIR: join(folder, 'models'),
    LEGACY_LAB_MODELS: 'tiny',
    LEGACY_GLM_MODEL: 'tiny',
  });
  await server.app.listen(0, '127.0.0.1');
  admin = await server.administrator();
  expect((await put('/v1/plans/FREEMIUM', { requestsPerMinute: 10_000 })).status).toBe(200);
  user = await server.register('ana');
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

const put = (url: string, payload: object): Promise<Answer> =>
  server.request({ method: 'PUT', url, payload, token: admin.accessToken });

const predict = (payload: unknown, token = user.accessToken): Promise<Answer> =>
  server.post(`${LAB}/predict`, payload as object, token);

function sendForm(payload: Buffer | string, type: string, api = `${LAB}/batch-predict`): Promise<Answer> {
  const headers = { 'content-type': type };
  return server.request({ method: 'POST', url: api, payload, headers, token: user.accessToken });
}

const whole = formOf({ file: { fileName: 'in.csv', content: `${HEADER}\n${ROW}\n` } });

/** A form whose rest does not come, on a connection of its own, and what is answered until it is closed. */
async function begin(type: string, bytes: string, length = 1_000_000): Promise<{ socket: Socket; text: () => string }> {
  const { port } = server.app.getHttpServer().address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', () => undefined);
  socket.write(
    `POST ${LAB}/batch-predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${user.accessToken}\r\n` +
      `Content-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${bytes}`,
  );
  await once(socket, 'connect');
  return { socket, text: () => text };
}

describe('a form that is cut off', () => {
  it('is refused as the client’s fault, wherever that is', async () => {
    const log = vi.spyOn(Logger.prototype, 'error');
    const head = '--abc\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
    for (const payload of ['--abc', head, `${head}x\r\n`, `${head}${HEADER}\r\n`, `${head}${HEADER}\r\n${ROW}\r\n`]) {
      const { status, body } = await sendForm(payload, 'multipart/form-data; boundary=abc');
      expect([payload, status, body]).toEqual([payload, 400, { detail: expect.any(String) as string }]);
    }
    expect(log).not.toHaveBeenCalled();
  });

  it('after rows were recorded ends its answer, which is no error of the server', async () => {
    const log = vi.spyOn(Logger.prototype, 'error');
    const head = '--abc\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
    const rows = `${head}${HEADER}\n${`${ROW}\n`.repeat(3_500)}`;
    const { socket, text } = await begin('multipart/form-data; boundary=abc', rows, Buffer.byteLength(rows) + 2);
    const recorded = async (): Promise<number> =>
      Number((await server.dataSource.query('SELECT count(*) FROM predictions'))[0].count);
    await expect.poll(recorded).toBeGreaterThanOrEqual(3);
    socket.write('\r\n');
    await once(socket, 'close');
    expect(text()).toMatch(/^HTTP\/1\.1 200 /);
    expect(text()).toContain('prediccion,probabilidad,error');
    expect(text()).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(log).not.toHaveBeenCalled();
  });
});

describe('a form that does not come', () => {
  const LAB_SERVICE_MS = 60_000;
  const setTime = (ms: number): void => void (server.app.get(LabService, { strict: false }).formWithinMs = ms);
  afterEach(() => setTime(LAB_SERVICE_MS));

  it.each([
    ['before anything', '--ab'],
    ['within a field', '--abc\r\nContent-Disposition: form-data; name="note"\r\n\r\nx'],
    ['within another file', '--abc\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nx'],
  ])('%s is told so when its time is over', async (_, bytes) => {
    const log = vi.spyOn(Logger.prototype, 'error');
    setTime(200);
    const { socket, text } = await begin('multipart/form-data; boundary=abc', bytes);
    await once(socket, 'close');
    expect(text()).toMatch(/^HTTP\/1\.1 408 /);
    expect(text()).toMatch(/\{"detail":"The file of the form must be here within 0\.2 s\."\}$/);
    expect(log).not.toHaveBeenCalled();
  });

  it('is one of the files that the plan admits at once, of whatever service they are', async () => {
    setTime(8_000);
    const admitted = vi.spyOn(OpenFiles.prototype, 'admitted');
    const { socket, text } = await begin('multipart/form-data; boundary=abc', '--ab');
    await expect.poll(() => admitted.mock.calls.length).toBe(1);
    const type = whole.headers['content-type'];
    expect((await sendForm(whole.payload, type)).status).toBe(429);
    expect((await sendForm(whole.payload, type, '/legacy/glm/predict')).status).toBe(429);
    const csv = await sendForm(`${HEADER}\n${ROW}\n`, 'text/csv', '/v1/models/tiny/predictions');
    expect([csv.status, csv.body.code]).toEqual([429, 'STREAMS_EXCEEDED']);
    await once(socket, 'close');
    expect(text()).toMatch(/^HTTP\/1\.1 408 /);
    expect((await sendForm(whole.payload, type)).status).toBe(200);
  });

  it('but for what is behind its file is answered, and makes room for the next one', async () => {
    setTime(300);
    const { payload } = whole;
    const cut = payload.subarray(0, payload.lastIndexOf('--')).toString();
    const { socket, text } = await begin(whole.headers['content-type'], `${cut}\r\nContent-Disposition: form-data\r\n`);
    await once(socket, 'close');
    expect(text()).toMatch(/^HTTP\/1\.1 200 /);
    expect((await sendForm(whole.payload, whole.headers['content-type'])).status).toBe(200);
  });
});

describe('a body of records', () => {
  it('may be as large as a thousand of them are, and not much larger', async () => {
    const rowsPerRequest = 1_000;
    await put('/v1/plans/FREEMIUM', { rowsPerRequest });
    expect((await predict(Array.from({ length: rowsPerRequest }, () => row))).status).toBe(200);
    expect((await predict([{ ...row, a: 'x'.repeat(2 * 2 ** 20) }])).status).toBe(413);
  });

  it('is refused before it is parsed where it nests without end', async () => {
    const { status, body } = await sendForm(
      `${'['.repeat(900_000)}${']'.repeat(900_000)}`,
      'application/json',
      `${LAB}/predict`,
    );
    expect([status, body.detail]).toEqual([
      422,
      [{ type: 'value_error', loc: ['body'], msg: 'Value is nested too deeply' }],
    ]);
  });
});

it('the active version answers records and files, also beside one that has a share of the traffic', async () => {
  const made = writeVersion(join(folder, 'made'), 'tiny', '1.1.0');
  await server.app.get(ModelRegistration).addFolder(made, SYSTEM);
  const shared = await put('/v1/models/tiny/traffic', { canary: { version: '1.1.0', share: 0.6 } });
  expect(shared.status, JSON.stringify(shared.body)).toBe(200);
  const versions = { v1: new Set<string>(), lab: new Set<string>() };
  for (let each = 0; each < 12; each += 1) {
    const { accessToken } = await server.register(`user-${each}`);
    const asked = await server.post('/v1/models/tiny/predictions', { input: row }, accessToken);
    versions.v1.add(String(asked.body.version ?? asked.headers['x-model-version']));
    versions.lab.add((await predict(row, accessToken)).body.version as string);
  }
  expect(versions).toEqual({ v1: new Set(['1.0.0', '1.1.0']), lab: new Set(['1.0.0']) });
  const answer = await sendForm(whole.payload, whole.headers['content-type']);
  expect(answer.headers['x-model-version']).toBe('1.0.0');
});
