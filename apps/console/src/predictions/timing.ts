import type { Schemas } from '../api/latido';
import type { TimePart } from '../parts/time-parts';

/** The parts of a request's time. Those that it did not reach are left out; `rest` is what no part accounts for. */
export function partsOf(timings: Schemas['PredictionTimingsDto']): TimePart[] {
  const { authMs, quotaMs, validateMs, inferMs, recordMs, totalMs } = timings;
  const named = { auth: authMs, quota: quotaMs, validate: validateMs, infer: inferMs, record: recordMs };
  const known = Object.entries(named).flatMap(([name, ms]) => (ms === null ? [] : [{ name, ms }]));
  // Parts are measured one by one: rounded they can come to more than the whole.
  const rest = totalMs - known.reduce((sum, { ms }) => sum + ms, 0);
  return rest > 0 ? [...known, { name: 'rest', ms: rest }] : known;
}
