/** The Open Inference Protocol over HTTP, on the shipped models and a real Postgres: asked, answered, recorded, refused. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTensorMessage, writeTensorMessage, type Datatype, type Tensor, type WrittenTensor } from '#inference';
import type { PredictionAnswer } from '#predictions';
import { ownDatabase } from '../../../../test/setup/database.js';
import { PATIENT } from '../../../../test/setup/patient.js';
import {
  startPredictionServer,
  type PredictionServer,
  type TestUser,
} from '../../../../test/setup/prediction-server.js';

interface ModelMetadataAnswer {
  readonly inputs: readonly { readonly name: string; readonly datatype: Datatype; readonly shape: number[] }[];
  readonly raw_inputs: readonly { readonly name: string; readonly shape: number[] }[];
}

const NOTICE = 'Trained on synthetic data; not for clinical use';
const OTHER = { ...PATIENT, age: 25, cholesterol: 1.5 };
const PATIENTS = [PATIENT, OTHER];
const shock = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../../models/haemodynamic-shock/1.0.0/golden.json'), 'utf8'),
) as { inputs: number[][][]; outputs: number[][] };

const database = await ownDatabase();
let server: PredictionServer;
let user: TestUser;
let admin: TestUser;

beforeAll(async () => {
  server = await startPredictionServer(database);
  user = await server.user();
  admin = await server.user({ role: 'admin' });
}, 180_000);
afterAll(() => server.close());

/** One tensor for each input of the cardiac model. */
function tensorsOf(patients: readonly (typeof PATIENT)[], binary = false): WrittenTensor[] {
  return Object.keys(PATIENT).map((name) => ({
    name,
    datatype: 'FP64',
    shape: [patients.length, 1],
    values: patients.map((patient) => patient[name as keyof typeof PATIENT]),
    binary,
  }));
}

function infer(
  inputs: readonly WrittenTensor[],
  {
    model = 'cardiac-risk',
    by = user,
    headers = {},
    encode = (bytes: Buffer) => bytes,
    ...json
  }: Record<string, unknown> & {
    model?: string;
    by?: TestUser;
    headers?: Record<string, string>;
    encode?: (bytes: Buffer) => Buffer;
  } = {},
) {
  const { bytes, headerLength } = writeTensorMessage(json, 'inputs', inputs);
  return server.inject(by, {
    method: 'POST',
    url: `/v2/models/${model}/infer`,
    payload: encode(bytes),
    headers: {
      ...(headerLength === undefined ? {} : { 'inference-header-content-length': String(headerLength) }),
      ...headers,
    },
  });
}

type Response = Awaited<ReturnType<typeof infer>>;

function outputsOf({ statusCode, rawPayload, headers, body }: Response): Record<string, Tensor> {
  expect(statusCode, body).toBe(200);
  const length = headers['inference-header-content-length'] as string | undefined;
  const { tensors } = readTensorMessage(rawPayload, length, 'outputs');
  return Object.fromEntries(tensors.map((tensor) => [tensor.name, tensor]));
}

const idOf = (answer: Response): string =>
  answer.json<{ parameters: { prediction_id: string } }>().parameters.prediction_id;

async function rawInputOf(model: string): Promise<{ name: string; shape: number[] }> {
  const { raw_inputs } = (await get(`/v2/models/${model}`)).json<ModelMetadataAnswer>();
  return raw_inputs[0]!;
}

const get = (url: string, by = user) => server.inject(by, { method: 'GET', url });
const post = (url: string, payload?: string, by = admin) => server.inject(by, { method: 'POST', url, payload });

async function predicted(): Promise<PredictionAnswer> {
  return (await server.predict(user, { inputs: PATIENTS })).json<PredictionAnswer>();
}

describe('the server and its models', () => {
  it('tell of themselves', async () => {
    expect((await get('/v2')).json()).toEqual({
      name: 'latido',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      extensions: ['binary_tensor_data', 'model_repository', 'parameters', 'statistics'],
    });
    expect((await get('/v2/health/live')).json()).toEqual({ live: true });
    expect((await get('/v2/health/ready')).json()).toEqual({ live: true, ready: true });
    expect((await get('/v2/models/cardiac-risk/ready')).json()).toEqual({ name: 'cardiac-risk', ready: true });
    expect((await get('/v2/models/cardiac-risk/versions/1.0.0/ready')).json()).toMatchObject({ ready: true });
  });

  it('name the inputs of a row as tensors, and the engine’s own beside them', async () => {
    const metadata = (await get('/v2/models/cardiac-risk')).json<ModelMetadataAnswer>();
    expect(metadata).toEqual({
      name: 'cardiac-risk',
      versions: ['1.0.0'],
      platform: 'latido_keras',
      inputs: Object.keys(PATIENT).map((name) => ({
        name,
        datatype: ['age', 'overweight', 'smoker'].includes(name) ? 'INT64' : 'FP64',
        shape: [-1, 1],
      })),
      outputs: [
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 2], labels: ['no-risk', 'risk'] },
        { name: 'label', datatype: 'BYTES', shape: [-1, 1] },
      ],
      raw_inputs: [{ name: expect.any(String) as string, datatype: 'FP32', shape: [-1, 6] }],
    });
    expect((await get('/v2/models/cardiac-risk/versions/1.0.0')).json()).toEqual(metadata);
  });

  it('name the windows of a model of observations', async () => {
    const metadata = (await get('/v2/models/haemodynamic-shock')).json<ModelMetadataAnswer>();
    expect(metadata.inputs).toEqual([{ name: expect.any(String) as string, datatype: 'FP32', shape: [-1, 20, 9] }]);
    expect(metadata.raw_inputs).toEqual(metadata.inputs);
  });
});

describe('an inference from the inputs of a row', () => {
  it('answers what a prediction in JSON answers, as JSON', async () => {
    const answer = await infer(tensorsOf(PATIENTS), { id: 'my-42' });
    const { results } = await predicted();
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.json()).toMatchObject({ model_name: 'cardiac-risk', model_version: '1.0.0', id: 'my-42' });
    const { probabilities, label } = outputsOf(answer);
    expect(probabilities).toMatchObject({ datatype: 'FP32', shape: [2, 2] });
    expect(label).toEqual({
      name: 'label',
      datatype: 'BYTES',
      shape: [2, 1],
      values: results.map((result) => ('label' in result ? result.label : '')),
    });
    const expected = results.flatMap((result) =>
      'probabilities' in result ? Object.values(result.probabilities) : [],
    );
    expect([...(probabilities!.values as ArrayLike<number> & Iterable<number>)]).toEqual(expected.map(Math.fround));
  });

  it('answers as bytes where that is asked for, of all outputs or of one', async () => {
    const json = outputsOf(await infer(tensorsOf(PATIENTS)));
    const all = await infer(tensorsOf(PATIENTS, true), { parameters: { binary_data_output: true } });
    expect(all.headers['content-type']).toBe('application/octet-stream');
    const binary = outputsOf(all);
    expect(Array.from(binary.probabilities!.values)).toEqual(Array.from(json.probabilities!.values));
    expect(binary.label).toEqual(json.label);
    const one = await infer(tensorsOf(PATIENTS), {
      outputs: [{ name: 'label', parameters: { binary_data: true } }],
    });
    expect(outputsOf(one)).toEqual({ label: json.label });
    expect(outputsOf(await infer(tensorsOf(PATIENTS), { outputs: [] }))).toEqual(json);
    const overridden = await infer(tensorsOf(PATIENTS), {
      outputs: [{ name: 'label', parameters: { binary_data: false } }],
      parameters: { binary_data_output: true },
    });
    expect(overridden.headers['inference-header-content-length']).toBeUndefined();
  });

  it('takes every numeric datatype, [N] as well as [N, 1], and lists within lists', async () => {
    const expected = outputsOf(
      await infer(tensorsOf([{ ...PATIENT, cholesterol: 2, systolicPressure: 1, glucose: 1 }])),
    );
    for (const datatype of [
      'FP16',
      'FP32',
      'INT8',
      'INT16',
      'INT32',
      'INT64',
      'UINT8',
      'UINT16',
      'UINT32',
      'UINT64',
    ] as const) {
      for (const binary of [true, false]) {
        const inputs = tensorsOf([{ ...PATIENT, cholesterol: 2, systolicPressure: 1, glucose: 1 }], binary).map(
          (tensor) => ({ ...tensor, datatype, shape: [1] }),
        );
        inputs[5] = { ...inputs[5]!, datatype: 'BOOL' as never };
        expect(outputsOf(await infer(inputs)), datatype).toEqual(expected);
      }
    }
    const nested = tensorsOf(PATIENTS).map(({ name, datatype, shape, values }) => ({
      name,
      datatype,
      shape,
      data: Array.from(values, (value) => [value]),
    }));
    const answer = await post('/v2/models/cardiac-risk/infer', JSON.stringify({ inputs: nested }), user);
    expect(outputsOf(answer)).toEqual(outputsOf(await infer(tensorsOf(PATIENTS))));
  });

  it('bears the notice, the time of its parts and the rate limit in its headers', async () => {
    const { headers } = await infer(tensorsOf(PATIENTS));
    expect(headers).toMatchObject({ 'x-model-notice': NOTICE, 'ratelimit-policy': '"test";q=100000;w=60' });
    expect(headers['server-timing']).toMatch(/quota;dur=.*validate;dur=.*infer;dur=.*record;dur=/);
  });

  it('is recorded as a JSON client would have sent it, each row by its number, and replays to the bit', async () => {
    const subjects = { name: 'subject', datatype: 'BYTES', shape: [2], values: ['P-1', ''], binary: true } as const;
    const id = idOf(await infer([...tensorsOf(PATIENTS, true), subjects]));
    const detail = (await get(`/v1/predictions/${id}`)).json<{ inputs: object[]; subjects: unknown }>();
    expect(detail).toMatchObject({ model: 'cardiac-risk', inputs: PATIENTS, subjects: ['P-1', null] });
    expect((await get(`/v1/predictions/${id}/rows/1`)).json()).toMatchObject({ input: OTHER });
    expect((await server.replay(user, `${id}/replay`)).json()).toMatchObject({ identical: true, comparedRows: 2 });
    const found = await server.search(user, { subject: 'P-1' });
    expect(found.json<{ data: object[] }>().data).toMatchObject([{ id }]);
  });
});

describe('an inference from the engine’s own tensors', () => {
  it('goes past the pipeline, is recorded as it came, and replays to the bit', async () => {
    const { name } = await rawInputOf('haemodynamic-shock');
    const values = shock.inputs.slice(0, 3).flat(2);
    const answer = await infer([{ name, datatype: 'FP32', shape: [3, 20, 9], values, binary: true }], {
      model: 'haemodynamic-shock',
    });
    const { probabilities, label } = outputsOf(answer);
    shock.outputs
      .slice(0, 3)
      .flat()
      .forEach((score, index) => expect(probabilities!.values[index]).toBeCloseTo(score, 5));
    expect(label!.values).toHaveLength(3);
    const id = idOf(answer);
    const row = (await get(`/v1/predictions/${id}/rows/2`)).json<{ input: { tensors: object[] } }>();
    expect(row.input.tensors).toEqual([
      { name, shape: [20, 9], datatype: 'FP32', data: shock.inputs[2]!.flat().map(Math.fround) },
    ]);
    expect((await server.replay(user, `${id}/replay`)).json()).toMatchObject({ identical: true, comparedRows: 3 });
    expect((await server.replay(user, `${id}/rows/1/replay`)).json()).toMatchObject({ identical: true });
  });

  it('answers what the named inputs answer, where the pipeline leaves values as they are', async () => {
    const { name } = await rawInputOf('cardiac-risk');
    const values = PATIENTS.flatMap((patient) => Object.values(patient));
    const raw = outputsOf(await infer([{ name, datatype: 'FP64', shape: [2, 6], values, binary: false }]));
    expect(raw).toEqual(outputsOf(await infer(tensorsOf(PATIENTS))));
  });

  it('shares its runs with rows of other requests', async () => {
    const { name } = await rawInputOf('cardiac-risk');
    const one = { name, datatype: 'FP32', shape: [1, 6], values: Object.values(OTHER), binary: true } as const;
    const [alone, expected] = [await infer([one]), await infer(tensorsOf(PATIENTS))].map(outputsOf);
    const together = await Promise.all(
      Array.from({ length: 20 }, (_, index) => infer(index % 2 ? [one] : tensorsOf(PATIENTS))),
    );
    together.forEach((answer, index) => expect(outputsOf(answer)).toEqual(index % 2 ? alone : expected));
  });

  it('is no input of the routes of Latido’s own', async () => {
    const input = { tensors: [{ name: 'x', shape: [6], datatype: 'FP32', data: Object.values(PATIENT) }] };
    expect((await server.predict(user, { input })).statusCode).toBe(422);
  });
});

describe('bodies', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('are inflated from %s', async (encoding, encode) => {
    for (const binary of [true, false]) {
      const answer = await infer(tensorsOf(PATIENTS, binary), { encode, headers: { 'content-encoding': encoding } });
      expect(outputsOf(answer).label!.values).toHaveLength(2);
    }
  });

  it.each([
    ['gzip', 'gzip', gunzipSync],
    ['deflate', 'deflate', inflateSync],
    ['br;q=1.0, gzip;q=0.8, *;q=0.1', 'gzip', gunzipSync],
    ['gzip;q=0, deflate', 'deflate', inflateSync],
  ] as const)('are answered to clients that accept %s', async (accepted, encoding, decode) => {
    const answer = await infer(tensorsOf(PATIENTS), {
      parameters: { binary_data_output: true },
      headers: { 'accept-encoding': accepted },
    });
    expect(answer.headers['content-encoding']).toBe(encoding);
    const length = answer.headers['inference-header-content-length'] as string;
    expect(readTensorMessage(decode(answer.rawPayload), length, 'outputs').tensors).toHaveLength(2);
  });

  it('that inflate beyond what is read are refused', async () => {
    const bomb = await infer(tensorsOf(PATIENTS), {
      encode: () => gzipSync(Buffer.alloc(200_000_000)),
      headers: { 'content-encoding': 'gzip' },
    });
    expect([bomb.statusCode, bomb.json()]).toEqual([
      413,
      { error: 'This route reads bodies of at most 16777216 bytes when inflated.' },
    ]);
  });
});

describe('a request that is at fault is answered in the protocol’s own shape:', () => {
  async function refused(answer: Promise<Response>): Promise<[number, string]> {
    const { statusCode, body, headers } = await answer;
    expect(headers['content-type']).toContain('application/json');
    const parsed = JSON.parse(body) as { error: string };
    expect(Object.keys(parsed)).toEqual(['error']);
    return [statusCode, parsed.error];
  }
  const raw = (body: string, headers = {}) =>
    server.inject(user, { method: 'POST', url: '/v2/models/cardiac-risk/infer', payload: body, headers });
  const first = (change: Partial<WrittenTensor>): WrittenTensor[] => {
    const [head, ...rest] = tensorsOf(PATIENTS);
    return [{ ...head!, ...change }, ...rest];
  };

  it.each<[string, () => Promise<Response>, number, string]>([
    ['no body', () => raw(''), 400, 'JSON'],
    ['no JSON', () => raw('{"inputs": ['), 400, 'cannot be read as JSON'],
    ['no inputs', () => raw('{}'), 400, '"inputs" must be an array'],
    ['no tensors', () => infer([]), 400, 'at least one tensor'],
    [
      'only subjects',
      () => infer([{ name: 'subject', datatype: 'BYTES', shape: [1], values: ['a'], binary: false }]),
      400,
      'at least one tensor',
    ],
    [
      'a shape that disagrees with the data',
      () => infer(first({ shape: [3, 1] })),
      400,
      'other data than the 3 elements',
    ],
    [
      'a length of the JSON object past the body',
      () => raw('{}', { 'inference-header-content-length': '3' }),
      400,
      'within the body',
    ],
    ['rows of different number', () => infer(first({ shape: [1], values: [2] })), 400, 'as many rows as'],
    ['no rows', () => infer(tensorsOf([])), 400, 'at least 1 row'],
    ['too many rows', () => infer(tensorsOf(Array<typeof PATIENT>(1001).fill(PATIENT))), 400, 'at most 1000 rows'],
    ['a scalar', () => infer(first({ shape: [], values: [2] })), 400, 'rows as the first size'],
    ['two values a row', () => infer(first({ shape: [2, 2], values: [1, 2, 3, 4] })), 400, 'shape [2] or [2, 1]'],
    ['an input that there is not', () => infer(first({ name: 'secret' })), 400, 'inputs[0] is no input of the model'],
    [
      'an output that there is not',
      () => infer(tensorsOf(PATIENTS), { outputs: [{ name: 'secret' }] }),
      400,
      'outputs[0] is no output',
    ],
    ['an output without a name', () => infer(tensorsOf(PATIENTS), { outputs: [null] }), 400, 'with a name'],
    [
      'classification',
      () => infer(tensorsOf(PATIENTS), { outputs: [{ name: 'label', parameters: { classification: 1 } }] }),
      400,
      'not offered',
    ],
    [
      'a parameter that is no boolean',
      () => infer(tensorsOf(PATIENTS), { parameters: { binary_data_output: 1 } }),
      400,
      'true or false',
    ],
    ['an id that is no text', () => infer(tensorsOf(PATIENTS), { id: 42 }), 400, '"id" must be a string'],
    ['a missing input', () => infer(tensorsOf(PATIENTS).slice(1)), 422, '/rows/0/cholesterol is missing'],
    ['a value out of range', () => infer(first({ values: [2, 99] })), 422, '/rows/1/cholesterol must be at most 3'],
    [
      'text for a number',
      () => infer(first({ datatype: 'BYTES', values: ['2', '2'] })),
      422,
      '/rows/0/cholesterol must be a number',
    ],
    ['NaN for what must be there', () => infer(first({ values: [NaN, 2], binary: true })), 422, '/rows/0/cholesterol'],
    ['a model that there is not', () => infer(tensorsOf(PATIENTS), { model: 'secret' }), 404, 'no model "secret"'],
    [
      'a version that there is not',
      () => infer(tensorsOf(PATIENTS), { model: 'cardiac-risk/versions/9.9.9' }),
      404,
      'no version',
    ],
    ['a route that there is not', () => get('/v2/models/cardiac-risk/config'), 404, 'no such route'],
    ['an encoding that is not read', () => raw('{}', { 'content-encoding': 'br' }), 415, 'gzip or deflate'],
    ['no gzip', () => raw('{}', { 'content-encoding': 'gzip' }), 400, 'Content-Encoding'],
    [
      'loading with a configuration',
      () => post('/v2/repository/models/cardiac-risk/load', '{"parameters":{"config":"{}"}}'),
      400,
      '"version" only',
    ],
    ['a question for the index that is none', () => post('/v2/repository/index', '{"ready":1}'), 400, '"ready"'],
  ])('%s', async (_, ask, status, text) => {
    const [answered, error] = await refused(ask());
    expect([answered, error]).toEqual([status, expect.stringContaining(text)]);
  });

  it('inputs of the manifest mixed with those of the engine', async () => {
    const { name } = await rawInputOf('cardiac-risk');
    const mixed = [
      ...tensorsOf(PATIENTS),
      { name, datatype: 'FP32', shape: [2, 6], values: Array(12).fill(1), binary: false } as WrittenTensor,
    ];
    expect(await refused(infer(mixed))).toEqual([400, expect.stringContaining('mixes')]);
  });

  it('tensors of the engine of another shape, and such as are no numbers', async () => {
    const { name } = await rawInputOf('cardiac-risk');
    const tensor = { name, datatype: 'FP32', shape: [2, 5], values: Array(10).fill(1), binary: false } as WrittenTensor;
    expect(await refused(infer([tensor]))).toEqual([400, expect.stringContaining('must have the shape [2, 6]')]);
    const nan = { ...tensor, shape: [1, 6], values: [1, 2, NaN, 4, 5, 6], binary: true };
    expect(await refused(infer([nan]))).toEqual([422, expect.stringContaining('NaN')]);
    const texts = { ...tensor, datatype: 'BYTES', shape: [1, 6], values: Array(6).fill('1') } as WrittenTensor;
    expect(await refused(infer([texts]))).toEqual([400, expect.stringContaining('must be numbers')]);
  });

  it('what would be beyond the plan', async () => {
    const small = await server.user({ plan: 'SMALL' });
    expect(await refused(infer(tensorsOf(Array<typeof PATIENT>(3).fill(PATIENT)), { by: small }))).toEqual([
      400,
      expect.stringContaining('at most 2 rows'),
    ]);
    for (let asked = 0; asked < 2; asked += 1) outputsOf(await infer(tensorsOf(PATIENTS), { by: small }));
    const [status, error] = await refused(infer(tensorsOf(PATIENTS), { by: small }));
    expect([status, error]).toEqual([429, expect.any(String)]);
  });

  it('and leaves no record', async () => {
    const somebody = await server.user();
    await infer(first({ values: [2, 99] }), { by: somebody });
    expect((await get('/v1/predictions', somebody)).json()).toMatchObject({ data: [] });
  });
});

describe('the repository', () => {
  it('lists versions, to everyone those that may be used', async () => {
    const entries = (await post('/v2/repository/index', undefined, user)).json<object[]>();
    for (const name of ['cardiac-risk', 'haemodynamic-shock'])
      expect(entries).toContainEqual({ name, version: '1.0.0', state: 'READY', reason: 'active' });
    expect((await post('/v2/repository/index', '{"ready": true}', user)).json()).toEqual(entries);
  });

  it('frees a model’s memory, and loads it again by hand or when it is asked for, active all the while', async () => {
    const unload = '/v2/repository/models/haemodynamic-shock/unload';
    const ready = async () => (await get('/v2/models/haemodynamic-shock/ready')).statusCode;
    expect((await post(unload, '{"parameters":{"unload_dependents":false}}')).statusCode).toBe(200);
    expect(await ready()).toBe(503);
    const inMemory = (await post('/v2/repository/index', '{"ready": true}')).json<{ name: string }[]>();
    expect(inMemory.map(({ name }) => name)).toContain('cardiac-risk');
    expect(inMemory.map(({ name }) => name)).not.toContain('haemodynamic-shock');
    expect((await post('/v2/repository/models/haemodynamic-shock/load')).statusCode).toBe(200);
    expect(await ready()).toBe(200);
    await post(unload);
    const { name } = await rawInputOf('haemodynamic-shock');
    const values = shock.inputs[0]!.flat();
    outputsOf(
      await infer([{ name, datatype: 'FP32', shape: [1, 20, 9], values, binary: true }], {
        model: 'haemodynamic-shock',
      }),
    );
    expect(await ready()).toBe(200);
    const load = '/v2/repository/models/haemodynamic-shock/load';
    expect((await post(load, '{"parameters":{"version":"1.0.0"}}')).statusCode).toBe(200);
    expect((await post(load, '{"parameters":{"version":"2.0.0"}}')).statusCode).toBe(404);
    expect((await get('/v1/models/haemodynamic-shock')).json()).toMatchObject({ activeVersion: '1.0.0' });
  });

  it('counts what was computed', async () => {
    type Stats = {
      model_stats: { inference_count: number; inference_stats: Record<string, { count: number; ns: number }> }[];
    };
    const stats = async (url: string) => (await get(url)).json<Stats>().model_stats;
    const [before] = await stats('/v2/models/cardiac-risk/stats');
    await infer(tensorsOf(PATIENTS));
    await server.predict(user, { input: PATIENT });
    const [after] = await stats('/v2/models/cardiac-risk/versions/1.0.0/stats');
    expect(after!.inference_count - before!.inference_count).toBe(3);
    expect(after!.inference_stats.success!.count - before!.inference_stats.success!.count).toBe(2);
    expect(after!.inference_stats.compute_infer!.ns).toBeGreaterThan(before!.inference_stats.compute_infer!.ns);
    const all = await stats('/v2/models/stats');
    expect(all).toContainEqual(after);
    expect(all.length).toBeGreaterThan(1);
  });
});
