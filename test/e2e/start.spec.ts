/** Starts that fail for a reason of the operator's say which, and leave nothing running; so do starts that are interrupted. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '#platform';
import { ADMIN_PASSWORD, Server } from './server.js';

const servers: Server[] = [];
afterAll(() => Promise.all(servers.map((server) => server.remove())));

function newServer(environment: Record<string, string> = {}, folder?: string): Server {
  const server = new Server({ ADMIN_PASSWORD, ...environment }, folder);
  server.startsAnew = true;
  servers.push(server);
  return server;
}

/** What the failing start says on standard error: its lines that are not of the log. */
async function failure(server: Server): Promise<{ code: number | null; text: string }> {
  server.port ||= await freePort();
  server.spawn();
  await expect.poll(() => server.exitCode).not.toBeNull();
  await sleep(50);
  return {
    code: server.exitCode,
    text: server.output
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('{'))
      .join('\n'),
  };
}

describe('a start that cannot succeed', () => {
  it('names PORT when it is in use, stops its Postgres, and succeeds on another', async () => {
    const first = newServer();
    await first.start();
    const second = newServer();
    second.port = first.port;
    expect(await failure(second)).toEqual({
      code: 1,
      text: `Latido did not start: PORT ${first.port} on 127.0.0.1 is in use by another program. Stop that one, or set another. Example: PORT=${first.port + 1}`,
    });
    expect(second.postgresPid()).toBeUndefined();
    expect(second.output).not.toContain('lost the connection');
    second.port = 0;
    expect(await second.start()).toBeGreaterThan(0);
  });

  it('names HOST when it is no address of this machine', async () => {
    const { code, text } = await failure(newServer({ HOST: '192.0.2.1' }));
    expect({ code, text }).toEqual({
      code: 1,
      text: 'Latido did not start: HOST 192.0.2.1 is not an address of this machine (EADDRNOTAVAIL). Example: HOST=127.0.0.1',
    });
  });

  it('names DATA_DIR when it is not a folder', async () => {
    const server = newServer();
    writeFileSync(join(server.folder, 'data'), '');
    const { code, text } = await failure(server);
    expect(code).toBe(1);
    expect(text).toContain(`Latido did not start: DATA_DIR ${join(server.folder, 'data')} cannot be used: EEXIST`);
  });

  it('names DATABASE_URL when no database answers there', async () => {
    const { code, text } = await failure(
      newServer({ DATABASE_URL: `postgres://app:hidden@127.0.0.1:${await freePort()}/latido` }),
    );
    expect(code).toBe(1);
    expect(text).toMatch(
      /^Latido did not start: DATABASE_URL \(app@127\.0\.0\.1:\d+\/latido\) cannot be used: connect ECONNREFUSED/,
    );
    expect(text).not.toContain('hidden');
  });

  it('names DATABASE_OWNER_URL when the only role given does not own the database', async () => {
    const name = `t_${randomBytes(6).toString('hex')}`;
    const maintenance = new pg.Client({ connectionString: inject('superuserUrl') });
    await maintenance.connect();
    try {
      await maintenance.query(`CREATE DATABASE ${name}`);
      const url = new URL(inject('applicationUrl'));
      url.pathname = `/${name}`;
      const { code, text } = await failure(newServer({ DATABASE_URL: url.toString() }));
      expect({ code, text }).toEqual({
        code: 1,
        text: expect.stringMatching(
          /^Latido did not start: DATABASE_OWNER_URL must name the role that owns the database.*permission denied for schema public/,
        ),
      });
    } finally {
      await maintenance.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await maintenance.end();
    }
  });

  it('is one of two on a new folder, which the other then has', async () => {
    const first = newServer();
    const second = newServer({}, first.folder);
    const starts = await Promise.allSettled([first.start(), second.start()]);
    const files = readdirSync(join(first.folder, 'data')).sort();
    // Before either removes the folder: the one that has it, whichever it is, stops its Postgres.
    expect(await Promise.all([first.stop(), second.stop()])).toEqual(expect.arrayContaining([0, 1]));
    const lost = starts.filter((start) => start.status === 'rejected');
    expect(lost.map(({ reason }) => String(reason))).toEqual([expect.stringContaining('is in use by another Latido')]);
    expect(files).toEqual(['postgres', 'secrets']);
  });
});

describe('a signal', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s during the start stops what has been started by then',
    async (signal) => {
      const server = newServer();
      server.port = await freePort();
      server.spawn();
      await expect.poll(() => server.postgresPid(), { interval: 5 }).toBeGreaterThan(0);
      expect(await server.stop(signal)).toBe(0);
      expect(server.postgresPid()).toBeUndefined();
      expect(server.output).not.toContain('Latido is up');
    },
  );

  it('while models are being verified ends before the next one, and the next start puts them all in service', async () => {
    const server = newServer();
    server.port = await freePort();
    server.spawn();
    await expect.poll(() => server.output, { interval: 5 }).toContain('the version is verified and registered');
    expect(await server.stop('SIGINT')).toBe(0);
    expect(server.output.match(/the version is verified and registered/g)!.length).toBeLessThan(6);
    expect(server.output).not.toContain('Latido is up');
    await server.start();
    const { body } = await server.request<{ data: { name: string; activeVersion: string | null }[] }>(
      'GET',
      '/v1/models',
      { token: await server.admin() },
    );
    expect(Object.fromEntries(body.data.map(({ name, activeVersion }) => [name, activeVersion]))).toEqual({
      'cardiac-risk': '1.0.0',
      'haemodynamic-shock': '1.0.0',
      penguins: '1.2.0',
      'vertebral-column': '1.0.0',
    });
  });

  it('while the database is being made leaves no half-made one', async () => {
    const server = newServer();
    const data = join(server.folder, 'data');
    mkdirSync(data, { mode: 0o755 });
    server.port = await freePort();
    server.spawn();
    await expect.poll(() => readdirSync(data).some((name) => name.endsWith('.new')), { interval: 1 }).toBe(true);
    expect(await server.stop('SIGINT')).toBe(0);
    expect(readdirSync(data).filter((name) => name.includes('.new'))).toEqual([]);
    expect(existsSync(join(data, 'postgres/postmaster.pid'))).toBe(false);
  });
});
