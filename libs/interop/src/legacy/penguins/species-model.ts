/** Which models the older service can ask: what they take of a penguin, and which of the species they answer. */
import type { ManifestInput, ModelManifest } from '#inference';
import { MEASUREMENTS, type MeasurementName, type Measurements } from './measurements.js';

export interface Species {
  readonly id: number;
  readonly name: string;
}

/** By the service's own numbers. */
export const SPECIES: readonly Species[] = [
  { id: 1, name: 'Adelie' },
  { id: 2, name: 'Chinstrap' },
  { id: 3, name: 'Gentoo' },
];

/** What the codes of the service stand for, first as the public data set spells it. */
const MEANINGS: Partial<Record<MeasurementName, Readonly<Record<number, readonly string[]>>>> = {
  island: { 1: ['Torgersen'], 2: ['Biscoe'], 3: ['Dream'] },
  sex: { 0: ['female', 'f'], 1: ['male', 'm'] },
};

/** A model that the service can ask. */
export interface SpeciesModel {
  /** The row as the manifest names its inputs, of those that it takes. */
  rowOf(measurements: Measurements): Record<string, number | string>;
  speciesOf(label: string): Species;
}

/** Undefined, with the reason, for a model that takes what the service does not have, or answers something else. */
export type SpeciesModelRead = { readonly model: SpeciesModel } | { readonly model?: undefined; readonly why: string };

export function readSpeciesModel({ inputs, observations, output }: ModelManifest): SpeciesModelRead {
  if (observations) return { why: 'it takes observations over time' };
  const species = new Map<string, Species>();
  for (const { name, title } of output.classes ?? []) {
    const found = SPECIES.find((candidate) => isCalled(candidate.name, [name, title]));
    if (!found) return { why: `its class ${name} is none of the species ${SPECIES.map((one) => one.name).join(', ')}` };
    species.set(name, found);
  }
  if (species.size === 0) return { why: 'it is no classifier' };
  const columns: [string, (measurements: Measurements) => number | string][] = [];
  for (const input of inputs) {
    const measurement = MEASUREMENTS.find(({ name }) => plain(name) === plain(input.name));
    if (!measurement) return { why: `it takes ${input.name}, which the service does not have` };
    columns.push([input.name, columnOf(measurement.name, input)]);
  }
  return {
    model: {
      rowOf: (measurements) => Object.fromEntries(columns.map(([name, of]) => [name, of(measurements)])),
      speciesOf: (label) => species.get(label)!,
    },
  };
}

/** The value as the input takes it: what the manifest calls the code's meaning, the code, or the meaning itself. */
function columnOf(name: MeasurementName, input: ManifestInput): (measurements: Measurements) => number | string {
  const meanings = MEANINGS[name];
  return (measurements) => {
    const code = measurements[name];
    const words = meanings?.[code];
    const values = input.values ?? [];
    const meant = words && values.find(({ value, title }) => words.some((word) => isCalled(word, [value, title])));
    if (meant) return meant.value;
    if (input.type !== 'string') return code;
    return values.some(({ value }) => value === String(code)) ? String(code) : (words?.[0] ?? String(code));
  };
}

function isCalled(word: string, names: readonly (string | number)[]): boolean {
  return names.some((name) => plain(String(name)) === plain(word));
}

/** Without case, accents and what stands between words: Adélie is Adelie, billLengthMm is bill_length_mm. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}
