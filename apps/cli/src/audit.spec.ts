/** What operators and auditors do with the record, as commands. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownDatabase } from '../../../test/setup/database.js';
import { runLatido, type Ended } from '../../../test/setup/latido-command.js';
import { predictionRecord } from '../../../test/setup/prediction-record.js';
import { openRecord } from '../../../test/setup/record.js';

const folder = mkdtempSync(join(tmpdir(), 'latido-audit-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const database = await ownDatabase();
const environment = {
  DATABASE_URL: database.url,
  DATABASE_OWNER_URL: database.ownerUrl,
  DATA_DIR: join(folder, 'data'),
};
const latido = (words: string[], more: Record<string, string> = {}): Promise<Ended> =>
  runLatido(folder, words, { ...environment, ...more });

async function owner(statement: string, parameters: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(statement, parameters);
  await client.end();
}

const row = (subject: string): string => JSON.stringify({ subject, input: { n: 1 }, scores: [1], label: 'risk' });

beforeAll(async () => {
  const server = await openRecord(database, { folder });
  for (const subject of ['P-1', 'P-2'])
    await server.recorder.record(predictionRecord({ subjects: [subject], rows: [row(subject)] }));
  await server.close();
});

describe('latido audit', () => {
  it('verifies by a key and checkpoints kept elsewhere, and says what it cannot show without them', async () => {
    const key = await latido(['audit', 'public-key']);
    expect(key).toMatchObject({ code: 0, err: '', out: expect.stringContaining('BEGIN PUBLIC KEY') });
    writeFileSync(join(folder, 'trusted.pem'), key.out);
    const checkpoints = join(folder, 'data/audit-checkpoints.jsonl');
    const verified = await latido(['audit', 'verify', '--public-key', 'trusted.pem', '--checkpoint', checkpoints]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toMatch(
      /^The record holds: 2 predictions, 0 audit events, 2 batches, 1 chains, 1 checkpoints in [\d.]+ s\.\n$/,
    );
    const bare = await latido(['audit', 'verify']);
    expect(bare.out).toContain('Give them with --public-key');
    expect(bare.out).toContain('Give them with --checkpoint');
  });

  it('erases a patient, and the record holds', async () => {
    const erased = await latido(['subjects', 'erase', 'P-1']);
    expect(erased).toMatchObject({ code: 0, out: expect.stringMatching(/^Erased 1 rows of 1 predictions\./) });
    expect((await latido(['subjects', 'erase', 'P-1'])).out).toContain('holds nothing of this patient');
    expect((await latido(['subjects', 'erase', 'P-2', '--user', 'nobody'])).err).toContain('no account called nobody');
    expect(await latido(['audit', 'verify', '--public-key', 'trusted.pem'])).toMatchObject({ code: 0 });
  });

  it('rotates the key: the one that auditors have leads to the next', async () => {
    const before = readFileSync(join(folder, 'data/secrets/audit-key.pem'), 'utf8');
    expect(await latido(['audit', 'rotate-key'])).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(join(folder, 'data/secrets/audit-key.pem'), 'utf8')).not.toBe(before);
    const server = await openRecord(database, { folder });
    await server.recorder.record(predictionRecord());
    await server.close();
    const verified = await latido(['audit', 'verify', '--public-key', 'trusted.pem', '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({
      holds: true,
      keys: 'given',
      records: { predictions: { records: 3 } },
    });
    writeFileSync(join(folder, 'given.pem'), before, { mode: 0o600 });
    const given = { AUDIT_KEY_FILE: join(folder, 'given.pem') };
    expect(await latido(['audit', 'rotate-key'], given)).toMatchObject({ code: 2 });
    expect(await latido(['audit', 'rotate-key', '--out', 'given.pem'], given)).toMatchObject({ code: 1 });
  });

  it('drops no month that is not over, and none that is not there', async () => {
    const month = new Date().toISOString().slice(0, 7);
    expect(await latido(['audit', 'drop-month', month])).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not over'),
    });
    expect(await latido(['audit', 'drop-month', '2001-01'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no record of 2001-01'),
    });
  });

  it('ends with 1 and names the place when something does not hold, and refuses files that are none', async () => {
    await owner(`UPDATE predictions SET request_id = 'other' WHERE seq = 2 AND shard = 1`);
    const verified = await latido(['audit', 'verify', '--public-key', 'trusted.pem']);
    expect(verified.code).toBe(1);
    expect(verified.out).toMatch(
      /^The record does NOT hold: .*\n {2}record-altered: The prediction [0-9a-f-]{36} was altered after it was sealed\.\n/,
    );
    for (const words of [
      ['--public-key', 'none.pem'],
      ['--checkpoint', 'trusted.pem'],
    ])
      expect(await latido(['audit', 'verify', ...words])).toMatchObject({ code: 1, out: '' });
    expect(await latido(['audit', 'verify', '--since', 'yesterday'])).toMatchObject({ code: 2 });
  });
});
