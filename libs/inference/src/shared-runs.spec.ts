import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { ModelArtifact } from './engines/model-artifact.js';
import { InferenceEngines } from './inference-engines.js';
import type { InputRow, ModelManifest } from './manifest.js';
import { Scorer, type Scores } from './scorer.js';
import { SharedRuns } from './shared-runs.js';

const folder = join(import.meta.dirname, '../../../models/cardiac-risk/1.0.0');
const manifest = parse(readFileSync(join(folder, 'manifest.yaml'), 'utf8')) as ModelManifest;
const example: InputRow = Object.fromEntries(manifest.inputs.map(({ name, example: value }) => [name, value ?? 0]));

let scorer: Scorer;
beforeAll(async () => {
  const artifact = new ModelArtifact(readFileSync(join(folder, 'model.keras')), 'keras');
  scorer = new Scorer(manifest, await new InferenceEngines('onnx', () => undefined).load(artifact, 'onnx'));
});
afterAll(() => scorer.model.dispose());

const patient = (age: number): InputRow => ({ ...example, age });
/** Cannot be computed; validation would have refused it. */
const ageless: InputRow = Object.fromEntries(Object.entries(example).filter(([name]) => name !== 'age'));

/** What two answers share if they are the same to the last bit, or refuse for the same reason. */
async function outcome(answer: Promise<Scores>): Promise<unknown> {
  try {
    const { values, width } = await answer;
    return { bits: [...new Uint32Array(values.slice().buffer)], width };
  } catch (error) {
    return String(error);
  }
}

const row = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: 0, max: 120, noNaN: true }).map(patient) },
  { weight: 1, arbitrary: fc.constant(ageless) },
);
const request = fc.record({ rows: fc.array(row, { maxLength: 6 }), turnBefore: fc.boolean() });

it('answers each request as if it ran alone, to the bit, whatever others ask and whichever fail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 24 }), fc.integer({ min: 1, max: 32 }), async (sent, mostRows) => {
      const runs = new SharedRuns(scorer, mostRows);
      const answers: Promise<unknown>[] = [];
      for (const { rows, turnBefore } of sent) {
        if (turnBefore) await nextTurn();
        answers.push(outcome(runs.score(rows)));
      }
      const alone = await Promise.all(sent.map(({ rows }) => outcome(scorer.score(rows))));
      expect(await Promise.all(answers)).toEqual(alone);
    }),
    { numRuns: 200 },
  );
});

it('runs the rows of one turn of the event loop at once, and more of them in as few runs as the bound allows', async () => {
  const score = vi.spyOn(scorer, 'score');
  const runs = new SharedRuns(scorer, 8);
  await Promise.all(Array.from({ length: 20 }, (_, index) => runs.score([patient(index)])));
  expect(score.mock.calls.map(([rows]) => rows.length)).toEqual([8, 8, 4]);
  score.mockClear();
  await Promise.all([runs.score([patient(1)]), runs.score(Array.from({ length: 9 }, (_, age) => patient(age)))]);
  expect(score.mock.calls.map(([rows]) => rows.length).sort()).toEqual([1, 9]);
  score.mockRestore();
});

it('does not let one request that fails cost the others a run each', async () => {
  const score = vi.spyOn(scorer, 'score');
  const runs = new SharedRuns(scorer);
  const answers = await Promise.allSettled(
    Array.from({ length: 64 }, (_, index) => runs.score([index === 40 ? ageless : patient(index)])),
  );
  expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(answers[40]).toMatchObject({ reason: { name: 'INPUT_NOT_FINITE' } });
  expect(score.mock.calls.length).toBeLessThanOrEqual(1 + 2 * 6);
  score.mockRestore();
});

it('shares no run that would be long: of a slow model each request runs by itself', async () => {
  const score = vi.fn((rows: readonly object[]) =>
    Promise.resolve({ values: new Float32Array(rows.length), width: 1 }),
  );
  const slow = { model: { cost: { fixedMs: 0.05, msPerValue: 0.01 } }, valuesPerRow: 10, score };
  const runs = new SharedRuns(slow); // two rows take 0.25 ms
  await Promise.all(Array.from({ length: 4 }, () => runs.score([example])));
  expect(score.mock.calls.map(([rows]) => rows.length)).toEqual([2, 2]);
  const slower = new SharedRuns({ ...slow, model: { cost: { fixedMs: Infinity, msPerValue: 0 } } });
  score.mockClear();
  await Promise.all([slower.score([example]), slower.score([example])]);
  expect(score.mock.calls.map(([rows]) => rows.length)).toEqual([1, 1]);
});
