/** What a manifest must obey beyond its schema: its parts must agree with each other. */
import { featureFaults, type ManifestInput, type ModelManifest } from '#inference';
import type { FieldError } from '#platform';
import { exampleOf } from './row-schema.js';

function repeated(names: readonly (string | number)[]): number[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}

function allows(input: ManifestInput, value: number | string): boolean {
  if ((typeof value === 'string') !== (input.type === 'string')) return false;
  if (input.type === 'integer' && !Number.isInteger(value)) return false;
  if (input.range && typeof value === 'number' && (value < input.range.minimum || value > input.range.maximum))
    return false;
  return !input.values || input.values.some((allowed) => allowed.value === value);
}

function inputFaults(input: ManifestInput, pointer: string): FieldError[] {
  const faults: FieldError[] = [];
  if (input.range && input.range.minimum > input.range.maximum) {
    return [{ pointer: `${pointer}/range`, detail: 'has a minimum above its maximum' }];
  }
  if (input.range && input.type === 'string')
    return [{ pointer: `${pointer}/range`, detail: 'has no meaning for texts' }];
  const values = input.values ?? [];
  for (const index of repeated(values.map(({ value }) => value))) {
    faults.push({ pointer: `${pointer}/values/${index}/value`, detail: 'is there twice' });
  }
  for (const [index, { value }] of values.entries()) {
    if (!allows({ ...input, values: undefined }, value)) {
      faults.push({ pointer: `${pointer}/values/${index}/value`, detail: "is against the input's own type or range" });
    }
  }
  if (faults.length === 0 && !allows(input, exampleOf(input))) {
    faults.push(
      input.example === undefined
        ? { pointer, detail: 'needs an example: none follows from what is declared' }
        : { pointer: `${pointer}/example`, detail: "is against the input's own type, range or values" },
    );
  }
  return faults;
}

/** An observation names its signal by name or code: what stands for two signals names none. */
function signalFaults({ observations, inputs }: ModelManifest): FieldError[] {
  if (!observations) return [];
  const faults: FieldError[] = [];
  const taken = new Map<string, number>(inputs.map(({ name }) => [name, -1]));
  observations.signals.forEach((signal, index) => {
    const pointer = `/observations/signals/${index}`;
    const { range, example, codes = [] } = signal;
    if (range && range.minimum > range.maximum)
      faults.push({ pointer: `${pointer}/range`, detail: 'has a minimum above its maximum' });
    else if (range && example !== undefined && (example < range.minimum || example > range.maximum))
      faults.push({ pointer: `${pointer}/example`, detail: "is against the signal's own range" });
    const names = [
      { key: signal.name, at: `${pointer}/name` },
      ...codes.map(({ code }, position) => ({ key: code, at: `${pointer}/codes/${position}/code` })),
    ];
    for (const { key, at } of names) {
      const other = taken.get(key);
      if (other === undefined) taken.set(key, index);
      else if (other !== index) faults.push({ pointer: at, detail: 'stands for another signal or input already' });
    }
  });
  if (inputs.some(({ name }) => name === 'observations'))
    faults.push({ pointer: '/inputs', detail: 'must not have an input called observations beside observations' });
  return faults;
}

function outputFaults({ task, output }: ModelManifest): FieldError[] {
  const { classes, threshold, kind } = output;
  const faults: FieldError[] = [];
  if (task === 'regression') {
    if (classes) faults.push({ pointer: '/output/classes', detail: 'has no meaning for a regression' });
    if (kind) faults.push({ pointer: '/output/kind', detail: 'has no meaning for a regression' });
  } else if (!classes) {
    faults.push({ pointer: '/output/classes', detail: 'is missing' });
  } else {
    if (task === 'binary-classification' && classes.length !== 2)
      faults.push({
        pointer: '/output/classes',
        detail: 'must have two entries: the negative class, then the positive one',
      });
    for (const index of repeated(classes.map(({ name }) => name)))
      faults.push({ pointer: `/output/classes/${index}/name`, detail: 'is there twice' });
  }
  if (threshold !== undefined && task !== 'binary-classification') {
    faults.push({ pointer: '/output/threshold', detail: 'has a meaning for binary classification alone' });
  } else if (threshold !== undefined && kind === 'decision') {
    faults.push({ pointer: '/output/threshold', detail: 'has a meaning for probabilities alone' });
  }
  return faults;
}

/** All contradictions of a manifest that its schema allows; empty when there are none. */
export function contradictions(manifest: ModelManifest): FieldError[] {
  return [
    ...repeated(manifest.inputs.map(({ name }) => name)).map((index) => ({
      pointer: `/inputs/${index}/name`,
      detail: 'is there twice',
    })),
    ...manifest.inputs.flatMap((input, index) => inputFaults(input, `/inputs/${index}`)),
    ...signalFaults(manifest),
    ...featureFaults(manifest),
    ...outputFaults(manifest),
  ];
}
