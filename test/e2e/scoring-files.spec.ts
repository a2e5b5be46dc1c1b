/** Files against the built server: with curl and Python's requests, in the background, cancelled, and killed half-way. */
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBusyUser } from './clients.js';
import { Server } from './server.js';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const HEADER = 'id,cholesterol,systolicPressure,glucose,age,overweight,smoker';
const PREDICTIONS = '/v1/models/cardiac-risk/predictions';
const BATCHES = '/v1/models/cardiac-risk/batches';

interface Batch {
  readonly id: string;
  readonly status: string;
  readonly rowsDone: number;
  readonly rowsRejected: number;
  readonly error: { readonly code: string; readonly errors?: { readonly pointer: string }[] } | null;
}

/** Every tenth row is of an age that nobody has. */
function file(rows: number, faulty = true): string {
  const lines = [HEADER];
  for (let row = 0; row < rows; row += 1) {
    const age = faulty && row % 10 === 9 ? 200 : row % 100;
    lines.push(`${row},${(1 + (row % 200) / 100).toFixed(2)},1.35,1.75,${age},${row % 2},0`);
  }
  return `${lines.join('\n')}\n`;
}

/** Each row once, in order, with its result or its fault. */
function expectWhole(results: string, rows: number): void {
  const lines = results.trimEnd().split('\n').slice(1);
  expect(lines.length).toBe(rows);
  const predictions = new Set<string>();
  for (const [row, line] of lines.entries()) {
    const cells = line.split(',');
    if (cells[0] !== String(row)) throw new Error(`row ${row} is ${line}`);
    if (row % 10 === 9) expect(cells.at(-1)).toBe('age: must be at most 99');
    else predictions.add(cells.at(-2)!);
  }
  expect(predictions.size).toBe(rows - Math.floor(rows / 10));
}

async function submit(server: Server, token: string, text: string, query = ''): Promise<Batch> {
  const answer = await server.request<Batch>('POST', BATCHES + query, {
    token,
    body: text,
    headers: { 'content-type': 'text/csv' },
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return answer.body;
}

async function until(server: Server, token: string, id: string, done: (batch: Batch) => boolean): Promise<Batch> {
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    const answer = await server.request<Batch>('GET', `/v1/batches/${id}`, { token }).catch(() => undefined);
    if (answer?.status === 200 && done(answer.body)) return answer.body;
    await sleep(100);
  }
  throw new Error(`batch ${id} did not get there`);
}

const ended = ({ status }: Batch): boolean => !['queued', 'running'].includes(status);

async function resultsOf(server: Server, token: string, id: string): Promise<string> {
  const answer = await server.request<string>('GET', `/v1/batches/${id}/results`, { token });
  expect(answer.status).toBe(200);
  return answer.body;
}

/** Rows that the record holds of this user. */
async function recordedRows(server: Server, token: string): Promise<number> {
  let rows = 0;
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/v1/predictions?limit=200${cursor ? `&cursor=${cursor}` : ''}`;
    const { body } = await server.request<{ data: { rowCount: number }[]; nextCursor: string | null }>('GET', path, {
      token,
    });
    for (const { rowCount } of body.data) rows += rowCount;
    cursor = body.nextCursor;
  }
  return rows;
}

describe('against one server', { timeout: 120_000 }, () => {
  const server = new Server();
  let token: string;

  beforeAll(async () => {
    await server.start();
    token = await newBusyUser(server, 'scorer');
  });
  afterAll(() => server.remove());

  it.skipIf(spawnSync('curl', ['--version']).status !== 0)('curl gets its file back', async () => {
    const [sent, got] = ['sent.csv', 'got.csv'].map((name) => join(server.folder, name)) as [string, string];
    writeFileSync(sent, file(20_000));
    const flags = ['-sS', '-X', 'POST', '-H', `Authorization: Bearer ${token}`, '-H', 'Content-Type: text/csv'];
    await run('curl', [...flags, '-T', sent, '-o', got, server.url + PREDICTIONS]);
    expectWhole(readFileSync(got, 'utf8'), 20_000);
    const chunked = await run(
      'curl',
      [...flags, '-H', 'Transfer-Encoding: chunked', '-T', sent, server.url + PREDICTIONS],
      {
        maxBuffer: 2 ** 28,
      },
    );
    expectWhole(chunked.stdout, 20_000);
  });

  it.skipIf(spawnSync('python3', ['-c', 'import requests']).status !== 0)(
    'Python’s requests sends 30 MB before it reads, and does not hang',
    async () => {
      const path = join(server.folder, 'large.csv');
      const wide = `,${'n'.repeat(300)}`;
      const rows = 90_000;
      writeFileSync(path, file(rows).replace(/\n/g, `${wide}\n`));
      const program = `
import requests, sys
with open(sys.argv[2], 'rb') as f: body = f.read()
answer = requests.post(sys.argv[1], data=body, headers={'Authorization': 'Bearer ' + sys.argv[3], 'Content-Type': 'text/csv'}, timeout=170)
print(len(body), answer.status_code, len(answer.text.splitlines()))`;
      const { stdout } = await run('python3', ['-c', program, server.url + PREDICTIONS, path, token]);
      const [bytes, status, lines] = stdout.split(' ').map(Number);
      expect(bytes).toBeGreaterThan(29_000_000);
      expect([status, lines]).toEqual([200, rows + 1]);
    },
  );

  it('a file that cannot be scored is refused while it is still coming, and the connection lives on', async () => {
    const answer = await server.request('POST', PREDICTIONS, {
      token,
      body: file(50_000).replace('age', 'years'),
      headers: { 'content-type': 'text/csv' },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'FILE_INVALID', errors: [{ pointer: '/age' }] } });
  });

  it('as many files at once as the plan says, and no more', async () => {
    const user = await server.newUser('impatient');
    const stuck = Array.from({ length: 2 }, () => {
      let close!: () => void;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Buffer.from(file(1)));
          close = () => controller.close();
        },
      });
      const answer = fetch(server.url + PREDICTIONS, {
        method: 'POST',
        body,
        duplex: 'half',
        headers: { authorization: `Bearer ${user.token}`, 'content-type': 'text/csv' },
      } as RequestInit);
      return { answer, close };
    });
    const first = await Promise.race(stuck.map(({ answer }) => answer));
    expect(first.status).toBe(429);
    expect(await first.json()).toMatchObject({ code: 'STREAMS_EXCEEDED' });
    for (const { close } of stuck) close();
    const statuses = await Promise.all(stuck.map(async ({ answer }) => (await answer).status));
    expect(statuses.sort()).toEqual([200, 429]);
  });

  it('all or nothing: a batch with a row at fault fails, names it, and predicts nothing', async () => {
    const before = await recordedRows(server, token);
    const { id } = await submit(server, token, file(3_000), '?onError=abort');
    const batch = await until(server, token, id, ended);
    expect(batch).toMatchObject({ status: 'failed', rowsDone: 0, error: { code: 'BATCH_ROWS_REJECTED' } });
    expect(batch.error!.errors![0]!.pointer).toBe('/rows/10');
    expect((await server.request('GET', `/v1/batches/${id}/results`, { token })).status).toBe(409);
    expect(await recordedRows(server, token)).toBe(before);
    const fine = await submit(server, token, file(2_000, false), '?onError=abort');
    expect(await until(server, token, fine.id, ended)).toMatchObject({ status: 'succeeded', rowsDone: 2_000 });
  });

  it('a batch is cancelled within a second, by its owner alone', async () => {
    const { id } = await submit(server, token, file(400_000));
    await until(server, token, id, ({ rowsDone }) => rowsDone > 0);
    const stranger = await server.newUser('stranger');
    expect((await server.request('DELETE', `/v1/batches/${id}`, { token: stranger.token })).status).toBe(404);
    expect((await server.request('GET', `/v1/batches/${id}/results`, { token })).status).toBe(409);
    expect((await server.request('DELETE', `/v1/batches/${id}`, { token })).status).toBe(204);
    const at = await until(server, token, id, ended);
    await sleep(1_000);
    const later = await until(server, token, id, ended);
    expect(later).toMatchObject({ status: 'cancelled', rowsDone: at.rowsDone });
    const lines = (await resultsOf(server, token, id)).trimEnd().split('\n');
    expect(lines.length - 1).toBe(later.rowsDone);
    expect((await server.request('DELETE', `/v1/batches/${id}`, { token })).status).toBe(409);
  });

  it('a batch may come as the file of a form, and a form that is none leaves nothing', async () => {
    const form = new FormData();
    form.set('file', new Blob([file(1_500)]), 'patients.csv');
    const post = (body: FormData): Promise<Response> =>
      fetch(server.url + BATCHES, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });
    const answer = await post(form);
    expect(answer.status).toBe(202);
    const { id } = (await answer.json()) as Batch;
    expect(await until(server, token, id, ended)).toMatchObject({ status: 'succeeded', rowsDone: 1_500 });
    const empty = new FormData();
    empty.set('note', 'x');
    expect((await post(empty)).status).toBe(422);
    const wrong = new FormData();
    wrong.set('file', new Blob(['a,b\n1,2\n']), 'wrong.csv');
    expect((await post(wrong)).status).toBe(422);
  });

  it.each([
    ['a column is missing', file(10).replace('age', 'years'), 422],
    ['there is no row', `${HEADER}\n`, 422],
    ['it is no CSV', '{"input":{}}', 415],
  ])('a batch is refused at once where %s', async (_, body, status) => {
    const headers = { 'content-type': status === 415 ? 'application/json' : 'text/csv' };
    expect((await server.request('POST', BATCHES, { token, body, headers })).status).toBe(status);
  });

  it('whose rows outlast the day are answered as far as they were recorded, and are not taken for whole', async () => {
    const admin = await server.admin();
    const user = await server.newUser('frugal');
    await server.request('PUT', '/v1/plans/FREEMIUM', { token: admin, body: { rowsPerDay: 2_500 } });
    const response = await fetch(server.url + PREDICTIONS, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'text/csv' },
      body: file(4_000, false),
    });
    expect(response.status).toBe(200);
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
    })();
    await expect(reading).rejects.toThrow();
    const answered = text.trimEnd().split('\n').slice(1);
    const { body } = await server.request<{ data: { rowCount: number }[] }>('GET', '/v1/predictions', {
      token: user.token,
    });
    expect(answered.length).toBe(body.data.reduce((sum, { rowCount }) => sum + rowCount, 0));
    expect(answered.length).toBe(2_000);
  });
});

describe('killed half-way', { timeout: 180_000 }, () => {
  it('the server goes on with a batch from its last chunk, and every row is there once', async () => {
    const server = new Server();
    try {
      await server.start();
      const token = await newBusyUser(server, 'unlucky');
      const rows = 120_000;
      const { id } = await submit(server, token, file(rows));
      for (const part of [0.1, 0.5]) {
        await until(server, token, id, (batch) => batch.rowsDone > rows * part || ended(batch));
        await server.stop('SIGKILL');
        await server.start();
      }
      const batch = await until(server, token, id, ended);
      expect(batch).toMatchObject({ status: 'succeeded', rowsDone: rows, rowsRejected: rows / 10 });
      expectWhole(await resultsOf(server, token, id), rows);
      expect(await recordedRows(server, token)).toBe(rows - rows / 10);
    } finally {
      await server.remove();
    }
  });

  it('Postgres itself, twice: the batch goes on, and every row is there once', async () => {
    const server = new Server();
    try {
      await server.start();
      const token = await newBusyUser(server, 'steadfast');
      const rows = 60_000;
      const { id } = await submit(server, token, file(rows));
      for (const part of [0.1, 0.5]) {
        await until(server, token, id, (batch) => batch.rowsDone > rows * part || ended(batch));
        process.kill(server.postgresPid()!, 'SIGKILL');
        await sleep(1_000);
      }
      expect(await until(server, token, id, ended)).toMatchObject({ status: 'succeeded', rowsDone: rows });
      expectWhole(await resultsOf(server, token, id), rows);
      expect(await recordedRows(server, token)).toBe(rows - rows / 10);
    } finally {
      await server.remove();
    }
  });

  it('a server that is stopped while a file comes in, a batch runs and its events are read ends in time', async () => {
    const server = new Server();
    try {
      await server.start();
      const token = await newBusyUser(server, 'lingering');
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
      const { id } = await submit(server, token, file(200_000));
      const events = fetch(`${server.url}/v1/batches/${id}/events`, { headers }).then((answer) => answer.text());
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(Buffer.from(file(5_000))),
      });
      const stuck = fetch(server.url + PREDICTIONS, { method: 'POST', body, duplex: 'half', headers } as RequestInit)
        .then((answer) => answer.text())
        .catch(() => 'broken');
      await sleep(1_000);
      expect(await server.stop('SIGTERM')).toBe(0);
      expect(await events).toContain('event: progress');
      expect(await stuck).toBe('broken');
    } finally {
      await server.remove();
    }
  });

  it('a worker’s batch is taken over by another worker', async () => {
    const server = new Server({ ADMIN_PASSWORD: 'an-administrators-password', JOBS: 'worker' });
    const workers: Worker[] = [];
    try {
      await server.start();
      const token = await newBusyUser(server, 'patient');
      const rows = 100_000;
      const { id } = await submit(server, token, file(rows));
      await sleep(1_500);
      expect((await until(server, token, id, () => true)).status).toBe('queued');
      for (const part of [0.2, 2]) {
        const worker = new Worker(server);
        workers.push(worker);
        await until(server, token, id, (batch) => batch.rowsDone > rows * part || ended(batch));
        await worker.end('SIGKILL');
      }
      const batch = await until(server, token, id, ended);
      expect(batch).toMatchObject({ status: 'succeeded', rowsDone: rows });
      expectWhole(await resultsOf(server, token, id), rows);
      expect(await recordedRows(server, token)).toBe(rows - rows / 10);
    } finally {
      for (const worker of workers) await worker.end('SIGKILL');
      await server.remove();
    }
  });

  it('a worker that is stopped gives its batch back at once', async () => {
    const server = new Server({ ADMIN_PASSWORD: 'an-administrators-password', JOBS: 'worker' });
    const workers = [];
    try {
      await server.start();
      const token = await newBusyUser(server, 'orderly');
      const { id } = await submit(server, token, file(200_000));
      workers.push(new Worker(server));
      await until(server, token, id, ({ rowsDone }) => rowsDone > 0);
      expect(await workers[0]!.end('SIGTERM')).toBe(0);
      expect(await until(server, token, id, () => true)).toMatchObject({ status: 'queued' });
    } finally {
      for (const worker of workers) await worker.end('SIGKILL');
      await server.remove();
    }
  });
});

/** `npm run worker`, beside a server's built-in database. */
class Worker {
  private readonly child: ChildProcess;
  private readonly exited: Promise<number | null>;

  constructor({ folder }: Server) {
    this.child = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/worker/src/main.js'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: join(folder, 'data') },
      stdio: 'ignore',
    });
    this.exited = new Promise((done) => this.child.once('exit', (code) => done(code)));
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}
