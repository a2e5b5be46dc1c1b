/** Observations of a recorded row, by signal: what charts draw. */
import type { ModelVersion } from '../api/models';
import { seriesOf as seriesOfModel } from '../try/observations';
import { windowOf } from '../try/sliding-window';

export interface SignalSeries {
  readonly signal: string;
  /** As it was sent with the observations; undefined: the signal's own. */
  readonly unit: string | undefined;
  /** Unix milliseconds, ascending. */
  readonly timesMs: readonly number[];
  /** As many as there are times; null where there should have been one. */
  readonly values: readonly (number | null)[];
}

/** What the server has checked before it was recorded. */
interface Observation {
  readonly signal: string;
  readonly value: number;
  /** With its offset. */
  readonly time: string;
  readonly unit?: string;
}

export function observationsIn(input: Readonly<Record<string, unknown>>): readonly Observation[] {
  return Array.isArray(input.observations) ? (input.observations as readonly Observation[]) : [];
}

/** In the order in which signals first appear; one that was sent in two units is two series. */
export function seriesOf(observations: readonly Observation[]): SignalSeries[] {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    const key = JSON.stringify([observation.signal, observation.unit]);
    const group = groups.get(key);
    if (group) group.push(observation);
    else groups.set(key, [observation]);
  }
  return [...groups.values()].map((group) => {
    const points = group
      .map(({ time, value }) => [Date.parse(time), value] as const)
      .sort(([one], [other]) => one - other);
    return {
      signal: group[0]!.signal,
      unit: group[0]!.unit,
      timesMs: points.map(([ms]) => ms),
      values: points.map(([, value]) => value),
    };
  });
}

/** As they were when the model was tried, with what was missing; as they stand in the record where the model does not explain them. */
export function recordedSeries(
  observations: readonly Observation[],
  version: Pick<ModelVersion, 'observations' | 'features'> | undefined,
): SignalSeries[] {
  const declaration = version?.observations;
  const isPlain = observations.every(({ signal, unit }) =>
    declaration?.signals.some((one) => one.name === signal && (unit === undefined || unit === one.unit)),
  );
  if (!declaration || !isPlain) return seriesOf(observations);
  const { timesMs, series } = seriesOfModel(observations, declaration, windowOf(version.features)?.samplingInterval);
  return series
    .filter(({ values }) => values.some((value) => value !== null))
    .map(({ signal, values }) => ({ signal: signal.name, unit: undefined, timesMs, values }));
}
