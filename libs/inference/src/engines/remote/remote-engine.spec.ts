/** The remote engine against a server that speaks the protocol over HTTP, well or badly. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '#platform';
import {
  HEADER_LENGTH,
  readTensorMessage,
  writeTensorMessage,
  type Tensor,
} from '../../open-inference/tensor-message.js';
import type { TensorBatch } from '../../tensor-batch.js';
import { ModelArtifact } from '../model-artifact.js';
import type { LoadedModel } from '../inference-engine.js';
import { RemoteEngine } from './remote-engine.js';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

const METADATA = {
  name: 'sums',
  versions: ['3'],
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 2] },
    { name: 'n', datatype: 'INT64', shape: [-1] },
  ],
  outputs: [
    { name: 'sum', datatype: 'FP64', shape: [-1, 1] },
    { name: 'label', datatype: 'BYTES', shape: [-1, 1] },
  ],
};

let http: Server;
let url: string;
let seen: { path: string; headers: IncomingMessage['headers']; tensors: readonly Tensor[]; json: object }[] = [];
let about: object;
let metadata: object;
let answerInference: Answer;

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

/** x₀ + x₁ + n of each row. */
const sums: Answer = ({ headers }, response, body) => {
  const { tensors } = readTensorMessage(body, headers[HEADER_LENGTH] as string | undefined, 'inputs');
  const [x, n] = tensors.map(({ values }) => values as ArrayLike<number>) as [ArrayLike<number>, ArrayLike<number>];
  const values = Array.from(n, (value, row) => x[2 * row]! + x[2 * row + 1]! + value);
  const binary = headers[HEADER_LENGTH] !== undefined;
  const sum = { name: 'sum', datatype: 'FP64', shape: [n.length, 1], values, binary } as const;
  const { bytes, headerLength } = writeTensorMessage({ model_name: 'sums', model_version: '3' }, 'outputs', [sum]);
  response.writeHead(200, headerLength === undefined ? {} : { [HEADER_LENGTH]: headerLength });
  response.end(bytes);
};

beforeAll(async () => {
  http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const path = request.url!;
      if (path === '/base/v2') return json(response, about);
      if (!path.endsWith('/infer')) return json(response, metadata);
      const message = readTensorMessage(body, request.headers[HEADER_LENGTH] as string | undefined, 'inputs');
      seen.push({ path, headers: request.headers, ...message });
      return answerInference(request, response, body);
    });
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/base`;
});
afterAll(() => {
  http.closeAllConnections();
  http.close();
});
beforeEach(() => {
  seen = [];
  about = { name: 'triton', version: '2.50.0', extensions: ['binary_tensor_data'] };
  metadata = METADATA;
  answerInference = sums;
});

const artifactOf = (fields: object): ModelArtifact =>
  new ModelArtifact(Buffer.from(JSON.stringify({ url, model: 'sums', ...fields })), 'remote');
const engine = (timeoutMs = 5_000, token?: string): RemoteEngine =>
  new RemoteEngine({ servers: [{ url, ...(token && { token }) }], timeoutMs });
const load = (fields: object = {}, on = engine()): Promise<LoadedModel> => on.load(artifactOf(fields));

function batchOf(rows: number): TensorBatch {
  const x = Float32Array.from({ length: 2 * rows }, (_, index) => index);
  return {
    rows,
    tensors: [
      { shape: [2], values: x },
      { shape: [1], values: new Float32Array(rows).fill(10) },
    ],
  };
}

async function refusalOf(running: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DomainError) return error;
  throw new Error('it was answered', { cause: error });
}

describe('a remote model', () => {
  it('is what the server says it is', async () => {
    const model = await load({ version: '3' });
    expect(model.engine).toEqual({ name: 'remote', version: 'triton 2.50.0, sums 3', processor: new URL(url).host });
    expect(model.inputs).toEqual([
      { name: 'x', shape: [2] },
      { name: 'n', shape: [1] },
    ]);
    expect(model.outputs).toEqual([{ name: 'sum', shape: [1] }]);
  });

  it('is asked in bytes, in the datatypes and shapes that it takes, with the token of its server', async () => {
    const model = await load({ version: '3' }, engine(5_000, 'secret-token'));
    expect(await model.run(batchOf(2))).toEqual([Float32Array.of(11, 15)]);
    const [{ path, headers, tensors, json: sent }] = seen as [(typeof seen)[0]];
    expect(path).toBe('/base/v2/models/sums/versions/3/infer');
    expect(headers).toMatchObject({ authorization: 'Bearer secret-token', 'content-type': 'application/octet-stream' });
    expect(tensors.map(({ name, datatype, shape }) => [name, datatype, shape])).toEqual([
      ['x', 'FP32', [2, 2]],
      ['n', 'INT64', [2]],
    ]);
    expect(sent).toMatchObject({ outputs: [{ name: 'sum', parameters: { binary_data: true } }] });
  });

  it('is asked in JSON where its server has no extension for bytes', async () => {
    about = { name: 'mlserver', version: '1.7.1', extensions: [] };
    const model = await load();
    expect(model.engine.version).toBe('mlserver 1.7.1, sums 3');
    expect(await model.run(batchOf(3))).toEqual([Float32Array.of(11, 15, 19)]);
    expect(seen[0]!.headers['content-type']).toBe('application/json');
  });

  it('is described by its file where the server does not', async () => {
    metadata = { name: 'sums', inputs: [], outputs: [] };
    expect((await refusalOf(load())).message).toContain('must list inputs');
    const { inputs, outputs } = METADATA;
    expect(await (await load({ inputs, outputs })).run(batchOf(1))).toEqual([Float32Array.of(11)]);
  });

  it('is asked for no more rows at once than its file says', async () => {
    const model = await load({ rowsPerRequest: 2 });
    expect(await model.run(batchOf(5))).toEqual([Float32Array.of(11, 15, 19, 23, 27)]);
    expect(seen.map(({ tensors }) => tensors[1]!.shape[0])).toEqual([2, 2, 1]);
  });
});

describe('a server that does not answer as it should is a 503, without a word of what was sent:', () => {
  it.each<[string, Answer, string]>([
    ['an error', (_, response) => json(response, { error: 'age 68 is too much' }, 400), 'answered 400'],
    ['a failure', (_, response) => json(response, 'oops', 500), 'answered 500'],
    [
      'a redirection',
      (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
      'answered 307',
    ],
    ['no JSON', (_, response) => json(response, '<html>'), 'cannot be read'],
    ['no outputs', (_, response) => json(response, {}), 'cannot be read'],
    ['another output', (_, response) => json(response, { outputs: [] }), 'cannot be read'],
    [
      'fewer rows',
      (_, response) => json(response, { outputs: [{ name: 'sum', datatype: 'FP32', shape: [1, 1], data: [1] }] }),
      'cannot be read',
    ],
    [
      'more values a row',
      (_, response) =>
        json(response, { outputs: [{ name: 'sum', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] }] }),
      'cannot be read',
    ],
    [
      'text',
      (_, response) =>
        json(response, { outputs: [{ name: 'sum', datatype: 'BYTES', shape: [2, 1], data: ['1', '2'] }] }),
      'cannot be read',
    ],
    [
      'another version than the one named',
      (_, response) =>
        json(response, {
          model_version: '4',
          outputs: [{ name: 'sum', datatype: 'FP32', shape: [2, 1], data: [1, 2] }],
        }),
      'as another version',
    ],
    ['too much', (_, response) => void response.end(Buffer.alloc(17 * 2 ** 20)), 'answered more than 16777216 bytes'],
    [
      'half of it',
      (_, response) =>
        void (response.writeHead(200, { 'content-length': 99 }), response.write('{'), response.destroy()),
      'cannot be reached',
    ],
    ['nothing', ({ socket }) => void socket.destroy(), 'cannot be reached'],
    ['not in time', () => undefined, 'did not answer within 0.3 s'],
    ['too slowly', (_, response) => void response.write('{'), 'did not answer within 0.3 s'],
  ])('%s', async (_, answer, expected) => {
    const model = await load({ version: '3' }, engine(expected.includes('within') ? 300 : 10_000));
    answerInference = answer;
    const { kind, message, extra } = await refusalOf(model.run(batchOf(2)));
    expect([kind.code, kind.status, extra.headers]).toEqual(['REMOTE_FAILED', 503, { 'retry-after': '2' }]);
    expect(message).toContain(expected);
    // The port is any number.
    expect(message.replace(/127\.0\.0\.1:\d+/, '')).not.toMatch(/68|oops|html/);
    answerInference = sums;
    expect(await model.run(batchOf(1)), 'the next call').toEqual([Float32Array.of(11)]);
  });

  it('many calls that wait', async () => {
    answerInference = () => undefined;
    const model = await load({}, engine(400));
    const calls = await Promise.all(Array.from({ length: 140 }, () => refusalOf(model.run(batchOf(1)))));
    const codes = calls.map(({ kind }) => kind.code);
    expect(codes.filter((code) => code === 'INFERENCE_BUSY')).toHaveLength(12);
    expect(codes.filter((code) => code === 'REMOTE_FAILED')).toHaveLength(128);
  });

  it('a version that changes while nobody has named one', async () => {
    const model = await load();
    await model.run(batchOf(1));
    answerInference = (_, response) =>
      json(response, { model_version: '4', outputs: [{ name: 'sum', datatype: 'FP32', shape: [1, 1], data: [1] }] });
    expect((await refusalOf(model.run(batchOf(1)))).message).toContain('as another version');
  });
});

describe('what is not finite is nobody’s answer', () => {
  it('and no question', async () => {
    const model = await load();
    answerInference = (_, response) =>
      json(response, { outputs: [{ name: 'sum', datatype: 'FP32', shape: [1, 1], data: [null] }] });
    expect((await refusalOf(model.run(batchOf(1)))).kind.code).toBe('OUTPUT_NOT_FINITE');
    const batch = batchOf(1);
    batch.tensors[0]!.values[0] = NaN;
    expect((await refusalOf(model.run(batch))).kind.code).toBe('INPUT_NOT_FINITE');
  });
});

describe('a file of a remote model', () => {
  it.each<[string, object]>([
    ['another host', { url: 'http://169.254.169.254/latest' }],
    ['another port', { url: 'http://127.0.0.1:1/base' }],
    ['a path beside the listed one', { url: 'http://127.0.0.1/bas' }],
    ['the host alone', { url: 'http://127.0.0.1' }],
  ])('that names %s opens no connection', async (_, fields) => {
    const { kind, message } = await refusalOf(load(fields));
    expect([kind.code, message]).toEqual(['ENGINE_UNAVAILABLE', expect.stringContaining('REMOTE_ENGINE_HOSTS')]);
  });

  it.each<[string, unknown]>([
    ['no object', []],
    ['no url', { model: 'm' }],
    ['a url with a password', { url: 'http://a:b@127.0.0.1', model: 'm' }],
    ['a url of another scheme', { url: 'file:///etc/passwd', model: 'm' }],
    ['a model that climbs', { url: 'http://127.0.0.1', model: '..' }],
    ['a model with a path', { url: 'http://127.0.0.1', model: 'a/../../admin' }],
    ['a version that is a number', { url: 'http://127.0.0.1', model: 'm', version: 3 }],
    ['a token', { url: 'http://127.0.0.1', model: 'm', token: 'secret' }],
    ['rows that are none', { url: 'http://127.0.0.1', model: 'm', rowsPerRequest: 0 }],
    ['inputs that are none', { url: 'http://127.0.0.1', model: 'm', inputs: [{ name: 'x' }] }],
  ])('that has %s is refused', async (_, content) => {
    const artifact = new ModelArtifact(Buffer.from(JSON.stringify(content)), 'remote');
    expect((await refusalOf(engine().load(artifact))).kind.code).toBe('MODEL_UNREADABLE');
  });

  it('whose server is away leaves the engine unavailable', async () => {
    const on = new RemoteEngine({ servers: [{ url: 'http://127.0.0.1:1' }], timeoutMs: 500 });
    const { kind, message } = await refusalOf(load({ url: 'http://127.0.0.1:1' }, on));
    expect([kind.code, message]).toEqual(['ENGINE_UNAVAILABLE', expect.stringContaining('cannot be reached')]);
  });

  it('of a model of texts does not fit', async () => {
    metadata = { ...METADATA, inputs: [{ name: 'x', datatype: 'BYTES', shape: [-1, 2] }] };
    expect((await refusalOf(load())).kind.code).toBe('MODEL_DOES_NOT_FIT');
  });

  it('of a model without rows does not fit', async () => {
    metadata = { ...METADATA, inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2] }] };
    expect((await refusalOf(load())).kind.code).toBe('MODEL_DOES_NOT_FIT');
  });
});
