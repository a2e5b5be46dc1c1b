import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ModelArtifact } from './engines/model-artifact.js';
import { InferenceEngines } from './inference-engines.js';
import type { InputRow, ModelManifest } from './manifest.js';
import { Scorer } from './scorer.js';

const folder = join(import.meta.dirname, '../../../models/cardiac-risk/1.0.0');
const manifest = parse(readFileSync(join(folder, 'manifest.yaml'), 'utf8')) as ModelManifest;
const example: InputRow = Object.fromEntries(manifest.inputs.map(({ name, example: value }) => [name, value ?? 0]));

describe('scoring the cardiac model', () => {
  let scorer: Scorer;

  beforeAll(async () => {
    const engines = new InferenceEngines('onnx', () => undefined);
    scorer = new Scorer(
      manifest,
      await engines.load(new ModelArtifact(readFileSync(join(folder, 'model.keras')), 'keras'), 'onnx'),
    );
  });

  afterAll(() => scorer.model.dispose());

  it('answers a row by name, whatever the order of its values', async () => {
    const { values, width } = await scorer.score([example]);
    expect(width).toBe(1);
    const result = scorer.decode(values);
    expect(result).toMatchObject({ label: expect.stringMatching(/^(no-)?risk$/) });
    const reversed = Object.fromEntries(Object.entries(example).reverse());
    expect((await scorer.score([reversed])).values).toEqual(values);
  });

  it('answers every row of a batch as it answers the row alone', async () => {
    const rows = Array.from({ length: 33 }, (_, index) => ({ ...example, age: index * 3 }));
    const together = (await scorer.score(rows)).values;
    for (const [index, row] of rows.entries())
      expect((await scorer.score([row])).values[0]).toBeCloseTo(together[index] ?? NaN, 6);
  });

  it('answers nothing for no rows, and refuses a row with a missing value', async () => {
    await expect(scorer.score([])).resolves.toEqual({ values: new Float32Array(0), width: 1 });
    const incomplete = Object.fromEntries(Object.entries(example).filter(([name]) => name !== 'age'));
    await expect(scorer.score([incomplete])).rejects.toMatchObject({ name: 'INPUT_NOT_FINITE' });
  });
});
