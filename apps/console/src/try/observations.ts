/** Observations of one patient: the API's shape, and as series for charts. Times are Unix milliseconds. */
import type { Schemas } from '../api/latido';

export type Signal = Schemas['SignalDto'];
export type ObservationsDeclaration = Schemas['ObservationsDto'];

export interface Observation {
  /** Its name, or one of its codes. */
  readonly signal: string | number;
  readonly value: number;
  /** RFC 3339, with an offset. */
  readonly time: string;
  readonly unit?: string;
}

export interface SignalSeries {
  readonly signal: Signal;
  /** As many as there are times; null where there is no value. */
  readonly values: readonly (number | null)[];
}

export interface ObservedSeries {
  /** Ascending: those of the observations, and those at which there should have been one. */
  readonly timesMs: readonly number[];
  readonly series: readonly SignalSeries[];
}

/** From names and codes, as text or number, to the declared signal. */
export function signalIndex(signals: readonly Signal[]): ReadonlyMap<string, Signal> {
  return new Map(
    signals.flatMap((signal) =>
      [signal.name, ...(signal.codes ?? []).map(({ code }) => code)].map((key) => [key, signal] as const),
    ),
  );
}

/** Distinct times of what makes a timestep for the model, ascending. */
export function timestepsOf(observations: readonly Observation[], declaration: ObservationsDeclaration): number[] {
  const known = signalIndex(declaration.signals);
  const counted =
    declaration.otherSignals === 'timestep'
      ? observations
      : observations.filter(({ signal }) => known.has(String(signal)));
  return [...new Set(counted.map(({ time }) => Date.parse(time)))].sort((a, b) => a - b);
}

/** Where neighbours lie further apart than they are sampled, the times at which there should have been one stand between them. */
function withMissing(times: readonly number[], intervalMs: number | undefined): number[] {
  if (intervalMs === undefined || intervalMs <= 0) return [...times];
  return times.flatMap((time, index) => {
    const before = times[index - 1];
    const missing = before === undefined ? 0 : Math.round((time - before) / intervalMs) - 1;
    // A pause of days is no series of samples that are missing.
    if (before === undefined || missing < 1 || missing > MOST_MISSING) return [time];
    return [...Array.from({ length: missing }, (_, n) => before + ((n + 1) * (time - before)) / (missing + 1)), time];
  });
}

const MOST_MISSING = 500;

/**
 * Values by time and signal; of several at one time their mean, as the model takes them.
 * @param intervalSeconds how far samples lie apart; left out, no time is added
 */
export function seriesOf(
  observations: readonly Observation[],
  declaration: ObservationsDeclaration,
  intervalSeconds?: number,
): ObservedSeries {
  const known = signalIndex(declaration.signals);
  const timesMs = withMissing(
    timestepsOf(observations, declaration),
    intervalSeconds === undefined ? undefined : intervalSeconds * 1000,
  );
  const lineOf = new Map(timesMs.map((time, line) => [time, line]));
  const cells = new Map(declaration.signals.map(({ name }) => [name, timesMs.map((): number[] => [])]));
  for (const { signal, value, time } of observations) {
    const name = known.get(String(signal))?.name;
    if (name !== undefined) cells.get(name)![lineOf.get(Date.parse(time))!]!.push(value);
  }
  const mean = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    timesMs,
    series: declaration.signals.map((signal) => ({ signal, values: cells.get(signal.name)!.map(mean) })),
  };
}

/** Spans without a value, from halfway after the last one to halfway before the next. */
export function gapsOf(
  timesMs: readonly number[],
  values: readonly (number | null)[],
): readonly (readonly [fromMs: number, toMs: number])[] {
  const gaps: [number, number][] = [];
  values.forEach((value, index) => {
    if (value !== null) return;
    const time = timesMs[index]!;
    const from = (time + (timesMs[index - 1] ?? time)) / 2;
    const to = (time + (timesMs[index + 1] ?? time)) / 2;
    const last = gaps.at(-1);
    if (last && values[index - 1] === null) last[1] = to;
    else gaps.push([from, to]);
  });
  return gaps;
}

export function missingIn(values: readonly (number | null)[]): number {
  return values.filter((value) => value === null).length;
}
