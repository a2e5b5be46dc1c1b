/** Rows drawn at random within what a manifest allows, the same ones for the same seed. */
import { firstSamples, regularTimes, windowsOf } from '../features/window-rules.js';
import type {
  FeatureDeclaration,
  InputRow,
  ManifestInput,
  ManifestSignal,
  Observation,
  WindowStep,
} from '../manifest.js';

/** Where a manifest declares no range, values of the size that networks are trained on. */
const undeclaredRange = { minimum: -1, maximum: 1 };
/** Of the values that a window could do without. */
const dropOuts = 0.1;
const start = Date.parse('2000-01-01T00:00:00Z');

type Random = () => number;

/** Rows that the pipeline takes: with a window, observations that keep its rules, some of them left out. */
export function drawRows(declaration: FeatureDeclaration, count: number, seed: number): InputRow[] {
  const random = mulberry32(seed);
  const windows = windowsOf(declaration);
  const [window] = windows;
  const firsts = firstSamples(windows);
  return Array.from({ length: count }, () => {
    const values = declaration.inputs.map((input) => [input.name, drawValue(input, random())] as const);
    const { observations } = declaration;
    if (!window || !observations) return Object.fromEntries(values);
    return Object.fromEntries([
      ...values,
      ['observations', drawObservations(observations.signals, window, firsts, random)],
    ]);
  });
}

function drawObservations(
  signals: readonly ManifestSignal[],
  window: WindowStep,
  firsts: ReadonlySet<number>,
  random: Random,
): Observation[] {
  const times = regularTimes(window);
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  const mayDrop = step <= (window.longestForwardFill ?? Infinity);
  // At most one signal and no two timesteps in a row: each timestep stays, and each value can be carried forward.
  let dropped = -1;
  return times.flatMap((seconds, line) => {
    const time = new Date(start + Math.round(seconds * 1000)).toISOString();
    const drops = mayDrop && !firsts.has(line) && dropped === -1 && signals.length > 1 && random() < dropOuts;
    dropped = drops ? Math.floor(random() * signals.length) : -1;
    return signals.flatMap((signal, index) => {
      const { range = undeclaredRange } = signal;
      const value = drawNumber('number', range, random());
      return index === dropped ? [] : [{ signal: signal.name, value, time, unit: signal.unit }];
    });
  });
}

/** `share` of the way through what the input allows. */
function drawValue({ type, range = undeclaredRange, values, example }: ManifestInput, share: number): number | string {
  if (values?.length) return values[Math.floor(share * values.length)]?.value ?? 0;
  // Of free text nothing is known but what its author shows.
  if (type === 'string') return example ?? 'a';
  return drawNumber(type, range, share);
}

function drawNumber(type: 'number' | 'integer', range: typeof undeclaredRange, share: number): number {
  if (type === 'integer') {
    const lowest = Math.ceil(range.minimum);
    return lowest + Math.floor(share * (Math.floor(range.maximum) - lowest + 1));
  }
  return range.minimum + share * (range.maximum - range.minimum);
}

/** Tommy Ettinger's mulberry32: 32 bits of state, uniform in [0, 1); plenty for test rows, no use for secrets. */
function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
