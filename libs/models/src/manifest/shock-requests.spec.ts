/** The shipped shock model from the raw request on: what the training kit computed in Python is what is served here. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FaultList, InferenceEngines, ModelArtifact, Scorer, type PipelineRow, type InputRow } from '#inference';
import { compileRowReader } from './row-validator.js';
import { readManifest } from './version-documents.js';

interface GoldenRequest {
  readonly name: string;
  readonly input: InputRow;
  /** `[samples, columns]` behind the pipeline, as Python made it. */
  readonly tensor: readonly number[][];
  /** Keras' own. */
  readonly scores: readonly number[];
}

const root = resolve(import.meta.dirname, '../../../..');
const folder = join(root, 'models/haemodynamic-shock/1.0.0');
const manifest = readManifest(readFileSync(join(folder, 'manifest.yaml'), 'utf8'));
const { cases, columns } = JSON.parse(readFileSync(join(root, 'test/golden/shock/observations.json'), 'utf8')) as {
  cases: readonly GoldenRequest[];
  columns: readonly string[];
};

function expectClose(answers: Float32Array | undefined, expected: readonly number[]): void {
  expect(answers).toHaveLength(expected.length);
  for (const [index, wanted] of expected.entries())
    expect(Math.abs((answers?.[index] ?? NaN) - wanted), `value ${index}`).toBeLessThanOrEqual(
      1e-5 + 1e-5 * Math.abs(wanted),
    );
}

describe.each(['onnx', 'tfjs'] as const)('the shock model on %s', (name) => {
  it('answers the requests that Python answered, by the same tensors', async () => {
    const artifact = new ModelArtifact(readFileSync(join(folder, manifest.artifact.file)), manifest.artifact.format);
    const scorer = new Scorer(manifest, await new InferenceEngines('auto', () => undefined).load(artifact, name));
    const read = compileRowReader(manifest, scorer.features);
    expect(scorer.features.inputs).toEqual([{ shape: [20, columns.length], columns }]);
    try {
      const rows = cases.map(({ input, name: title }): PipelineRow => {
        const faults = new FaultList();
        const row = read(input, '', faults);
        expect(faults.list, title).toEqual([]);
        return row as PipelineRow;
      });
      expectClose(
        scorer.features.build(rows).tensors[0]?.values,
        cases.flatMap(({ tensor }) => tensor.flat()),
      );
      expectClose(
        (await scorer.score(rows)).values,
        cases.flatMap(({ scores }) => scores),
      );
    } finally {
      await scorer.model.dispose();
    }
  });
});
