/** The last minutes of the service: counters as they were read, and what they grew by a second. Pure. */
import { answered, answersOf, counted, gauged, type ServiceMetrics } from './metrics';

export const HISTORY_MS = 5 * 60_000;
/** Between readings further apart than this nobody was listening: a rate over it would hide what happened. */
const GAP_MS = 15_000;

/** What is followed. Counts since the server started. */
export interface Reading {
  readonly atMs: number;
  readonly requests: number;
  readonly predictions: number;
  readonly quotaRefusals: number;
  readonly readRefusals: number;
  /** Answers of 500 and more. */
  readonly failures: number;
  readonly answers: number;
  /** All answers together. */
  readonly answerSeconds: number;
  readonly eventLoopLagMs: number | null;
}

type Counter = Exclude<keyof Reading, 'atMs' | 'eventLoopLagMs'>;

export function readingOf(metrics: ServiceMetrics): Reading {
  const { count, seconds } = answered(metrics);
  const lagSeconds = gauged(metrics, 'nodejs_eventloop_lag_p99_seconds');
  return {
    atMs: Date.parse(metrics.collectedAt),
    requests: counted(metrics, 'latido_http_requests_total'),
    predictions: counted(metrics, 'latido_recorded_predictions_total'),
    quotaRefusals: counted(metrics, 'latido_quota_refusals_total'),
    readRefusals: counted(metrics, 'latido_read_refusals_total'),
    failures: answersOf(metrics, 500, 600),
    answers: count,
    answerSeconds: seconds,
    eventLoopLagMs: lagSeconds === undefined ? null : lagSeconds * 1000,
  };
}

/** The history with one reading more, and without those that are older than it keeps. */
export function withReading(history: readonly Reading[], reading: Reading): readonly Reading[] {
  const last = history.at(-1);
  if (last && reading.atMs <= last.atMs) return history;
  return [...history.filter(({ atMs }) => atMs > reading.atMs - HISTORY_MS), reading];
}

/** Growth from one reading to a later one, a second; null over a gap, or where the server started anew between them. */
function growth(before: Reading | undefined, after: Reading, counter: Counter): number | null {
  if (!before) return null;
  const tookMs = after.atMs - before.atMs;
  const grown = after[counter] - before[counter];
  return tookMs > GAP_MS || grown < 0 ? null : (grown * 1000) / tookMs;
}

/** A second, at each reading but the first. */
export interface Rates {
  readonly timesMs: readonly number[];
  readonly requests: readonly (number | null)[];
  readonly predictions: readonly (number | null)[];
  readonly quotaRefusals: readonly (number | null)[];
  readonly readRefusals: readonly (number | null)[];
  readonly failures: readonly (number | null)[];
  /** Of what was answered between two readings; null where nothing was. */
  readonly meanAnswerMs: readonly (number | null)[];
  readonly eventLoopLagMs: readonly (number | null)[];
}

export function ratesOf(history: readonly Reading[]): Rates {
  const later = history.slice(1);
  const rates = (counter: Counter) => later.map((reading, index) => growth(history[index], reading, counter));
  const answers = rates('answers');
  const seconds = rates('answerSeconds');
  return {
    timesMs: later.map(({ atMs }) => atMs),
    requests: rates('requests'),
    predictions: rates('predictions'),
    quotaRefusals: rates('quotaRefusals'),
    readRefusals: rates('readRefusals'),
    failures: rates('failures'),
    meanAnswerMs: answers.map((count, index) => (count ? ((seconds[index] ?? 0) / count) * 1000 : null)),
    eventLoopLagMs: later.map(({ eventLoopLagMs }) => eventLoopLagMs),
  };
}

/** Growth a second over the last `spanMs`; null before there are two readings in it. */
export function rateOver(history: readonly Reading[], counter: Counter, spanMs: number): number | null {
  const last = history.at(-1);
  if (!last) return null;
  const within = history.filter(({ atMs }) => atMs >= last.atMs - spanMs);
  const first = within[0]!;
  if (first === last) return null;
  const grown = within.slice(1).map((reading, index) => growth(within[index], reading, counter));
  if (grown.includes(null)) return null;
  return ((last[counter] - first[counter]) * 1000) / (last.atMs - first.atMs);
}
