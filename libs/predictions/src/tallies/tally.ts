/** What a number of predictions adds to the sums. */
import type { ScoreKind } from './version-score.js';

/** A sum of larger ones may be no number, and one answer would then keep all others from being counted. */
const LARGEST_SCORE = 1e200;

export class Tally {
  predictions = 0;
  rows = 0;
  score: ScoreKind | null = null;
  scoredRows = 0;
  scoreSum = 0;
  private readonly labels = new Map<string, number>();

  addPrediction(rows: number): void {
    this.predictions += 1;
    this.rows += rows;
  }

  addLabel(label: string): void {
    this.labels.set(label, (this.labels.get(label) ?? 0) + 1);
  }

  /** Left out where it is too large for a sum. */
  addScore(kind: ScoreKind, score: number): void {
    this.score = kind;
    if (Math.abs(score) > LARGEST_SCORE) return;
    this.scoredRows += 1;
    this.scoreSum += score;
  }

  /** In the form of a row of the tables. */
  columns(): Record<string, unknown> {
    const { predictions, rows, score, scoredRows, scoreSum } = this;
    const labels = Object.fromEntries(this.labels);
    return { predictions, rows, labels, score, scored_rows: scoredRows, score_sum: scoreSum };
  }
}
