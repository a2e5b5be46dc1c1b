/** The older shock service on other versions than the one that ships: the thesis' own, one with a share of the traffic, an unfit one. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ModelManifest } from '#inference';
import {
  accountsDatabase,
  AccountsServer,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { formOf } from '../../../../../test/setup/form.js';
import { startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import {
  NO_THESIS_FIXTURES,
  thesisAnswer,
  thesisManifest,
  thesisTable,
  writeThesisVersion,
} from '../../../../../test/setup/shock-thesis.js';
import { shockRows, shockTable, shockTime } from '../../../../../test/setup/shock-table.js';

const MODEL = 'haemodynamic-shock';

const database = await accountsDatabase();
const folder = mkdtempSync(join(tmpdir(), 'latido-shock-versions-'));
let server: AccountsServer;
let admin: Session;
let user: Session;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (url: string, payload: object): Promise<Answer> =>
  server.request({ method: 'PUT', url, payload, token: admin.accessToken });
const ask = (table: object): Promise<Answer> => server.post('/legacy/shock/predict', table, user.accessToken);

if (NO_THESIS_FIXTURES) console.warn(`skipped: ${NO_THESIS_FIXTURES}`);

describe.skipIf(NO_THESIS_FIXTURES)('the thesis’ own file', () => {
  /** Publishes the thesis' model as a version, with what is changed in its manifest. */
  async function publish(version: string, change: Partial<ModelManifest> = {}): Promise<void> {
    const manifest = { ...thesisManifest(MODEL), version, ...change };
    const path = writeThesisVersion(folder, manifest);
    const { payload, headers } = formOf({
      manifest: stringify({ ...manifest, inputs: undefined }),
      artifact: { fileName: manifest.artifact.file, content: readFileSync(join(path, manifest.artifact.file)) },
      golden: { fileName: 'golden.json', content: readFileSync(join(path, 'golden.json')) },
    });
    const url = `/v1/models/${MODEL}/versions`;
    const published = await server.request({ method: 'POST', url, payload, headers, token: admin.accessToken });
    expect(published.status, JSON.stringify(published.body)).toBe(201);
  }
  const activate = async (version: string): Promise<void> => {
    const { status, body } = await put(`/v1/models/${MODEL}/active`, { version });
    expect(status, JSON.stringify(body)).toBe(200);
  };

  beforeAll(async () => {
    server = await startLegacyServer(database, ['shock']);
    admin = await server.administrator();
    user = await server.register('monitor');
    expect((await put('/v1/plans/FREEMIUM', { requestsPerMinute: 10_000 })).status).toBe(200);
    await publish('2.0.0');
  }, 180_000);

  it('answers some of the patients while it has a share of the traffic, always the same', async () => {
    const shared = await put(`/v1/models/${MODEL}/traffic`, { canary: { version: '2.0.0', share: 0.5 } });
    expect(shared.status, JSON.stringify(shared.body)).toBe(200);
    const versionOf = async (idAtencion: number): Promise<unknown> =>
      (await ask(shockTable(shockRows(), idAtencion))).headers['x-model-version'];
    const patients = Array.from({ length: 16 }, (_, index) => index);
    const versions = await Promise.all(patients.map(versionOf));
    expect(new Set(versions)).toEqual(new Set(['1.0.0', '2.0.0']));
    expect(await Promise.all(patients.map(versionOf))).toEqual(versions);
    await put(`/v1/models/${MODEL}/traffic`, {});
  });

  it('answers its printed number once it is active, in the same names', async () => {
    await activate('2.0.0');
    const answer = await ask(thesisTable());
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body).toMatchObject({ idAtencion: 1, State: 'Sano' });
    const { probabilities, tolerance } = thesisAnswer();
    const inferences = Object.entries<number>(answer.body.inferences);
    expect(inferences).toHaveLength(4);
    for (const [name, value] of inferences)
      expect(Math.abs(value - probabilities[name.toLowerCase()]!), name).toBeLessThanOrEqual(tolerance);
    expect(answer.headers['x-model-version']).toBe('2.0.0');
    const url = `/v1/predictions/${String(answer.headers['x-prediction-id'])}`;
    expect((await server.get(url, user.accessToken)).body).toMatchObject({ version: '2.0.0', subject: '1' });
    expect((await server.get('/legacy/shock/home')).body.model_version).toBe('2.0.0');
  });

  it.each(['a\0', 'half \ud800'])('refuses a signal whose name could not be recorded: %j', async (idSigno) => {
    const other = { idSigno, nomSigno: 'X', valor: 1, fecRegistro: shockTime(0) };
    const { status, body } = await ask(shockTable([...shockRows(), other]));
    expect([status, body.detail[0].loc, body.detail[0].msg]).toEqual([
      422,
      ['body'],
      expect.stringContaining('U+0000') as string,
    ]);
  });

  it('does not answer as another model would: a version of other classes is refused', async () => {
    const { output } = thesisManifest(MODEL);
    const classes = output.classes!.map(({ title }, index) => ({ name: `c${index}`, title }));
    await publish('3.0.0', { output: { classes } });
    await activate('3.0.0');
    const { status, body } = await ask(shockTable(shockRows()));
    expect([status, body]).toEqual([503, { detail: expect.stringContaining('sano') as string }]);
    await activate('1.0.0');
    expect((await ask(shockTable(shockRows()))).status).toBe(200);
  });
});
