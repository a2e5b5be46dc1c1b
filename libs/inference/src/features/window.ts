/**
 * `window`: from observations in the long form to the last timesteps of each signal. The order is that in which the
 * thesis' model was trained: pivot all that came by its mean, sort by time, take the last, carry values forward inside.
 */
import type { WindowStep } from '../manifest.js';
import { TIME_ONLY, type ObservationTable } from './observation-reader.js';

export interface ObservationWindow {
  /** Distinct times among all observations. */
  readonly timesteps: number;
  /** Those of the window, ascending, in milliseconds; as many as there are, at most `samples`. */
  readonly times: Float64Array;
  /** `[times, signals]`, row-major; NaN where a signal has no value. */
  readonly values: Float64Array;
}

/**
 * The last `samples` timesteps. The order of the observations makes no difference, not even to the last bit.
 * @param signals number of declared signals
 */
export function buildWindow(
  table: ObservationTable,
  { samples, longestForwardFill = Infinity }: WindowStep,
  signals: number,
): ObservationWindow {
  const distinct = distinctTimes(table.times.subarray(0, table.count));
  const times = distinct.slice(Math.max(distinct.length - samples, 0));
  const values = pivotByMean(table, times, signals);
  carryForward(values, times, signals, longestForwardFill * 1000);
  return { timesteps: distinct.length, times, values };
}

/** Ascending. */
export function distinctTimes(times: Float64Array): Float64Array {
  const sorted = isAscending(times) ? times : times.toSorted();
  const distinct = new Float64Array(sorted.length);
  let count = 0;
  for (const time of sorted) {
    if (count === 0 || time !== distinct[count - 1]) distinct[count++] = time;
  }
  return distinct.subarray(0, count);
}

function isAscending(times: Float64Array): boolean {
  for (let index = 1; index < times.length; index++) {
    if ((times[index] as number) < (times[index - 1] as number)) return false;
  }
  return true;
}

function pivotByMean(table: ObservationTable, times: Float64Array, signals: number): Float64Array {
  const sums = new Float64Array(times.length * signals);
  const counts = new Int32Array(sums.length);
  let most = 0;
  forEachCell(table, times, signals, (cell, value) => {
    sums[cell] = (sums[cell] as number) + value;
    most = Math.max(most, (counts[cell] = (counts[cell] as number) + 1));
  });
  // A sum of two numbers does not depend on their order; of three it does, in its last bits.
  if (most > 2) sumInOrder(table, times, signals, sums, counts);
  for (let cell = 0; cell < sums.length; cell++) sums[cell] = (sums[cell] as number) / (counts[cell] as number);
  return sums;
}

/** Sums again, in ascending order of the values, where a signal has three or more at one time. */
function sumInOrder(
  table: ObservationTable,
  times: Float64Array,
  signals: number,
  sums: Float64Array,
  counts: Int32Array,
): void {
  const values = new Map<number, number[]>();
  forEachCell(table, times, signals, (cell, value) => {
    if ((counts[cell] as number) < 3) return;
    const list = values.get(cell);
    if (list) list.push(value);
    else values.set(cell, [value]);
  });
  for (const [cell, list] of values) sums[cell] = list.sort((a, b) => a - b).reduce((sum, value) => sum + value, 0);
}

/** Every value of the window with its place in `[times, signals]`. */
function forEachCell(
  { count, signals, values, times }: ObservationTable,
  windowTimes: Float64Array,
  width: number,
  visit: (cell: number, value: number) => void,
): void {
  const first = windowTimes[0] ?? Infinity;
  let line = 0;
  for (let index = 0; index < count; index++) {
    const [signal, time] = [signals[index] as number, times[index] as number];
    if (signal === TIME_ONLY || time < first) continue;
    // Observations mostly come in the order of time, many with the same one.
    if (time !== windowTimes[line]) line = time === windowTimes[line + 1] ? line + 1 : positionOf(time, windowTimes);
    visit(line * width + signal, values[index] as number);
  }
}

/** Binary search for a time that is there. */
function positionOf(time: number, times: Float64Array): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** In place: a missing value becomes the signal's last one, if that is not older than `longestMs`. */
function carryForward(values: Float64Array, times: Float64Array, signals: number, longestMs: number): void {
  for (let signal = 0; signal < signals; signal++) {
    let [last, since] = [NaN, -Infinity];
    for (let line = 0; line < times.length; line++) {
      const [cell, time] = [line * signals + signal, times[line] as number];
      if (!Number.isNaN(values[cell])) [last, since] = [values[cell] as number, time];
      else if (time - since <= longestMs) values[cell] = last;
    }
  }
}
