/**
 * From the older service's rows to the observations that a version takes: those of its signals in the last timesteps that it looks
 * at. What came before is neither checked nor recorded: the model does not see it.
 */
import { signalKeys, windowsOf, type ManifestSignal, type ModelManifest, type Observation } from '#inference';
import { pointerToken } from '#platform';
import type { Faults } from '#predictions';
import { readNumberText } from '../shared/number-text.js';
import { readRegistrationTime } from './registration-time.js';
import type { PatientRows, ShockTable } from './shock-table.js';

/** As a version takes them; a signal that it does not know may stand for its time alone. */
export type SentObservation = Partial<Record<keyof Observation, unknown>>;

/** One patient's observations, and the index of the row that each comes from. */
export interface PatientObservations {
  readonly observations: readonly SentObservation[];
  readonly keys: readonly string[];
}

interface TimedRow {
  readonly key: string;
  /** Undefined: one that the version does not know. */
  readonly signal: ManifestSignal | undefined;
  readonly time: string;
  readonly ms: number;
}

/** What clients call each signal of a version: its name, its codes, and the codes' names such as `MDC_TEMP`. */
type SignalNames = ReadonlyMap<unknown, ManifestSignal>;

/** Reads the rows of patients as a version declares its signals. */
export class ShockReader {
  private readonly signals: SignalNames;
  private readonly samples: number;
  private readonly countsOtherTimes: boolean;

  constructor({ observations, features }: ModelManifest) {
    this.signals = namesOf(observations?.signals ?? []);
    this.samples = windowsOf({ features })[0]?.samples ?? 0;
    this.countsOtherTimes = observations?.otherSignals === 'timestep';
  }

  /** Sorted by time. Faults have pointers into the client's table. */
  read(table: ShockTable, { keys }: PatientRows, faults: Faults): PatientObservations {
    const rows: TimedRow[] = [];
    for (const key of keys) {
      if (faults.full) break;
      // What pandas has no value for is no observation.
      if (valueOf(table.valor[key]) === null) continue;
      const named = this.signalOf(table, key, faults);
      if (!named || !(named.signal || this.countsOtherTimes)) continue;
      const written = table.fecRegistro[key];
      const time = readRegistrationTime(written);
      if (time) rows.push({ key, signal: named.signal, time: time.text, ms: time.ms });
      else faults.add(`/fecRegistro/${pointerToken(key)}`, written === null ? 'is missing' : TIME_FAULT);
    }
    const counting = this.inWindow(rows);
    return {
      observations: counting.map((row) => observationOf(row, table)),
      keys: counting.map(({ key }) => key),
    };
  }

  /** Undefined where faults were added. */
  private signalOf(
    { idSigno, nomSigno }: ShockTable,
    key: string,
    faults: Faults,
  ): { readonly signal: ManifestSignal | undefined } | undefined {
    const [code, name] = [idSigno[key], nomSigno[key]];
    const place = pointerToken(key);
    if (!isName(code) || !isName(name)) {
      faults.add(isName(code) ? `/nomSigno/${place}` : `/idSigno/${place}`, 'must be a number or a text');
      return undefined;
    }
    const [byCode, byName] = [this.signals.get(code), this.signals.get(name)];
    if (byCode && byName && byCode !== byName) faults.add(`/nomSigno/${place}`, 'is another signal than idSigno says');
    else if (code === null && name === null) faults.add(`/idSigno/${place}`, 'is missing');
    else return { signal: byCode ?? byName };
    return undefined;
  }

  private inWindow(rows: readonly TimedRow[]): TimedRow[] {
    const times = [...new Set(rows.map(({ ms }) => ms))].sort((a, b) => a - b);
    const first = times[Math.max(times.length - this.samples, 0)] ?? Infinity;
    const sorted = rows.filter(({ ms }) => ms >= first).sort((a, b) => a.ms - b.ms);
    if (!this.countsOtherTimes) return sorted;
    // A timestep that a signal of the version makes needs no other to make it.
    const made = new Set(sorted.flatMap(({ signal, ms }) => (signal ? ms : [])));
    return sorted.filter(({ signal, ms }) => {
      if (signal) return true;
      const makesOne = !made.has(ms);
      made.add(ms);
      return makesOne;
    });
  }
}

const TIME_FAULT = 'must be a time such as 2026-01-31 10:00:00';

const NOT_A_NUMBER = /^\s*[+-]?nan\s*$/i;

/** A number that is written as a text is one, as to pydantic; what is no number at all stays as it was sent. */
function valueOf(written: unknown): unknown {
  if (typeof written !== 'string') return written;
  return NOT_A_NUMBER.test(written) ? null : (readNumberText(written) ?? written);
}

function observationOf({ key, signal, time }: TimedRow, table: ShockTable): SentObservation {
  if (!signal) return { signal: table.idSigno[key] ?? table.nomSigno[key], time };
  const unit = table.unidad && Object.hasOwn(table.unidad, key) ? table.unidad[key] : null;
  return { signal: signal.name, value: valueOf(table.valor[key]), time, ...(unit === null ? {} : { unit }) };
}

function namesOf(signals: readonly ManifestSignal[]): SignalNames {
  return new Map(
    signals.flatMap((signal) =>
      [...signalKeys(signal), ...(signal.codes ?? []).flatMap(({ display }) => display ?? [])].map(
        (name) => [name, signal] as const,
      ),
    ),
  );
}

function isName(cell: unknown): cell is string | number | null {
  return cell === null || typeof cell === 'string' || typeof cell === 'number';
}
