/** What a manifest must obey beyond its schema: its parts must agree with each other. */
import type { ManifestInput, ModelManifest } from '#inference';
import type { FieldError } from '#platform';
import { exampleOf } from './row-schema.js';

function repeated(names: readonly (string | number)[]): number[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}

function allows(input: ManifestInput, value: number): boolean {
  if (input.type === 'integer' && !Number.isInteger(value)) return false;
  if (input.range && (value < input.range.minimum || value > input.range.maximum)) return false;
  return !input.values || input.values.some((allowed) => allowed.value === value);
}

function inputFaults(input: ManifestInput, pointer: string): FieldError[] {
  const faults: FieldError[] = [];
  if (input.range && input.range.minimum > input.range.maximum) {
    return [{ pointer: `${pointer}/range`, detail: 'has a minimum above its maximum' }];
  }
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

function featureFaults(manifest: ModelManifest): FieldError[] {
  const known = new Set(manifest.inputs.map(({ name }) => name));
  return (manifest.features ?? []).flatMap(({ select }, step) => {
    const pointer = `/features/${step}/select`;
    const unknown = select.flatMap((name, index) =>
      known.has(name) ? [] : [{ pointer: `${pointer}/${index}`, detail: `names no input: ${name}` }],
    );
    return [
      ...unknown,
      ...repeated(select).map((index) => ({ pointer: `${pointer}/${index}`, detail: 'is there twice' })),
    ];
  });
}

function outputFaults({ task, output }: ModelManifest): FieldError[] {
  const { classes, threshold } = output;
  const faults: FieldError[] = [];
  if (task === 'regression') {
    if (classes) faults.push({ pointer: '/output/classes', detail: 'has no meaning for a regression' });
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
    ...featureFaults(manifest),
    ...outputFaults(manifest),
  ];
}
