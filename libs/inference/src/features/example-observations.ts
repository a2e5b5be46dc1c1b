/** Observations as an example for those who write a client: short, and taken by the model as they stand. */
import type { FeatureDeclaration, ManifestSignal, Observation } from '../manifest.js';
import { firstSamples, regularTimes, windowsOf } from './window-rules.js';

const START = Date.parse('2026-01-31T10:00:00Z');

/** A value that the signal's range allows: its example, else the middle of the range. */
function exampleValue({ example, range }: ManifestSignal): number {
  if (example !== undefined) return example;
  return range ? (range.minimum + range.maximum) / 2 : 0;
}

/**
 * As many timesteps as the longest window takes. A signal comes again when its last value may not be carried any
 * further, and the first one comes at each timestep; empty where the manifest takes no observations.
 */
export function exampleObservations(declaration: FeatureDeclaration): Observation[] {
  const windows = windowsOf(declaration);
  const [window] = windows;
  const signals = declaration.observations?.signals ?? [];
  if (!window) return [];
  const longest = window.longestForwardFill ?? Infinity;
  const last = signals.map(() => -Infinity);
  const times = regularTimes(window);
  const firsts = firstSamples(windows);
  return times.flatMap((seconds, line) =>
    signals.flatMap((signal, index) => {
      if (index > 0 && !firsts.has(line) && seconds - (last[index] as number) <= longest) return [];
      last[index] = seconds;
      const time = new Date(START + Math.round(seconds * 1000)).toISOString();
      return [
        { signal: signal.name, value: exampleValue(signal), time: time.replace('.000Z', 'Z'), unit: signal.unit },
      ];
    }),
  );
}
