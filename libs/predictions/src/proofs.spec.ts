/** The audit routes about the record of predictions, and the script that checks a proof without Latido. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditProofDto } from '#audit';
import { newId } from '#platform';
import { ownDatabase } from '../../../test/setup/database.js';
import { PATIENT } from '../../../test/setup/patient.js';
import { startPredictionServer, type PredictionServer, type TestUser } from '../../../test/setup/prediction-server.js';

const database = await ownDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-proofs-'));

let server: PredictionServer;
let user: TestUser;
let auditor: TestUser;

beforeAll(async () => {
  server = await startPredictionServer(database);
  user = await server.user();
  auditor = await server.user({ role: 'auditor' });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function predictTogether(count: number): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => server.predict(user, { input: PATIENT })));
  return answers.map((answer) => answer.json<{ id: string }>().id);
}

async function proofOf(id: string): Promise<AuditProofDto> {
  const answer = await server.get(auditor, `/v1/audit/proofs/${id}`);
  expect(answer.statusCode).toBe(200);
  return answer.json<AuditProofDto>();
}

function check(proof: AuditProofDto, publicKey = proof.publicKey): Promise<{ code: number; out: string }> {
  const [proofFile, keyFile] = [join(folder, `${newId()}.json`), join(folder, `${newId()}.pem`)];
  writeFileSync(proofFile, JSON.stringify(proof));
  writeFileSync(keyFile, publicKey);
  const script = resolve(import.meta.dirname, '../../../docs/check-proof.mjs');
  return new Promise((done) => {
    execFile(process.execPath, [script, proofFile, keyFile], (error, out) =>
      done({ code: error ? Number(error.code) : 0, out }),
    );
  });
}

describe('a proof', () => {
  it('of each prediction of a batch holds by the script in docs/', async () => {
    const ids = await predictTogether(5);
    const proofs = await Promise.all(ids.map(proofOf));
    expect(Math.max(...proofs.map(({ batch }) => batch.count))).toBeGreaterThan(1);
    for (const proof of proofs) expect(await check(proof)).toMatchObject({ code: 0 });
  });

  it('does not hold for another record, another path, another root or another key', async () => {
    const [first, second] = (await Promise.all((await predictTogether(4)).map(proofOf))) as [
      AuditProofDto,
      AuditProofDto,
    ];
    const { batch } = first;
    for (const [forged, what] of [
      [{ ...first, leaf: second.leaf }, 'isItsLeaf: false'],
      [{ ...first, leaf: second.leaf, id: second.id }, 'isInTree: false'],
      [{ ...first, path: first.path.slice(1) }, 'isInTree: false'],
      [{ ...first, batch: { ...batch, seq: batch.seq + 1 } }, 'isItsBatch: false'],
      [
        { ...first, batch: { ...batch, statement: batch.statement.replace('predictions', 'events') } },
        'isSigned: false',
      ],
    ] as const) {
      const { code, out } = await check(forged);
      expect(code).toBe(1);
      expect(out).toContain(what);
    }
  });

  it('is there for auditors alone, and for what there is', async () => {
    const [id] = await predictTogether(1);
    expect((await server.get(auditor, `/v1/audit/proofs/${newId()}`)).json()).toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
    expect((await server.get(auditor, `/v1/audit/proofs/x'y`)).statusCode).toBe(404);
    expect((await server.get(auditor, `/v1/audit/proofs/${id}`)).statusCode).toBe(200);
  });

  it('of an audit event', async () => {
    const [id] = await predictTogether(1);
    await server.get(auditor, `/v1/predictions/${id}`);
    const events = await server.get(auditor, '/v1/audit/events?action=prediction.read-by-other&limit=1');
    const [event] = events.json<{ data: { id: string }[] }>().data;
    await expect.poll(async () => (await server.get(auditor, `/v1/audit/proofs/${event!.id}`)).statusCode).toBe(200);
    expect(await check(await proofOf(event!.id))).toMatchObject({ code: 0 });
  });
});

describe('the record', () => {
  it('is verified on request', async () => {
    const answer = await server.post(auditor, '/v1/audit/verify', {});
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ holds: true, keys: 'database', findings: [] });
    expect((await server.post(auditor, '/v1/audit/verify', { since: 'yesterday' })).statusCode).toBe(422);
    const checkpoints = await server.get(auditor, '/v1/audit/checkpoints');
    expect(checkpoints.json()).toEqual({ data: [], nextCursor: null });
  });
});
