/** Version folders for tests of the registry, made from the golden Keras files: a network of six inputs, trained on nothing. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { ModelManifest } from '#inference';

const goldenKeras = resolve(import.meta.dirname, '../golden/keras');

interface GoldenCase {
  readonly kerasVersion: string;
  readonly inputs: number[][];
  readonly outputs: number[][];
}

function caseOf(name: string): GoldenCase {
  return JSON.parse(readFileSync(join(goldenKeras, `${name}.json`), 'utf8')) as GoldenCase;
}

/** Six inputs, one probability. */
const NETWORK = 'mlp-6-14-7-1-k3_15-keras';

const TINY_INPUTS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A row of that network, and what Keras answers for it. */
export function tinyRow(): { row: Record<string, number>; probability: number } {
  const { inputs, outputs } = caseOf(NETWORK);
  return {
    row: Object.fromEntries(TINY_INPUTS.map((name, index) => [name, inputs[0]![index]!])),
    probability: outputs[0]![0]!,
  };
}

export function tinyManifest(name: string, version: string): ModelManifest {
  return {
    schemaVersion: 1,
    name,
    version,
    title: `Tiny ${name}`,
    task: 'binary-classification',
    artifact: { file: 'model.keras', format: 'keras' },
    inputs: TINY_INPUTS.map((input) => ({
      name: input,
      title: input.toUpperCase(),
      type: 'number',
      range: { minimum: -5, maximum: 5 },
    })),
    output: {
      classes: [
        { name: 'no', title: 'No' },
        { name: 'yes', title: 'Yes' },
      ],
    },
    metrics: [{ name: 'accuracy', value: 0.5, dataset: 'held-out' }],
  };
}

/** What a test may change about a version. */
export interface VersionChanges {
  readonly manifest?: Partial<ModelManifest>;
  /** Added to every golden answer. */
  readonly goldenOff?: number;
  readonly artifact?: Buffer;
  readonly card?: string;
  /** The entries of examples.json. */
  readonly examples?: readonly object[];
}

/** Writes `<models>/<name>/<version>/` and answers its path. */
export function writeVersion(models: string, name: string, version: string, changes: VersionChanges = {}): string {
  const folder = join(models, name, version);
  mkdirSync(folder, { recursive: true });
  const { kerasVersion, inputs, outputs } = caseOf(NETWORK);
  const golden = {
    schemaVersion: 1,
    answeredBy: `keras ${kerasVersion}`,
    columns: TINY_INPUTS,
    inputs,
    outputs: outputs.map((scores) => scores.map((score) => score + (changes.goldenOff ?? 0))),
  };
  writeFileSync(join(folder, 'manifest.yaml'), stringify({ ...tinyManifest(name, version), ...changes.manifest }));
  writeFileSync(join(folder, 'model.keras'), changes.artifact ?? readFileSync(join(goldenKeras, `${NETWORK}.keras`)));
  writeFileSync(join(folder, 'golden.json'), JSON.stringify(golden));
  if (changes.card !== undefined) writeFileSync(join(folder, 'card.md'), changes.card);
  if (changes.examples) writeExamples(folder, changes.examples);
  return folder;
}

/** Writes examples.json into a version's folder. */
export function writeExamples(folder: string, examples: readonly object[]): void {
  writeFileSync(join(folder, 'examples.json'), JSON.stringify({ schemaVersion: 1, examples }));
}
