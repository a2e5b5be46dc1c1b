/**
 * A model that lives in MLServer. Half a gigabyte of Python packages are fetched for it, so that it runs where it is asked for:
 * `LATIDO_TEST_MLSERVER=1 npx vitest run test/e2e/mlserver.spec.ts`.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#platform';
import { pythonWith } from '../setup/python.js';
import { ADMIN_PASSWORD, Server } from './server.js';

const wanted = process.env.LATIDO_TEST_MLSERVER === '1';
if (!wanted) console.warn('LATIDO_TEST_MLSERVER is not 1: the test with MLServer is skipped.');
const python = wanted ? await pythonWith(['mlserver==1.7.1', 'mlserver-sklearn==1.7.1'], 240_000) : undefined;
const COLUMNS = ['sepalLength', 'sepalWidth', 'petalLength', 'petalWidth'];
const CLASSES = ['setosa', 'versicolor', 'virginica'];

describe.skipIf(!python)('a model that lives in MLServer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latido-mlserver-'));
  let mlserver: ChildProcess;
  let latido: Server;
  let token: string;
  let golden: { inputs: number[][]; outputs: number[][] };

  beforeAll(async () => {
    const ports = [await freePort(), await freePort(), await freePort()];
    const url = `http://127.0.0.1:${ports[0]}`;
    execFileSync(python!, [join(import.meta.dirname, 'iris_for_mlserver.py'), folder, ...ports.map(String)]);
    golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as typeof golden;
    mlserver = spawn(join(python!, '../mlserver'), ['start', folder], { stdio: 'ignore' });
    for (;;) {
      const ready = await fetch(`${url}/v2/models/iris/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) break;
      await sleep(200);
    }
    const version = join(folder, 'models/iris/1.0.0');
    mkdirSync(version, { recursive: true });
    cpSync(join(folder, 'golden.json'), join(version, 'golden.json'));
    writeFileSync(
      join(version, 'remote.json'),
      JSON.stringify({
        url,
        model: 'iris',
        version: '1.0.0',
        // MLServer knows of a scikit-learn model neither what it takes nor what it answers.
        inputs: [{ name: 'rows', datatype: 'FP64', shape: [-1, 4] }],
        outputs: [{ name: 'predict_proba', datatype: 'FP64', shape: [-1, 3] }],
      }),
    );
    const manifest = {
      schemaVersion: 1,
      name: 'iris',
      version: '1.0.0',
      title: 'Iris flowers',
      task: 'multiclass-classification',
      artifact: { file: 'remote.json', format: 'remote' },
      inputs: COLUMNS.map((name) => ({
        name,
        title: name,
        type: 'number',
        unit: 'cm',
        range: { minimum: 0, maximum: 10 },
      })),
      output: { classes: CLASSES.map((name) => ({ name, title: name })) },
    };
    writeFileSync(join(version, 'manifest.yaml'), stringify(manifest));
    latido = new Server({ ADMIN_PASSWORD, MODELS_DIR: join(folder, 'models'), REMOTE_ENGINE_HOSTS: url });
    await latido.start();
    token = await latido.admin();
  }, 180_000);
  afterAll(async () => {
    await latido?.remove();
    mlserver?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is verified with the golden rows of scikit-learn', async () => {
    const { body } = await latido.request('GET', '/v1/models/iris/versions/1.0.0', { token });
    expect(body, latido.output.slice(-2000)).toMatchObject({
      status: 'verified',
      verifications: [
        {
          engines: [{ name: 'remote', version: expect.stringMatching(/^mlserver 1\.7\.1, iris 1\.0\.0$/) as string }],
          comparisons: [
            { kind: 'golden', passed: true },
            { kind: 'alone', passed: true },
          ],
        },
      ],
    });
  });

  it('answers as scikit-learn does, in /v1 and in /v2', async () => {
    for (const [index, inputs] of golden.inputs.entries()) {
      if (index % 5) continue;
      const input = Object.fromEntries(COLUMNS.map((name, column) => [name, inputs[column]]));
      const { status, body } = await latido.request<{ results: { probabilities: Record<string, number> }[] }>(
        'POST',
        '/v1/models/iris/predictions',
        { token, body: { input } },
      );
      expect(status).toBe(201);
      CLASSES.forEach((name, column) =>
        expect(body.results[0]!.probabilities[name]).toBeCloseTo(golden.outputs[index]![column]!, 5),
      );
    }
    const tensor = { name: 'rows', datatype: 'FP64', shape: [1, 4], data: golden.inputs[0] };
    const { body } = await latido.request('POST', '/v2/models/iris/infer', { token, body: { inputs: [tensor] } });
    expect(body).toMatchObject({ outputs: [{ name: 'probabilities' }, { name: 'label', data: ['setosa'] }] });
  });
});
