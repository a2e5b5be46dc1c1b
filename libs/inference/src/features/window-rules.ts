/** Whether a window's declaration can be met, and times that meet it. */
import type { FeatureDeclaration, FeatureStep, WindowStep } from '../manifest.js';
import type { StepFault } from './feature-step.js';

/** Between timesteps where a window declares no interval; any would do. */
const ANY_INTERVAL_SECONDS = 60;

/** Seconds between the timesteps of a window that keeps all rules, 1 ms at least. */
function regularStep({ samples, samplingInterval, longestGap = Infinity, span = Infinity }: WindowStep): number {
  const step = Math.min(samplingInterval ?? ANY_INTERVAL_SECONDS, longestGap, span / Math.max(samples - 1, 1));
  return Math.max(Math.floor(step * 1000) / 1000, 0.001);
}

/** Seconds from the first timestep to each of a window that keeps all rules. */
export function regularTimes(window: WindowStep): number[] {
  const step = regularStep(window);
  return Array.from({ length: window.samples }, (_, index) => Math.round(index * step * 1000) / 1000);
}

/** Tells the rules of a window that contradict each other. */
export function addContradictions(window: WindowStep, fault: StepFault): void {
  const { samples, samplingInterval, tolerance, longestGap = Infinity, span = Infinity } = window;
  if (tolerance !== undefined && samplingInterval === undefined)
    fault('/tolerance', 'has no meaning without a samplingInterval');
  if (samples < 2) return;
  const shortest = samplingInterval === undefined ? 0.001 : Math.max(samplingInterval - (tolerance ?? 0), 0.001);
  if (longestGap < shortest) fault('/longestGap', 'is shorter than the samplingInterval allows');
  if (span < shortest * (samples - 1)) fault('/span', `is too short for ${samples} samples`);
}

/** Whether two windows differ in nothing but how many samples they take. */
export function sameRules(a: WindowStep, b: WindowStep): boolean {
  const rules = ({ samples: _, duplicates = 'mean', order = 'any', tolerance = 0, ...rest }: WindowStep): string =>
    JSON.stringify(Object.entries({ ...rest, duplicates, order, tolerance }).sort(([x], [y]) => (x < y ? -1 : 1)));
  return rules(a) === rules(b);
}

/** The windows that a manifest declares, the longest first: they differ in samples only, so it has the others in it. */
export function windowsOf({ features = [] }: Pick<FeatureDeclaration, 'features'>): WindowStep[] {
  const lists = Array.isArray(features) ? [features as readonly FeatureStep[]] : Object.values(features);
  const windows = lists.flatMap(([first]) => (first && 'window' in first ? first.window : []));
  return windows.sort((a, b) => b.samples - a.samples);
}

/** Position in the longest window of the first sample of each: to these no value is carried forward. */
export function firstSamples(windows: readonly WindowStep[]): ReadonlySet<number> {
  return new Set(windows.map(({ samples }) => (windows[0]?.samples ?? 0) - samples));
}
