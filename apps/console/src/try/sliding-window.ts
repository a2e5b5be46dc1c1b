/** The model's window as it slides over a recording: which rows that makes, and which of them the model would take. */
import type { Schemas } from '../api/latido';
import { seriesOf, timestepsOf, type Observation, type ObservationsDeclaration } from './observations';

export type WindowRules = Schemas['WindowDto'];
type Features = Schemas['ModelVersionDto']['features'];

/** Why a window would be refused. */
export type WindowFault =
  | { readonly rule: 'longestGap' | 'span' | 'interval'; readonly seconds: number }
  | { readonly rule: 'missing'; readonly signal: string };

export interface SlidingWindow {
  /** Of its last sample. */
  readonly timeMs: number;
  readonly observations: readonly Observation[];
  /** Undefined: the model takes it. */
  readonly fault?: WindowFault;
}

/** Of a model of several inputs there are several lists of steps. */
function stepsOf(features: Features): readonly Schemas['FeatureStepDto'][] {
  return Array.isArray(features) ? features : Object.values(features).flat();
}

/** The longest one; undefined where the model has no window. */
export function windowOf(features: Features): WindowRules | undefined {
  const windows = stepsOf(features).flatMap(({ window }) => (window ? [window] : []));
  return windows.reduce<WindowRules | undefined>(
    (longest, window) => (longest && longest.samples >= window.samples ? longest : window),
    undefined,
  );
}

/** Signals that the model reads; the others may be missing. */
function neededSignals(features: Features, { signals }: ObservationsDeclaration): ReadonlySet<string> {
  const selected = stepsOf(features).flatMap(({ select }) => select ?? []);
  const names = signals.map(({ name }) => name);
  const needed = names.filter((name) => selected.includes(name));
  return new Set(needed.length > 0 ? needed : names);
}

/** As the server checks a window (`longestGap`, `samplingInterval` and `tolerance`, `span`). */
function timingFault(times: readonly number[], rules: WindowRules): WindowFault | undefined {
  const { samplingInterval, tolerance = 0, longestGap, span } = rules;
  for (let index = 1; index < times.length; index++) {
    const seconds = (times[index]! - times[index - 1]!) / 1000;
    if (longestGap !== undefined && seconds > longestGap) return { rule: 'longestGap', seconds: longestGap };
    if (samplingInterval === undefined) continue;
    const nearest = Math.max(Math.round(seconds / samplingInterval), 1) * samplingInterval;
    // Times are whole milliseconds: less than half of one is rounding.
    if (Math.abs(seconds - nearest) > tolerance + 0.0005) return { rule: 'interval', seconds: samplingInterval };
  }
  const seconds = (times.at(-1)! - times[0]!) / 1000;
  return span !== undefined && seconds > span ? { rule: 'span', seconds: span } : undefined;
}

/** A value is carried forward for a while; where none can be, the window is refused. */
function isCovered(times: readonly number[], values: readonly (number | null)[], longestMs: number): boolean {
  let since = -Infinity;
  return times.every((time, index) => {
    if (values[index] !== null) since = time;
    return time - since <= longestMs;
  });
}

/**
 * One window for each timestep from the first on that has as many before it as the model needs. Each has the observations of its own
 * timesteps: earlier ones do not change its answer, and would be sent and recorded again and again.
 */
export function slidingWindows(
  observations: readonly Observation[],
  declaration: ObservationsDeclaration,
  features: Features,
): SlidingWindow[] {
  const rules = windowOf(features);
  if (!rules) return [];
  const times = timestepsOf(observations, declaration);
  const { series } = seriesOf(observations, declaration);
  const needed = neededSignals(features, declaration);
  const readSeries = series.filter(({ signal }) => needed.has(signal.name));
  const longestMs = (rules.longestForwardFill ?? Infinity) * 1000;
  const timed = observations.map((observation) => ({ observation, ms: Date.parse(observation.time) }));
  return times.slice(rules.samples - 1).map((timeMs, begin) => {
    const end = begin + rules.samples;
    const windowTimes = times.slice(begin, end);
    const bare = readSeries.find(({ values }) => !isCovered(windowTimes, values.slice(begin, end), longestMs));
    const fault: WindowFault | undefined =
      timingFault(windowTimes, rules) ?? (bare && { rule: 'missing', signal: bare.signal.name });
    return {
      timeMs,
      observations: timed.flatMap(({ observation, ms }) =>
        ms >= windowTimes[0]! && ms <= timeMs ? [observation] : [],
      ),
      ...(fault ? { fault } : {}),
    };
  });
}

/** Bytes of JSON that a request may have (1 MiB), less what stands around the windows. */
const MOST_BYTES = 1_000_000;

/**
 * Every n-th window, counted from the last, so that one request holds them.
 * @param mostRows of a request, by the plan
 */
export function thinnedOut(
  windows: readonly SlidingWindow[],
  mostRows: number,
): { readonly windows: readonly SlidingWindow[]; readonly everyNth: number } {
  const bytes = windows.map(({ observations }) => new TextEncoder().encode(JSON.stringify(observations)).length + 20);
  const fits = (everyNth: number): boolean => {
    const kept = bytes.filter((_, index) => (windows.length - 1 - index) % everyNth === 0);
    return kept.length <= mostRows && kept.reduce((sum, size) => sum + size, 0) <= MOST_BYTES;
  };
  let everyNth = 1;
  while (everyNth < windows.length && !fits(everyNth)) everyNth++;
  return { windows: windows.filter((_, index) => (windows.length - 1 - index) % everyNth === 0), everyNth };
}

export interface Spell<T> {
  readonly what: T;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Neighbours that are the same, as spans of time. */
export function spellsOf<T>(points: readonly { readonly timeMs: number; readonly what: T }[]): Spell<T>[] {
  const spells: { what: T; fromMs: number; toMs: number }[] = [];
  for (const { timeMs, what } of points) {
    const last = spells.at(-1);
    if (last && last.what === what) last.toMs = timeMs;
    else spells.push({ what, fromMs: timeMs, toMs: timeMs });
  }
  return spells;
}
