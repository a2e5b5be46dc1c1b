/** What an outcome says of a patient: checked against the model, and written as the JSON text that its digest is made of. */
import type { ModelManifest } from '#inference';
import { invalidRequest, type FieldError } from '#platform';
import type { PutOutcomeDto } from './outcomes.dto.js';

export interface OutcomeContent {
  /** What happened, as one of the model's classes; absent for a regression. */
  readonly label?: string;
  /** What was measured, in the unit of the model's output; of a regression alone. */
  readonly value?: number;
  /** ISO 8601, UTC, to the millisecond. */
  readonly observedAt: string;
  readonly note?: string;
}

/** Nobody who was observed before is predicted for; what is dated earlier was mistyped. */
const EARLIEST_MS = Date.parse('1900-01-01T00:00:00Z');
/** By so much the clocks of two honest machines may differ. */
const CLOCK_DIFFERENCE_MS = 60_000;
const MAX_CLASSES_NAMED = 20;

/**
 * The JSON of an outcome: the same text for the same outcome, however it was sent.
 * @throws INVALID_REQUEST with all faults
 */
export function outcomeJson(said: PutOutcomeDto, manifest: Pick<ModelManifest, 'task' | 'output'>): string {
  const { observedAt } = said;
  const [label, value, note] = [said.label ?? undefined, said.value ?? undefined, said.note ?? undefined];
  const observedMs = Date.parse(observedAt);
  const faults = [...happenedFaults(label, value, manifest), ...timeFaults(observedMs)];
  if (faults.length > 0) throw invalidRequest(faults);
  const content: OutcomeContent = {
    ...(label === undefined ? { value } : { label }),
    observedAt: new Date(observedMs).toISOString(),
    ...(note === undefined ? {} : { note }),
  };
  return JSON.stringify(content);
}

function happenedFaults(
  label: string | undefined,
  value: number | undefined,
  { task, output }: Pick<ModelManifest, 'task' | 'output'>,
): FieldError[] {
  if (task === 'regression') {
    return [
      ...(label === undefined
        ? []
        : [{ pointer: '/label', detail: 'goes with classifiers; this model answers a value' }]),
      ...(value === undefined ? [{ pointer: '/value', detail: 'is missing' }] : []),
    ];
  }
  const classes = (output.classes ?? []).map(({ name }) => name);
  return [
    ...(value === undefined
      ? []
      : [{ pointer: '/value', detail: 'goes with regressions; this model answers a label' }]),
    ...(label !== undefined && classes.includes(label)
      ? []
      : [{ pointer: '/label', detail: `must be one of the model's classes: ${named(classes)}` }]),
  ];
}

function named(classes: readonly string[]): string {
  const more = classes.length > MAX_CLASSES_NAMED ? ', …' : '';
  return classes.slice(0, MAX_CLASSES_NAMED).join(', ') + more;
}

function timeFaults(observedMs: number): FieldError[] {
  if (observedMs > Date.now() + CLOCK_DIFFERENCE_MS)
    return [{ pointer: '/observedAt', detail: 'must not be in the future' }];
  if (observedMs < EARLIEST_MS) return [{ pointer: '/observedAt', detail: 'must not be before 1900' }];
  return [];
}
