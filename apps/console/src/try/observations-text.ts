/** Observations as people have them: the API's JSON, or a table with a column for the time and one for each signal. */
import { jsonFaultAt, placeOf } from './json-fault';
import { delimiterOf, readDelimited, type Cell } from './delimited';
import { signalIndex, type Observation, type ObservationsDeclaration, type Signal } from './observations';

export type TextFaultCode =
  | 'empty'
  | 'json'
  | 'shape'
  | 'openQuote'
  | 'afterQuote'
  | 'noTime'
  | 'noSignal'
  | 'twice'
  | 'cells'
  | 'time'
  | 'number'
  | 'minimum'
  | 'maximum'
  | 'signal'
  | 'noRows'
  | 'tooMany';

export interface TextFault {
  readonly code: TextFaultCode;
  /** Counted from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Of JSON: which observation, counted from 1. */
  readonly entry?: number;
  /** What stands there, cut short. */
  readonly found?: string;
  readonly limit?: number;
}

export interface ReadObservations {
  readonly observations: readonly Observation[];
  /** Columns that stand for no signal of the model. */
  readonly ignored: readonly string[];
}

export type ReadText = ReadObservations | { readonly faults: readonly TextFault[] };

const TIME_NAMES = new Set([
  'time',
  'timestamp',
  'datetime',
  'date',
  'fecha',
  'hora',
  'tiempo',
  'fecha y hora',
  'fechahora',
]);
/** What programs write where there is no value. */
const NO_VALUE = new Set(['', '-', 'na', 'n/a', 'nan', 'null', 'none']);
const MOST_FAULTS = 20;
const MOST_SHOWN = 40;

/** RFC 3339, or the same with a space and without seconds or offset, as spreadsheets write it. */
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:\d{2})?$/i;

/** As the API takes it; undefined for what is no time. Without an offset it is read as UTC. */
export function readTime(text: string): string | undefined {
  const [, day, minute, seconds = ':00', offset = 'Z'] = TIME.exec(text) ?? [];
  if (day === undefined) return undefined;
  const time = `${day}T${minute}${seconds}${offset.toUpperCase()}`;
  const ms = Date.parse(time);
  // Date.parse takes 31 February for 3 March.
  const isDay = !Number.isNaN(ms) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isDay ? time : undefined;
}

/** @param decimalComma whether a comma divides the decimals, as it can where it does not divide the cells */
function readNumber(text: string, decimalComma: boolean): number | undefined {
  const written = decimalComma ? text.replace(',', '.') : text;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : undefined;
}

const shortened = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);

/** @param titleOf names of signals in the reader's language, which a column may have as well */
export function readObservations(
  text: string,
  declaration: ObservationsDeclaration,
  titleOf: (signal: Signal) => string = ({ title }) => title,
): ReadText {
  // Spreadsheets begin a text in UTF-8 with a mark.
  const sent = text.replace(/^\uFEFF/, '');
  if (sent.trim() === '') return { faults: [{ code: 'empty' }] };
  const read = /^\s*[[{]/.test(sent) ? readJson(sent, declaration) : readTable(sent, declaration, titleOf);
  if ('faults' in read) return read;
  if (read.observations.length === 0) return { faults: [{ code: 'noRows' }] };
  return read.observations.length > declaration.maximum
    ? { faults: [{ code: 'tooMany', limit: declaration.maximum }] }
    : read;
}

function rangeFault({ range }: Signal, value: number): Pick<TextFault, 'code' | 'limit'> | undefined {
  if (range && value < range.minimum) return { code: 'minimum', limit: range.minimum };
  if (range && value > range.maximum) return { code: 'maximum', limit: range.maximum };
  return undefined;
}

function listIn(sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return sent;
  const { observations, input } = sent as { observations?: unknown; input?: unknown };
  return observations ?? (input === undefined ? sent : listIn(input));
}

function readJson(text: string, { signals, otherSignals }: ObservationsDeclaration): ReadText {
  const faultAt = jsonFaultAt(text);
  if (faultAt !== undefined) return { faults: [{ code: 'json', ...placeOf(text, faultAt) }] };
  const sent: unknown = JSON.parse(text);
  const list = listIn(sent);
  if (!Array.isArray(list)) return { faults: [{ code: 'shape' }] };
  const known = signalIndex(signals);
  const faults: TextFault[] = [];
  const ignored = new Set<string>();
  const observations: Observation[] = [];
  list.forEach((one: unknown, index) => {
    const entry = index + 1;
    const { signal, value, time } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>;
    if (typeof signal !== 'string' && typeof signal !== 'number') return void faults.push({ code: 'shape', entry });
    const declared = known.get(String(signal));
    if (!declared && otherSignals === 'refuse')
      return void faults.push({ code: 'signal', entry, found: shortened(String(signal)) });
    if (!declared) ignored.add(shortened(String(signal)));
    if (typeof time !== 'string' || readTime(time) === undefined)
      return void faults.push({ code: 'time', entry, found: shortened(JSON.stringify(time) ?? '') });
    if (declared && (typeof value !== 'number' || !Number.isFinite(value)))
      return void faults.push({ code: 'number', entry, found: shortened(JSON.stringify(value) ?? '') });
    const range = declared && rangeFault(declared, value as number);
    if (range) return void faults.push({ ...range, entry, found: String(value) });
    // As it was sent, whatever else it holds: the server judges that.
    observations.push({ ...(one as Observation), time: readTime(time)! });
  });
  return faults.length > 0 ? { faults: faults.slice(0, MOST_FAULTS) } : { observations, ignored: [...ignored] };
}

/** `Heart rate (/min)` and `heart_rate` are names of `heartRate`. */
function nameKey(name: string): string {
  return name
    .replace(/[([].*[)\]]\s*$/, '')
    .normalize('NFD')
    .replaceAll(/[\p{M}\s_.-]/gu, '')
    .toLowerCase();
}

function columnsOf(
  header: readonly Cell[],
  signals: readonly Signal[],
  titleOf: (signal: Signal) => string,
): {
  readonly timeAt: number;
  readonly signalAt: ReadonlyMap<number, Signal>;
  readonly faults: readonly TextFault[];
  readonly ignored: readonly string[];
} {
  const byName = new Map(
    signals.flatMap((signal) =>
      [signal.name, signal.title, titleOf(signal), ...(signal.codes ?? []).map(({ code }) => code)].map(
        (name) => [nameKey(name), signal] as const,
      ),
    ),
  );
  const signalAt = new Map<number, Signal>();
  const faults: TextFault[] = [];
  const ignored: string[] = [];
  let timeAt = -1;
  header.forEach(({ text, line, column }, index) => {
    const signal = byName.get(nameKey(text));
    if (signal && [...signalAt.values()].includes(signal))
      faults.push({ code: 'twice', line, column, found: shortened(text) });
    else if (signal) signalAt.set(index, signal);
    else if (timeAt < 0 && TIME_NAMES.has(text.toLowerCase())) timeAt = index;
    else if (text !== '') ignored.push(shortened(text));
  });
  if (timeAt < 0) faults.push({ code: 'noTime', line: 1 });
  if (signalAt.size === 0) faults.push({ code: 'noSignal', line: 1 });
  return { timeAt, signalAt, faults, ignored };
}

function readTable(text: string, { signals }: ObservationsDeclaration, titleOf: (signal: Signal) => string): ReadText {
  const delimiter = delimiterOf(text);
  const rows = readDelimited(text, delimiter);
  if (!Array.isArray(rows)) return { faults: [rows] };
  const [header = [], ...lines] = rows;
  const { timeAt, signalAt, faults: headerFaults, ignored } = columnsOf(header, signals, titleOf);
  if (headerFaults.length > 0) return { faults: headerFaults };

  const faults: TextFault[] = [];
  const observations: Observation[] = [];
  for (const cells of lines) {
    if (cells.length !== header.length) {
      faults.push({ code: 'cells', line: cells[0]!.line, found: String(cells.length), limit: header.length });
      continue;
    }
    const { text: written, line, column } = cells[timeAt]!;
    const time = readTime(written);
    if (time === undefined) {
      faults.push({ code: 'time', line, column, found: shortened(written) });
      continue;
    }
    for (const [at, signal] of signalAt) {
      const cell = cells[at]!;
      if (NO_VALUE.has(cell.text.toLowerCase())) continue;
      const value = readNumber(cell.text, delimiter !== ',');
      const fault = value === undefined ? { code: 'number' as const } : rangeFault(signal, value);
      if (fault) faults.push({ ...fault, line: cell.line, column: cell.column, found: shortened(cell.text) });
      else observations.push({ signal: signal.name, value: value!, time, unit: signal.unit });
    }
  }
  return faults.length > 0 ? { faults: faults.slice(0, MOST_FAULTS) } : { observations, ignored };
}

/** As the API takes them, one a line. */
export function asJson(observations: readonly Observation[]): string {
  return `{"observations": [\n${observations.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]}`;
}
