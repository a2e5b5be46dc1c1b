/** Verifications over HTTP: as one answer, and as events that tell how far they are. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform';
import { startApplication } from '../../../../test/setup/application.js';
import { ownDatabase } from '../../../../test/setup/database.js';
import { AuditTrail, SYSTEM } from '../audit-trail.js';
import type { AuditProgressDto, AuditVerificationDto } from '../audit.dto.js';
import { EventSealer } from '../chain/event-sealer.js';
import { LeafSources, type LeafSource } from './leaf-source.js';

const EVENTS = 600;
/** Enough for some seconds of reading. */
const MANY = 6_000_000;

/** Records that are in no chain, so many that they are still being read when somebody leaves. */
const manyLeaves: LeafSource = {
  kind: 'predictions',
  noun: 'prediction',
  select: () => `SELECT number FROM generate_series(1, ${MANY}) AS numbers (number)`,
  read: () => ({ id: ID, place: null, bytes: NOTHING, computed: NOTHING, faults: [] }),
};
const NOTHING = Buffer.alloc(0);
const ID = newId();

const database = await ownDatabase();
const { app, fastify, close } = await startApplication({
  url: database.url,
  modules: [],
  hooks: (server) =>
    server.addHook('onRequest', (request, _reply, done) => {
      request.state.ruleApplied = true;
      request.state.principal = { userId: ID, role: 'auditor', apiKeyId: null, mustChangePassword: false };
      done();
    }),
});
afterAll(close);

beforeAll(async () => {
  const events = Array.from({ length: EVENTS }, (_, number) => ({
    actor: SYSTEM,
    action: 'plan.changed' as const,
    target: { type: 'plan' as const, id: `P${number}` },
  }));
  await app.get(AuditTrail, { strict: false }).recordAll(events);
  await app.get(EventSealer, { strict: false }).seal();
  await app.listen(0, '127.0.0.1');
});

interface Told {
  readonly event: string;
  readonly data: unknown;
}

/** A verification that is watched. */
class Watched {
  private text = '';

  private constructor(readonly answer: IncomingMessage) {
    answer.on('data', (chunk: Buffer) => (this.text += chunk.toString())).on('error', () => undefined);
  }

  static async begin(): Promise<Watched> {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port, path: '/v1/audit/verify', method: 'POST', headers, agent: false }, resolve)
        .on('error', reject)
        .end('{}');
    });
    return new Watched(answer);
  }

  get told(): Told[] {
    const whole = this.text.split('\n\n').slice(0, -1);
    return whole.map((event) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event)!;
      return { event: name!, data: JSON.parse(data!) as unknown };
    });
  }

  get progress(): AuditProgressDto[] {
    return this.told.filter(({ event }) => event === 'progress').map(({ data }) => data as AuditProgressDto);
  }

  async last(): Promise<Told> {
    await new Promise((resolve) => this.answer.once('end', resolve));
    return this.told.at(-1)!;
  }
}

/** Holds back whoever reads where audit events are sealed, until the work is done. */
async function withSealsLocked(work: (owner: pg.Client) => Promise<void>): Promise<void> {
  const owner = new pg.Client({ connectionString: database.superuserUrl });
  await owner.connect();
  try {
    await owner.query('BEGIN');
    await owner.query('LOCK TABLE audit_event_seals IN ACCESS EXCLUSIVE MODE');
    await work(owner);
  } finally {
    await owner.end();
  }
}

/** Not on a connection in a transaction, which sees no more than it saw first. */
async function backends(): Promise<number> {
  const [{ count }] = await app
    .get(DataSource)
    .query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'latido verification' AND datname = current_database()`,
    );
  return count;
}

const verify = (accept: string, payload: object = {}): Promise<LightMyRequestResponse> =>
  fastify.inject({ method: 'POST', url: '/v1/audit/verify', headers: { accept }, payload });

describe('a verification', () => {
  it('is one answer for those who do not ask for events', async () => {
    for (const accept of ['application/json', '*/*']) {
      const answer = await verify(accept);
      expect(answer.headers['content-type']).toContain('application/json');
      expect(answer.json()).toMatchObject({ holds: true, records: { events: { records: EVENTS } } });
    }
  });

  it('tells as events how far it is, and at last the same answer', async () => {
    const watched = await Watched.begin();
    const { event, data } = await watched.last();
    expect(event).toBe('ended');
    expect(data).toEqual((await verify('application/json')).json<AuditVerificationDto>());
    expect(watched.told[0]).toMatchObject({ event: 'progress', data: { phase: 'batches', checked: 0 } });
  });

  it('refuses a wrong request with a status, whatever it would answer', async () => {
    expect((await verify('text/event-stream', { since: 'yesterday' })).json()).toMatchObject({
      status: 422,
      code: 'INVALID_REQUEST',
    });
  });

  it('runs alone: another one is refused with a status', async () => {
    let watched: Watched;
    await withSealsLocked(async () => {
      watched = await Watched.begin();
      for (const accept of ['application/json', 'text/event-stream'])
        expect((await verify(accept)).json()).toMatchObject({ status: 409, code: 'VERIFICATION_RUNNING' });
      // While they are counted, nobody knows how many there are.
      await expect.poll(() => watched.progress.at(-1)).toEqual({ phase: 'events', checked: 0, total: null });
    });
    expect(await watched!.last()).toMatchObject({ event: 'ended', data: { holds: true } });
  });

  it('that fails says so as its last event, and the next one may begin', async () => {
    await withSealsLocked(async (owner) => {
      const watched = await Watched.begin();
      await expect.poll(() => watched.progress.at(-1)).toMatchObject({ phase: 'events' });
      await owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'latido verification' AND datname = current_database()`,
      );
      expect(await watched.last()).toMatchObject({ event: 'failed', data: { code: 'DATABASE_UNAVAILABLE' } });
    });
    expect((await verify('application/json')).statusCode).toBe(200);
  });
});

describe('a verification whose client leaves', () => {
  it('stops where it waits for the database', async () => {
    await withSealsLocked(async () => {
      const watched = await Watched.begin();
      await expect.poll(() => watched.progress.at(-1)).toMatchObject({ phase: 'events' });
      expect(await backends()).toBe(1);
      watched.answer.destroy();
      await expect.poll(backends, { timeout: 5_000 }).toBe(0);
    });
    expect((await verify('application/json')).statusCode).toBe(200);
  });

  it('stops where it reads', async () => {
    app.get(LeafSources, { strict: false }).add(manyLeaves);
    const watched = await Watched.begin();
    await expect.poll(() => watched.progress.at(-1)?.checked, { interval: 10 }).toBeGreaterThan(0);
    await expect
      .poll(() => watched.progress.at(-1), { interval: 10 })
      .toMatchObject({ phase: 'predictions', total: MANY });
    watched.answer.destroy();
    await expect.poll(backends, { timeout: 5_000 }).toBe(0);
    const { phase, checked } = watched.progress.at(-1)!;
    expect([phase, checked < MANY]).toEqual(['predictions', true]);
  });
});
