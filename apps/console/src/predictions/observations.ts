/** Observations of a recorded row, by signal: what charts draw. */

export interface SignalSeries {
  readonly signal: string;
  /** As it was sent with the observations; undefined: the signal's own. */
  readonly unit: string | undefined;
  /** Unix milliseconds, ascending. */
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
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
