/** A database that stands still or has no room: nobody waits long, memory stays flat, and the service recovers by itself. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform';
import { newBusyUser } from './clients.js';
import { ADMIN_PASSWORD, Server } from './server.js';

interface Refusal {
  readonly status: number;
  readonly seconds: number;
  readonly retryAfter: string | null;
}

/** Clients that go on asking until they are told to stop; what each was answered, and after how long. */
function keepAsking(
  server: Server,
  token: string,
  clients: number,
): { stop(): Promise<Refusal[]>; readonly ids: string[] } {
  let asking = true;
  const answers: Refusal[] = [];
  const ids: string[] = [];
  const all = Array.from({ length: clients }, async () => {
    while (asking) {
      const startedAt = performance.now();
      const answer = await server.predict<{ id: string }>(token);
      answers.push({
        status: answer.status,
        seconds: (performance.now() - startedAt) / 1000,
        retryAfter: answer.headers.get('retry-after'),
      });
      if (answer.status === 201) ids.push(answer.body.id);
      else await sleep(20);
    }
  });
  return {
    ids,
    async stop() {
      asking = false;
      await Promise.all(all);
      return answers;
    },
  };
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

describe.runIf(process.platform === 'linux')('while Postgres stands still', () => {
  const server = new Server();
  let token: string;
  beforeAll(async () => {
    await server.start();
    token = await newBusyUser(server, 'patient');
  });
  afterAll(() => server.remove());

  it('everybody is answered within 2 s, memory stays flat, and it goes on when Postgres does', async () => {
    const warm = keepAsking(server, token, 64);
    await sleep(1_000);
    await warm.stop();
    const before = residentMegabytes(server.pid);
    const postmaster = server.postgresPid()!;
    const processes = [postmaster, ...childrenOf(postmaster)];
    for (const pid of processes) process.kill(pid, 'SIGSTOP');
    const clients = keepAsking(server, token, 64);
    await sleep(6_000);
    const during = residentMegabytes(server.pid);
    for (const pid of processes) process.kill(pid, 'SIGCONT');
    await expect.poll(async () => (await server.predict(token)).status).toBe(201);
    const answers = await clients.stop();
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(64);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    expect(refused.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
    // 2 s, and a second for a test machine that is busy with other tests.
    expect(Math.max(...refused.map(({ seconds }) => seconds))).toBeLessThan(3);
    expect(during - before).toBeLessThan(64);
    for (const id of clients.ids.slice(-5))
      expect((await server.request('GET', `/v1/predictions/${id}`, { token })).status).toBe(200);
  });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/** A file system of its own that is soon full; undefined where none can be mounted. */
function smallDisk(megabytes: number): string | undefined {
  const folder = join(tmpdir(), `latido-disk-${newId()}`);
  mkdirSync(folder, { mode: 0o755 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

const disk = process.platform === 'linux' ? smallDisk(256) : undefined;
if (!disk) console.log('no file system can be mounted here: the test of a full disk is skipped');

describe.runIf(disk !== undefined)('while the disk is full', () => {
  const server = new Server({ ADMIN_PASSWORD }, disk ?? '/nowhere');
  afterAll(async () => {
    await server.stop();
    for (let attempt = 0; server.postgresPid() !== undefined && attempt < 100; attempt += 1) await sleep(50);
    execFileSync('umount', ['-l', disk!]);
    rmSync(disk!, { recursive: true, force: true });
  });

  it('predictions are refused in time, none is half-written, and it recovers when there is room', async () => {
    await server.start();
    const token = await newBusyUser(server, 'full');
    expect((await server.predict(token)).status).toBe(201);
    const ballast = join(disk!, 'ballast');
    for (let megabytes = 256; megabytes >= 1; megabytes = Math.floor(megabytes / 2)) {
      try {
        writeFileSync(ballast, Buffer.alloc(megabytes * 1024 * 1024), { flag: 'a' });
      } catch {
        // Full by now, or nearly: what was written stays.
      }
    }
    const body = {
      inputs: Array.from({ length: 1000 }, (_, age) => ({
        cholesterol: 2,
        systolicPressure: 1,
        glucose: 1,
        age: age % 100,
        overweight: 0,
        smoker: 0,
      })),
    };
    const refused: Refusal[] = [];
    const recorded: string[] = [];
    for (let attempt = 0; attempt < 400 && refused.length < 20; attempt += 1) {
      const startedAt = performance.now();
      const answer = await server.predict<{ id: string }>(token, body);
      const seconds = (performance.now() - startedAt) / 1000;
      if (answer.status === 201) recorded.push(answer.body.id);
      else refused.push({ status: answer.status, seconds, retryAfter: answer.headers.get('retry-after') });
    }
    expect(refused).toHaveLength(20);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    expect(refused.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
    expect(Math.max(...refused.map(({ seconds }) => seconds))).toBeLessThan(4);
    rmSync(ballast);
    await expect.poll(async () => (await server.predict(token)).status, { interval: 100 }).toBe(201);
    for (const id of recorded)
      expect((await server.request('GET', `/v1/predictions/${id}/rows/999`, { token })).status).toBe(200);
    const admin = await server.admin();
    const verified = await server.request<{ holds: boolean; findings: unknown[] }>('POST', '/v1/audit/verify', {
      token: admin,
      body: {},
    });
    expect(verified.body).toMatchObject({ holds: true, findings: [] });
  }, 120_000);
});
