/** Where a patient stands among those whom a version was evaluated on. */
import type { Schemas } from '../api/latido';

export type Evaluation = Schemas['EvaluationDto'];
export type EvaluatedDataset = Schemas['DatasetEvaluationDto'];
export type Distribution = Schemas['HistogramDto'];

/** What the model has not seen tells more than what it was fitted to. */
const PREFERRED = ['held-out', 'cohort', 'test', 'validation'];

/** The one that tells most about new patients, of those that have what is looked for. */
export function tellingDataset(
  evaluation: Evaluation | null | undefined,
  has: (dataset: EvaluatedDataset) => boolean,
): EvaluatedDataset | undefined {
  const candidates = (evaluation?.datasets ?? []).filter(has);
  for (const name of PREFERRED) {
    const found = candidates.find((dataset) => dataset.name === name);
    if (found) return found;
  }
  return candidates.find(({ name }) => name !== 'train') ?? candidates[0];
}

export function cohortOf(evaluation: Evaluation | null | undefined): EvaluatedDataset | undefined {
  return tellingDataset(evaluation, ({ histograms }) => (histograms?.length ?? 0) > 0);
}

export function distributionOf(dataset: EvaluatedDataset | undefined, input: string): Distribution | undefined {
  return dataset?.histograms?.find(({ name }) => name === input);
}

/** Counts in equal slices of a range; a bin that lies across slices is shared out among them. */
export function countsOver(
  { edges, counts }: Distribution,
  [minimum, maximum]: readonly [number, number],
  slices: number,
): number[] {
  const shares = Array.from({ length: slices }, () => 0);
  if (!edges || maximum <= minimum) return shares;
  const width = (maximum - minimum) / slices;
  counts.forEach((count, bin) => {
    const [from, to] = [edges[bin]!, edges[bin + 1]!];
    if (to <= from) return;
    for (let slice = 0; slice < slices; slice++) {
      const [start, end] = [minimum + slice * width, minimum + (slice + 1) * width];
      const overlap = Math.min(to, end) - Math.max(from, start);
      if (overlap > 0) shares[slice]! += (count * overlap) / (to - from);
    }
  });
  return shares;
}

/** Which share of the rows, 0 to 1, lies below a value; within a bin they are taken to lie evenly. */
export function shareBelow({ edges, counts }: Distribution, value: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!edges || total === 0) return undefined;
  const below = counts.reduce((sum, count, bin) => {
    const [from, to] = [edges[bin]!, edges[bin + 1]!];
    const part = to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : Number(value > from);
    return sum + count * part;
  }, 0);
  return below / total;
}

/** Which share of the rows, 0 to 1, has one of the allowed values. */
export function shareOf({ values, counts }: Distribution, value: number | string): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const at = values?.findIndex((one) => one === value) ?? -1;
  return at < 0 || total === 0 ? undefined : counts[at]! / total;
}
