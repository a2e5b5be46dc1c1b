/** Predictions of the older shock service, on the shipped model and a real Postgres: asked as its client asks, and wrongly. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accountsDatabase,
  AccountsServer,
  type Answer,
  type Session,
} from '../../../../../test/setup/accounts-server.js';
import { startLegacyServer } from '../../../../../test/setup/legacy-server.js';
import {
  OTHER_SIGNALS,
  SHOCK_SIGNALS,
  shockRows,
  shockTable,
  shockTime,
  type ShockRow,
  type ShockTableBody,
} from '../../../../../test/setup/shock-table.js';

const URL = '/legacy/shock/predict';
const MODEL = 'haemodynamic-shock';
const NOTICE = 'Trained on synthetic data; not for clinical use';

const database = await accountsDatabase();
let server: AccountsServer;
let admin: Session;
let user: Session;

beforeAll(async () => {
  server = await startLegacyServer(database, ['shock']);
  admin = await server.administrator();
  user = await server.register('monitor');
  const plan = { requestsPerMinute: 10_000, rowsPerRequest: 5, rowsPerDay: 10_000 };
  expect((await put('/v1/plans/FREEMIUM', plan)).status).toBe(200);
}, 180_000);

const put = (url: string, payload: object): Promise<Answer> =>
  server.request({ method: 'PUT', url, payload, token: admin.accessToken });
const ask = (table: unknown, by = user): Promise<Answer> => server.post(URL, table as object, by.accessToken);
const send = (payload: string, headers: Record<string, string> = {}): Promise<Answer> =>
  server.request({
    method: 'POST',
    url: URL,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
    token: user.accessToken,
  });

async function recordOf(
  answer: Answer,
): Promise<{ inputs: { observations: object[] }[]; subjects: unknown; version: string }> {
  const { status, body } = await server.get(
    `/v1/predictions/${String(answer.headers['x-prediction-id'])}`,
    user.accessToken,
  );
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** What FastAPI says of each fault: its place and its message. */
async function faultsOf(table: unknown): Promise<string[]> {
  const { status, body } = await ask(table);
  expect(status, JSON.stringify(body)).toBe(422);
  return body.detail.map(({ loc, msg }: { loc: string[]; msg: string }) => `${loc.join('/')}: ${msg}`);
}

function changed(index: number, change: Partial<ShockRow>): ShockTableBody {
  return shockTable(shockRows().map((row, at) => (at === index ? { ...row, ...change } : row)));
}

const INFERENCES = {
  Arresto_Cardiaco: expect.any(Number) as number,
  Bajo_Gasto_Cardiaco: expect.any(Number) as number,
  Sano: expect.any(Number) as number,
  Shock_Cardiogenico: expect.any(Number) as number,
};

describe('one patient', () => {
  it('is answered in the older service’s names, exactly 200', async () => {
    const { status, headers, body } = await ask(shockTable(shockRows(), 42));
    expect([status, body]).toEqual([200, { idAtencion: 42, inferences: INFERENCES, State: 'Sano' }]);
    expect(Object.values<number>(body.inferences).reduce((sum, one) => sum + one)).toBeCloseTo(1, 5);
    expect(headers).toMatchObject({
      'x-model-version': '1.0.0',
      'x-model-notice': NOTICE,
      'server-timing': expect.stringMatching(/validate.*infer.*record/) as string,
      ratelimit: expect.stringContaining('r=') as string,
    });
  });

  it('is answered as /v1 answers the same, and recorded as it was seen', async () => {
    const answer = await ask(shockTable(shockRows(), 42));
    const record = await recordOf(answer);
    expect(record).toMatchObject({ model: MODEL, version: '1.0.0', subject: '42' });
    expect(record.inputs[0]?.observations).toHaveLength(180);
    const { body } = await server.post(
      `/v1/models/${MODEL}/predictions`,
      { input: record.inputs[0] },
      user.accessToken,
    );
    const { probabilities } = body.results[0];
    expect(answer.body.inferences).toEqual({
      Arresto_Cardiaco: probabilities.arresto_cardiaco,
      Bajo_Gasto_Cardiaco: probabilities.bajo_gasto_cardiaco,
      Sano: probabilities.sano,
      Shock_Cardiogenico: probabilities.shock_cardiogenico,
    });
  });

  it('is answered from the last 20 samples of the nine signals alone, of 2,000 rows of 366 KB', async () => {
    const rows = shockRows(143, [...SHOCK_SIGNALS, ...OTHER_SIGNALS]);
    const earlier = { ...shockRows(1)[1]!, fecRegistro: shockTime(-900), valor: 999_999 };
    const sent = JSON.stringify({
      ...shockTable([earlier, ...rows]),
      sede: Object.fromEntries(
        rows.map((_, index) => [index, 'Sede principal de la clínica, piso 4, UCI adultos, cama']),
      ),
      servicio: Object.fromEntries(rows.map((_, index) => [index, 'Unidad de cuidados intensivos cardiovasculares'])),
    });
    expect(Buffer.byteLength(sent)).toBeGreaterThan(366_000);
    const answer = await send(sent);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body).toEqual((await ask(shockTable(shockRows()))).body);
    expect((await recordOf(answer)).inputs[0]?.observations).toHaveLength(180);
  });

  it('is answered the same whatever the order of the rows, and of the columns', async () => {
    const { body } = await ask(shockTable(shockRows()));
    expect((await ask(shockTable(shockRows().reverse()))).body).toEqual(body);
    const { idAtencion, idSigno, nomSigno, valor, fecRegistro } = shockTable(shockRows());
    const backwards = Object.fromEntries(
      Object.entries(valor)
        .map(([key, value]) => [`row ${key}`, value])
        .reverse(),
    );
    const renamed = (column: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(column).map(([key, value]) => [`row ${key}`, value]));
    const table = {
      valor: backwards,
      fecRegistro: renamed(fecRegistro),
      nomSigno: renamed(nomSigno),
      idSigno: renamed(idSigno),
    };
    expect((await ask({ ...table, idAtencion })).body).toEqual(body);
  });

  it('has the mean of several values at one time', async () => {
    const twice = shockRows().flatMap((row) => [
      { ...row, valor: (row.valor as number) * 0.5 },
      { ...row, valor: (row.valor as number) * 1.5 },
    ]);
    const inRange = twice.filter(({ idSigno }) => idSigno === 147842);
    const others = shockRows().filter(({ idSigno }) => idSigno !== 147842);
    const { body } = await ask(shockTable([...inRange, ...others]));
    const { body: plain } = await ask(shockTable(shockRows()));
    expect(body.inferences.Sano).toBeCloseTo(plain.inferences.Sano, 5);
  });

  it('may have values that are missing, which the last one stands for', async () => {
    const rows = shockRows().map((row, index) => (index % 9 === 7 && index > 130 ? { ...row, valor: null } : row));
    expect((await ask(shockTable(rows))).status).toBe(200);
  });

  it('is answered the same where pandas writes the table as it does by default: NaN, texts and milliseconds', async () => {
    const rows = shockRows().map((row, index) => (index === 140 ? { ...row, valor: null } : row));
    const { body } = await ask(shockTable(rows));
    const sent = JSON.stringify(
      shockTable(
        rows.map((row, index) => ({
          ...row,
          valor: row.valor === null ? 'PLACE' : index % 2 === 0 ? ` ${String(row.valor)}` : row.valor,
          fecRegistro: Date.parse(`${String(row.fecRegistro).replace(' ', 'T')}Z`),
        })),
      ),
    );
    for (const word of ['NaN', 'Infinity', '-Infinity', '"nan"']) {
      const answer = await send(sent.replace('"PLACE"', word));
      expect([answer.status, answer.body], word).toEqual([200, body]);
    }
  });

  it('may have units, if they are the manifest’s', async () => {
    const withUnits = (other?: string): ShockTableBody =>
      shockTable(
        shockRows().map((row, index) => ({ ...row, unidad: (index === 7 && other) || SHOCK_SIGNALS[index % 9]![3] })),
      );
    expect((await ask(withUnits())).status).toBe(200);
    expect((await ask(withUnits('Cel'))).status).toBe(200);
    expect(await faultsOf(withUnits('°F'))).toEqual(['body/unidad/7: Value error, must be °C or Cel, or left out']);
  });

  it('is sent as JSON that says no type, as Python does', async () => {
    const payload = Buffer.from(JSON.stringify(shockTable(shockRows())));
    const { status } = await server.request({ method: 'POST', url: URL, payload, token: user.accessToken });
    expect(status).toBe(200);
  });
});

describe('several patients', () => {
  const sick = shockRows().map((row) => (row.idSigno === 150456 ? { ...row, valor: 70 } : row));
  const mixed = [
    ...sick.map((row) => ({ ...row, idAtencion: 31 })),
    ...shockRows().map((row) => ({ ...row, idAtencion: 7 })),
  ];

  it('are answered as a list in the order in which they appear, as each alone, in one prediction', async () => {
    const answer = await ask(shockTable(mixed));
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body.map(({ idAtencion }: { idAtencion: number }) => idAtencion)).toEqual([31, 7]);
    const alone = [(await ask(shockTable(sick, 31))).body, (await ask(shockTable(shockRows(), 7))).body];
    answer.body.forEach(({ State, inferences }: Answer['body'], index: number) => {
      expect(State).toBe(alone[index].State);
      expect(inferences.Sano).toBeCloseTo(alone[index].inferences.Sano, 6);
    });
    expect(alone[0].inferences.Sano).not.toBeCloseTo(alone[1].inferences.Sano, 2);
    expect((await recordOf(answer)).subjects).toEqual(['31', '7']);
  });

  it('are answered as a list also where they are one', async () => {
    const { body } = await ask(shockTable(shockRows().map((row) => ({ ...row, idAtencion: 7 }))));
    expect(body).toEqual([{ idAtencion: 7, inferences: INFERENCES, State: 'Sano' }]);
  });

  it('are refused at the place of each that is at fault, without a value of theirs', async () => {
    const rows = mixed.map((row, index) => (index === 181 ? { ...row, valor: 987 } : row)).slice(9);
    expect(await faultsOf(shockTable(rows))).toEqual([
      'body/idAtencion/0: Value error, has 19 timesteps, the model needs 20',
      'body/valor/172: Input should be less than or equal to 350',
    ]);
  });

  it('are no more than the plan admits', async () => {
    const rows = Array.from({ length: 6 }, (_, idAtencion) =>
      shockRows().map((row) => ({ ...row, idAtencion })),
    ).flat();
    expect(await faultsOf(shockTable(rows))).toEqual(['body: Value error, must have at most 5 rows']);
    const row = shockRows(1)[0]!;
    const many = Array.from({ length: 20_000 }, (_, idAtencion) => ({ ...row, idAtencion }));
    expect(await faultsOf(shockTable(many))).toEqual(['body: Value error, must have at most 1000 rows']);
  });
});

describe('what cannot be predicted from', () => {
  it.each<[string, () => unknown, string[]]>([
    [
      'fewer than 20 samples',
      () => shockTable(shockRows(19)),
      ['body: Value error, has 19 timesteps, the model needs 20'],
    ],
    ['one sample', () => shockTable(shockRows(1)), ['body: Value error, has 1 timestep, the model needs 20']],
    [
      'no rows',
      () => ({ idAtencion: 1, idSigno: {}, nomSigno: {}, valor: {}, fecRegistro: {} }),
      ['body: Value error, must have at least 1 observation'],
    ],
    [
      'a signal that is not there',
      () => shockTable(shockRows(20, SHOCK_SIGNALS.slice(1))),
      ['body: Value error, `Perfusion index` has no value in this window (0 of 20 samples)'],
    ],
    ['a text for a number', () => changed(100, { valor: 'high' }), ['body/valor/100: Input should be a valid number']],
    ['true for a number', () => changed(100, { valor: true }), ['body/valor/100: Input should be a valid number']],
    [
      'a value out of range',
      () => changed(1, { valor: 351 }),
      ['body/valor/1: Input should be less than or equal to 350'],
    ],
    [
      'a value below its range',
      () => changed(1, { valor: -1 }),
      ['body/valor/1: Input should be greater than or equal to 0'],
    ],
    [
      'a time that is none',
      () => changed(3, { fecRegistro: '31/01/2026' }),
      ['body/fecRegistro/3: Value error, must be a time such as 2026-01-31 10:00:00'],
    ],
    [
      'a list of values',
      () => ({ ...shockTable(shockRows()), valor: [1] }),
      ['body/valor: Input should be a valid dictionary'],
    ],
    ['no patient', () => ({ ...shockTable(shockRows()), idAtencion: undefined }), ['body/idAtencion: Field required']],
    ['a list', () => [], ['body: Input should be a valid dictionary']],
    [
      'a name with a NUL',
      () => changed(100, { idSigno: 'a\0', nomSigno: 'MDC_TEMP', valor: 'x\0' }),
      ['body/valor/100: Input should be a valid number'],
    ],
  ])('is %s', async (_, table, faults) => {
    expect(await faultsOf(table())).toEqual(faults);
  });

  it('is cells that a column lacks, each by its place', async () => {
    const table = shockTable(shockRows());
    delete table.valor['17'];
    delete table.fecRegistro['170'];
    expect(await faultsOf(table)).toEqual(['body/valor/17: Field required', 'body/fecRegistro/170: Field required']);
  });

  it('is a number past all bounds, where it counts', async () => {
    const sent = JSON.stringify(changed(100, { valor: 'PLACE' })).replace('"PLACE"', '1e999');
    expect((await send(sent)).body.detail).toEqual([
      { type: 'finite_number', loc: ['body', 'valor', '100'], msg: 'Input should be a finite number' },
    ]);
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['a prototype', '{"idAtencion":1,"valor":{"__proto__":{"0":1}}}', {}, 422],
    ['a constructor', '{"idAtencion":1,"valor":{"constructor":{"prototype":{}}}}', {}, 422],
    [
      'a deep value',
      JSON.stringify(changed(100, { valor: 'PLACE' })).replace(
        '"PLACE"',
        `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
      ),
      {},
      422,
    ],
    ['half a body', '{"idAtencion":1', {}, 422],
    ['no body', '', {}, 422],
    ['null', 'null', {}, 422],
    ['brackets without end', '['.repeat(100_000), {}, 422],
    ['a million brackets', `{"idAtencion":1,"valor":${'['.repeat(500_000)}${']'.repeat(500_000)}}`, {}, 422],
    [
      '100,000 rows of nothing',
      `{"idAtencion":1,"valor":{${Array.from({ length: 100_000 }, (_, i) => `"${i}":0`).join()}}}`,
      {},
      422,
    ],
    ['more than 2 MB', `{"idAtencion":1,"x":"${'x'.repeat(2 * 2 ** 20)}"}`, {}, 413],
    ['another type', 'idAtencion=1', { 'content-type': 'text/csv' }, 415],
  ])('is %s, in FastAPI’s shape', async (_, payload, headers, status) => {
    const answer = await send(payload, headers);
    expect(answer.status, JSON.stringify(answer.body).slice(0, 300)).toBe(status);
    expect(Object.keys(answer.body)).toEqual(['detail']);
  });

  it('is recorded nowhere', async () => {
    const other = await server.register('faulty');
    await ask(shockTable(shockRows(19)), other);
    expect((await server.get('/v1/predictions', other.accessToken)).body.data).toEqual([]);
  });

  it('counts, and more than the plan admits is refused until there is room', async () => {
    const { body: plan } = await put('/v1/plans/PREMIUM', { requestsPerMinute: 2 });
    expect(plan.requestsPerMinute).toBe(2);
    const limited = await server.register('limited');
    await put(`/v1/users/${limited.userId}/subscription`, { plan: 'PREMIUM' });
    expect((await ask({}, limited)).status).toBe(422);
    expect((await ask(shockTable(shockRows()), limited)).status).toBe(200);
    const refused = await ask(shockTable(shockRows()), limited);
    expect([refused.status, refused.body]).toEqual([429, { detail: expect.any(String) as string }]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // What costs nothing goes on.
    expect((await server.get('/legacy/shock', limited.accessToken)).status).toBe(200);
  });
});

it('is answered with an API key in place of a token', async () => {
  const { body } = await server.post('/v1/me/api-keys', { name: 'monitor' }, user.accessToken);
  expect((await server.post(URL, shockTable(shockRows()), body.key as string)).status).toBe(200);
});

it('keeps patients out of app.log and of the answers of refusals', async () => {
  const secret = 'Paciente-Secreto';
  const { body } = await ask({ ...changed(100, { valor: secret, nomSigno: secret }), nombre: secret });
  expect(JSON.stringify(body)).not.toContain(secret);
  await expect
    .poll(() => readFileSync(join(server.dataFolder, 'legacy/shock/app.log'), 'utf8'))
    .toContain("'/predict'");
  expect(readFileSync(join(server.dataFolder, 'legacy/shock/app.log'), 'utf8')).not.toContain(secret);
});
