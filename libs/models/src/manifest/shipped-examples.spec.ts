/** The examples of every version that ships, on the engines that serve: each is answered by the label that it bears. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  FaultList,
  InferenceEngines,
  ModelArtifact,
  Scorer,
  type InputRow,
  type Observation,
  type PipelineRow,
  type PredictionResult,
} from '#inference';
import { compileRowReader } from './row-validator.js';
import { readExamples, readManifest } from './version-documents.js';

const models = resolve(import.meta.dirname, '../../../../models');
const shipped = readdirSync(models).flatMap((name) =>
  readdirSync(join(models, name)).map((version) => join(name, version)),
);
const shock = join(models, 'haemodynamic-shock/1.0.0');
const MINUTE_MS = 60_000;

function documentsOf(folder: string) {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const manifest = readManifest(text('manifest.yaml'));
  return { manifest, examples: readExamples(text('examples.json'), manifest).examples };
}

/** Answers rows as a client sends them. */
async function answers(folder: string, rows: readonly InputRow[]): Promise<PredictionResult[]> {
  const { manifest } = documentsOf(folder);
  const artifact = new ModelArtifact(readFileSync(join(folder, manifest.artifact.file)), manifest.artifact.format);
  const scorer = new Scorer(manifest, await new InferenceEngines('auto', () => undefined).load(artifact, 'onnx'));
  const read = compileRowReader(manifest, scorer.features);
  try {
    const faults = new FaultList();
    const pipelineRows = rows.map((row, index) => read(row, `/${index}`, faults) as PipelineRow);
    expect(faults.list).toEqual([]);
    const { values, width } = await scorer.score(pipelineRows);
    return rows.map((_, index) => scorer.decode(values.subarray(index * width, (index + 1) * width)));
  } finally {
    await scorer.model.dispose();
  }
}

const labelsOf = (results: readonly PredictionResult[]): unknown[] =>
  results.map((result) => ('label' in result ? result.label : undefined));

const observationsOf = ({ input }: { readonly input: InputRow }): readonly Observation[] =>
  input.observations as readonly Observation[];

const timesOf = (observations: readonly Observation[]): string[] =>
  [...new Set(observations.map(({ time }) => time))].sort();

describe.each(shipped)('%s', (place) => {
  const folder = join(models, place);

  it('answers each of its examples by the label that it bears, and has one for each class', async () => {
    const { manifest, examples } = documentsOf(folder);
    const results = await answers(
      folder,
      examples.map(({ input }) => input),
    );
    expect(labelsOf(results)).toEqual(examples.map(({ label }) => label));
    expect(new Set(labelsOf(results))).toEqual(new Set(manifest.output.classes?.map(({ name }) => name)));
  });
});

describe('an example of the shock model', () => {
  const { examples } = documentsOf(shock);

  it.each(examples)(
    'is five hours of one patient, over which a window slides: $name',
    async ({ name, input, label }) => {
      const observations = observationsOf({ input });
      const times = timesOf(observations);
      expect(times.length).toBeGreaterThanOrEqual(58); // of 60, all of whose values a recording may lose
      const [first, last] = [times[0], times.at(-1)].map((time) => Date.parse(time!));
      expect((last! - first!) / MINUTE_MS).toBeCloseTo(59 * 5, 0);
      const windows = times
        .slice(19)
        .map((until) => ({ observations: observations.filter(({ time }) => time <= until) }));
      const labels = labelsOf(await answers(shock, windows));
      expect(labels.at(-1)).toBe(label);
      if (name === 'cardiogenic-shock') expect(labels[0]).toBe('sano');
    },
  );

  it('may lack some values, as recordings do', () => {
    const lost = examples.map((example) => {
      const observations = observationsOf(example);
      const cells = new Set(observations.map(({ signal, time }) => `${signal} ${time}`));
      return 9 * timesOf(observations).length - cells.size;
    });
    expect(Math.min(...lost)).toBe(0);
    expect(lost.filter((count) => count > 0 && count < 15).length).toBeGreaterThanOrEqual(2);
  });

  it('is small enough to be carried along', () => {
    expect(statSync(join(shock, 'examples.json')).size).toBeLessThan(200_000);
  });
});
