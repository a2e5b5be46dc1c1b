/** What a window's declaration refuses, in sentences for those who sent the observations. */
import type { ManifestSignal, WindowStep } from '../manifest.js';
import type { FaultSink } from './fault-sink.js';
import { TIME_ONLY, type ObservationTable } from './observation-reader.js';
import { distinctTimes, type ObservationWindow } from './window.js';

/** `20 s`, `5 min`, `2 h`. */
export function duration(seconds: number): string {
  if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** Observations that come before an earlier one, where they must be sorted. */
export function addOrderFaults(
  { count, times, positions }: ObservationTable,
  { order = 'any' }: WindowStep,
  pointer: string,
  faults: FaultSink,
): void {
  if (order === 'any') return;
  for (let index = 1; index < count && !faults.full; index++) {
    if ((times[index] as number) < (times[index - 1] as number))
      faults.add(`${pointer}/${positions[index]}/time`, 'is before the time of the observation above it; sort by time');
  }
}

/** Second values of one signal at one time, where they are refused: in all observations, not only in the window. */
export function addDuplicateFaults(
  { count, signals, times, positions }: ObservationTable,
  { duplicates = 'mean' }: WindowStep,
  declared: readonly ManifestSignal[],
  pointer: string,
  faults: FaultSink,
): void {
  if (duplicates === 'mean') return;
  const lineOf = new Map(Array.from(distinctTimes(times.subarray(0, count)), (time, line) => [time, line]));
  const seen = new Set<number>();
  for (let index = 0; index < count && !faults.full; index++) {
    const signal = signals[index] as number;
    if (signal === TIME_ONLY) continue;
    const cell = (lineOf.get(times[index] as number) as number) * declared.length + signal;
    if (seen.has(cell))
      faults.add(
        `${pointer}/${positions[index]}`,
        `is a second value of \`${declared[signal]?.title}\` at the same time`,
      );
    seen.add(cell);
  }
}

/** Too few timesteps, and those that lie otherwise apart than the model was trained for. */
export function addTimingFaults(
  { timesteps, times }: ObservationWindow,
  { samples, samplingInterval, tolerance = 0, longestGap = Infinity, span = Infinity }: WindowStep,
  pointer: string,
  faults: FaultSink,
): void {
  if (timesteps < samples)
    faults.add(
      pointer,
      `${timesteps === 1 ? 'has 1 timestep' : `has ${timesteps} timesteps`}, the model needs ${samples}`,
    );
  for (let line = 1; line < times.length && !faults.full; line++) {
    const seconds = ((times[line] as number) - (times[line - 1] as number)) / 1000;
    const pair = `has samples ${line} and ${line + 1} of its window`;
    if (seconds > longestGap) faults.add(pointer, `${pair} more than ${duration(longestGap)} apart`);
    if (samplingInterval === undefined || isMultiple(seconds, samplingInterval, tolerance)) continue;
    const expected = `${duration(samplingInterval)}${tolerance > 0 ? ` ± ${duration(tolerance)}` : ''}`;
    faults.add(pointer, `${pair} apart by other than ${expected} or a multiple of it`);
  }
  if (times.length > 1 && ((times.at(-1) as number) - (times[0] as number)) / 1000 > span)
    faults.add(pointer, `has a window of more than ${duration(span)}`);
}

/** Whether the time between two timesteps is k intervals, k at least 1, within the tolerance. */
function isMultiple(seconds: number, interval: number, tolerance: number): boolean {
  const nearest = Math.max(Math.round(seconds / interval), 1);
  // Times are whole milliseconds: less than half of one is rounding.
  return Math.abs(seconds - nearest * interval) <= tolerance + 0.0005;
}

/** Signals that the model needs and that are without a value somewhere in the window. */
export function addMissingFaults(
  { times, values }: ObservationWindow,
  { samples, longestForwardFill }: WindowStep,
  { declared, needed }: { readonly declared: readonly ManifestSignal[]; readonly needed: readonly number[] },
  pointer: string,
  faults: FaultSink,
): void {
  for (const signal of needed) {
    let present = 0;
    for (let line = 0; line < times.length; line++) {
      if (!Number.isNaN(values[line * declared.length + signal])) present += 1;
    }
    if (present === times.length) continue;
    const title = `\`${declared[signal]?.title}\``;
    const limit = longestForwardFill === undefined ? 'forward' : `forward for at most ${duration(longestForwardFill)}`;
    faults.add(
      pointer,
      present === 0
        ? `${title} has no value in this window (0 of ${samples} samples)`
        : `${title} has a value in ${present} of the ${samples} samples of this window only; values are carried ${limit}`,
    );
  }
}
