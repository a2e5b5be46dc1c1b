/** What was predicted, gathered by model: rows of each class and the mean score, day by day. Pure. */
import type { PredictionDay } from './queries';

export type ScoreKind = NonNullable<PredictionDay['score']>;

export interface ClassRows {
  /** Null: rows of a regression, and rows that were erased before they were counted. */
  readonly label: string | null;
  /** One a date. */
  readonly rows: readonly number[];
}

export interface ModelDays {
  readonly model: string;
  readonly versions: readonly string[];
  readonly predictions: number;
  readonly rows: number;
  /** Of `rows`, those that came in files. */
  readonly fileRows: number;
  /** The class answered most often first. */
  readonly classes: readonly ClassRows[];
  /** What the mean is of; null before there is one. */
  readonly score: ScoreKind | null;
  /** One a date, over its rows; null where there were none. */
  readonly meanScores: readonly (number | null)[];
}

const sumOf = (days: readonly PredictionDay[], of: (day: PredictionDay) => number): number =>
  days.reduce((sum, day) => sum + of(day), 0);

/** Rows that are in no class. */
const unlabelled = ({ rows, labels }: PredictionDay): number =>
  rows - Object.values(labels).reduce((sum, count) => sum + count, 0);

/** The mean over the rows that have one. Versions that are scored in another way than most are left out: the numbers would not mean the same. */
function meanOf(days: readonly PredictionDay[], score: ScoreKind | null): number | null {
  const scored = days.filter(({ meanScore, score: own, rows }) => meanScore !== null && own === score && rows > 0);
  const rows = sumOf(scored, (day) => day.rows);
  return rows === 0 ? null : sumOf(scored, (day) => day.meanScore! * day.rows) / rows;
}

function mostUsed(days: readonly PredictionDay[]): ScoreKind | null {
  const rows = new Map<ScoreKind, number>();
  for (const day of days) if (day.score !== null) rows.set(day.score, (rows.get(day.score) ?? 0) + day.rows);
  return [...rows].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

function daysOf(model: string, days: readonly PredictionDay[], dates: readonly string[]): ModelDays {
  const byDate = dates.map((date) => days.filter((day) => day.date === date));
  const score = mostUsed(days);
  const labels = [...new Set(days.flatMap((day) => Object.keys(day.labels)))];
  const rowsBy = (of: (day: PredictionDay) => number) => byDate.map((ofDate) => sumOf(ofDate, of));
  const total = ({ rows }: ClassRows): number => rows.reduce((sum, count) => sum + count, 0);
  const classes = labels
    .map((label): ClassRows => ({ label, rows: rowsBy((day) => day.labels[label] ?? 0) }))
    .sort((a, b) => total(b) - total(a));
  const others: ClassRows = { label: null, rows: rowsBy(unlabelled) };
  return {
    model,
    versions: [...new Set(days.map(({ version }) => version))].sort(),
    predictions: sumOf(days, (day) => day.predictions),
    rows: sumOf(days, (day) => day.rows),
    fileRows: sumOf(days, (day) => (day.source === 'file' ? day.rows : 0)),
    classes: total(others) > 0 ? [...classes, others] : classes,
    score,
    meanScores: byDate.map((ofDate) => meanOf(ofDate, score)),
  };
}

/** The model with most rows first. */
export function byModel(days: readonly PredictionDay[], dates: readonly string[]): ModelDays[] {
  const models = [...new Set(days.map(({ model }) => model))];
  return models
    .map((model) =>
      daysOf(
        model,
        days.filter((day) => day.model === model),
        dates,
      ),
    )
    .sort((a, b) => b.rows - a.rows || a.model.localeCompare(b.model));
}
