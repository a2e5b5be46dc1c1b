/** Reads the `observations` of a row into typed arrays, and says what is wrong with them. */
import { pointerToken } from '#platform';
import type { ManifestObservations, ManifestSignal } from '../manifest.js';
import type { FaultSink } from './fault-sink.js';
import { readTime } from './observation-time.js';

/** Most observations of one row where the manifest does not say. */
export const DEFAULT_MAX_OBSERVATIONS = 10_000;
/** Unknown fields that are named in one observation. */
const MOST_UNKNOWN_FIELDS = 10;
/** Other signals are recorded as they came: what nests much deeper exhausts the stack of whoever writes it as JSON. */
const DEEPEST_NESTING = 16;

/** Signal of an observation whose value is not taken, but whose time is. */
export const TIME_ONLY = -1;

/** Valid observations in the order in which they were sent; those that are dropped are not among them. */
export interface ObservationTable {
  readonly count: number;
  /** Index of the signal in the declaration, or `TIME_ONLY`. */
  readonly signals: Int32Array;
  readonly values: Float64Array;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  /** Index in what was sent, for pointers. */
  readonly positions: Int32Array;
}

/** @returns undefined where faults were added */
export type ObservationReader = (sent: unknown, pointer: string, faults: FaultSink) => ObservationTable | undefined;

/** What was sent as one observation; nothing is known of its fields. */
type Sent = Readonly<Partial<Record<'signal' | 'value' | 'time' | 'unit', unknown>>>;

interface SignalRule {
  readonly minimum: number;
  readonly maximum: number;
  readonly units: readonly string[];
}

const FIELDS = new Set(['signal', 'value', 'time', 'unit']);

/**
 * What a client may call the signal: its name, its codes, and codes of digits as numbers too, because a code of
 * ISO/IEEE 11073-10101 is a number to some and a text to others.
 */
export function signalKeys({ name, codes = [] }: ManifestSignal): (string | number)[] {
  const keys = codes.flatMap(({ code }) => (/^(0|[1-9]\d{0,14})$/.test(code) ? [code, Number(code)] : [code]));
  return [...new Set([name, ...keys])];
}

/** The units that an observation of the signal may name. */
export function signalUnits({ unit, ucum }: ManifestSignal): string[] {
  return ucum === undefined || ucum === unit ? [unit] : [unit, ucum];
}

/**
 * Each observation is looked at once, and nothing in it is descended into but for a bound on the nesting of what is not
 * taken: the time is bounded by `maximum` and by the size of the request. No sentence repeats what was sent.
 */
export function compileObservationReader(declared: ManifestObservations): ObservationReader {
  const { signals, otherSignals = 'refuse', maximum = DEFAULT_MAX_OBSERVATIONS } = declared;
  const indexOf = new Map<unknown, number>(
    signals.flatMap((signal, index) => signalKeys(signal).map((key) => [key, index])),
  );
  const rules = signals.map(ruleOf);

  return (sent, pointer, faults) => {
    if (!isListOf(sent, maximum, pointer, faults)) return undefined;
    const table = newTable(sent.length);
    let [count, valid] = [0, true];
    for (let position = 0; position < sent.length && !faults.full; position++) {
      const observation = sent[position];
      if (!isObject(observation)) {
        faults.add(`${pointer}/${position}`, 'must be an object with signal, value and time');
        valid = false;
        continue;
      }
      const signal = indexOf.get(observation.signal) ?? TIME_ONLY;
      const other = signal === TIME_ONLY && otherSignals !== 'refuse' && isSignalName(observation.signal);
      if (other && nestsDeeperThan(DEEPEST_NESTING, observation)) {
        faults.add(`${pointer}/${position}`, 'is nested too deeply');
        valid = false;
        continue;
      }
      if (other && otherSignals === 'drop') continue;
      const time = typeof observation.time === 'string' ? readTime(observation.time) : NaN;
      if (Number.isNaN(time) || !(other || accepts(observation, rules[signal]))) {
        explain(observation, { rule: rules[signal], other }, `${pointer}/${position}`, faults);
        valid = false;
        continue;
      }
      table.signals[count] = signal;
      table.values[count] = other ? NaN : (observation.value as number);
      table.times[count] = time;
      table.positions[count] = position;
      count += 1;
    }
    return valid && !faults.full ? { ...table, count } : undefined;
  };
}

function ruleOf(signal: ManifestSignal): SignalRule {
  const { minimum = -Infinity, maximum = Infinity } = signal.range ?? {};
  return { minimum, maximum, units: signalUnits(signal) };
}

function newTable(size: number): Omit<ObservationTable, 'count'> {
  return {
    signals: new Int32Array(size),
    values: new Float64Array(size),
    times: new Float64Array(size),
    positions: new Int32Array(size),
  };
}

function isListOf(sent: unknown, maximum: number, pointer: string, faults: FaultSink): sent is unknown[] {
  if (!Array.isArray(sent)) faults.add(pointer, sent === undefined ? 'is missing' : 'must be a list of observations');
  else if (sent.length === 0) faults.add(pointer, 'must have at least 1 observation');
  else if (sent.length > maximum)
    faults.add(pointer, `has ${sent.length} observations; at most ${maximum} are taken for one patient`);
  else return true;
  return false;
}

function isObject(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Goes no further down than `levels`, whatever was sent. */
function nestsDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeperThan(levels - 1, inner));
}

function isSignalName(signal: unknown): boolean {
  return typeof signal === 'string' || (typeof signal === 'number' && Number.isFinite(signal));
}

/** Whether the observation, but for its time, is one of a declared signal. */
function accepts(observation: Sent, rule: SignalRule | undefined): boolean {
  const { value, unit } = observation;
  if (!rule || typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (value < rule.minimum || value > rule.maximum) return false;
  if (unit !== undefined && !rule.units.includes(unit as string)) return false;
  for (const name in observation) if (!FIELDS.has(name)) return false;
  return true;
}

/** Says all that is wrong with an observation. */
function explain(
  observation: Sent,
  { rule, other }: { readonly rule: SignalRule | undefined; readonly other: boolean },
  pointer: string,
  faults: FaultSink,
): void {
  const { signal, value, time, unit } = observation;
  if (typeof time !== 'string' || Number.isNaN(readTime(time)))
    faults.add(
      `${pointer}/time`,
      time === undefined ? 'is missing' : 'must be a time with its offset, such as 2026-01-31T10:00:00Z',
    );
  if (other) return;
  if (!rule) faults.add(`${pointer}/signal`, signalFault(signal));
  const valueFault = faultOfValue(value, rule);
  if (valueFault !== undefined) faults.add(`${pointer}/value`, valueFault);
  if (unit !== undefined && typeof unit !== 'string') faults.add(`${pointer}/unit`, 'must be a text');
  else if (unit !== undefined && rule && !rule.units.includes(unit as string))
    faults.add(`${pointer}/unit`, `must be ${rule.units.join(' or ')}, or left out`);
  nameUnknownFields(observation, pointer, faults);
}

function signalFault(signal: unknown): string {
  if (signal === undefined) return 'is missing';
  return isSignalName(signal) ? 'is not a signal that the model takes' : 'must be the name or a code of a signal';
}

function faultOfValue(value: unknown, rule: SignalRule | undefined): string | undefined {
  if (value === undefined) return 'is missing';
  if (typeof value !== 'number') return 'must be a number';
  if (!Number.isFinite(value)) return 'must be a finite number';
  if (rule && value < rule.minimum) return `must be at least ${rule.minimum}`;
  return rule && value > rule.maximum ? `must be at most ${rule.maximum}` : undefined;
}

function nameUnknownFields(observation: object, pointer: string, faults: FaultSink): void {
  let unknown = 0;
  for (const name in observation) {
    if (FIELDS.has(name)) continue;
    faults.add(`${pointer}/${pointerToken(name)}`, 'is not a known field');
    unknown += 1;
    if (unknown === MOST_UNKNOWN_FIELDS || faults.full) break;
  }
}
