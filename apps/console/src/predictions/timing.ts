/** Where the time of a request went, as parts that add up to all of it. */
import type { Schemas } from '../api/latido';

const PARTS = ['auth', 'quota', 'validate', 'infer', 'record', 'rest'] as const;
export type Part = (typeof PARTS)[number];

export interface TimingPart {
  readonly part: Part;
  readonly ms: number;
  /** Of all of it, 0 to 1. */
  readonly share: number;
}

/** Parts that the request did not reach are left out; `rest` is what no part accounts for. */
export function partsOf(timings: Schemas['PredictionTimingsDto']): TimingPart[] {
  const { authMs, quotaMs, validateMs, inferMs, recordMs, totalMs } = timings;
  const named = { auth: authMs, quota: quotaMs, validate: validateMs, infer: inferMs, record: recordMs };
  const known = Object.values(named).reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
  // Parts are measured one by one: rounded they can come to more than the whole.
  const all = Math.max(totalMs, known);
  return PARTS.flatMap((part) => {
    const ms = part === 'rest' ? all - known : named[part];
    return ms === null || (part === 'rest' && ms <= 0) ? [] : [{ part, ms, share: all === 0 ? 0 : ms / all }];
  });
}
