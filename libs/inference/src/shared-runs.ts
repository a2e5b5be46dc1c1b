/**
 * Runs rows of concurrent requests together: a run of 32 rows takes hardly longer than a run of one. Only for models whose
 * scores of a row do not depend on what else is in its batch, so that each request gets to the bit what it would get alone.
 */
import type { LoadedModel } from './engines/inference-engine.js';
import { mostRowsWithin, worthSendingMs } from './engines/run-cost.js';
import type { FeatureRow } from './features/feature-pipeline.js';
import type { Scorer, Scores } from './scorer.js';

/** The largest batch that verification compares with rows alone. */
const mostRowsVerified = 256;

interface Waiting {
  readonly rows: readonly FeatureRow[];
  readonly resolve: (scores: Scores) => void;
  readonly reject: (error: unknown) => void;
}

export class SharedRuns {
  private waiting: Waiting[] = [];
  private waitingRows = 0;
  private scheduled = false;

  /** @param mostShared of a shared run, if as many still run shortly, in the server's own thread */
  constructor(
    private readonly scorer: Pick<Scorer, 'score' | 'valuesPerRow'> & { readonly model: Pick<LoadedModel, 'cost'> },
    private readonly mostShared = mostRowsVerified,
  ) {}

  /**
   * As `Scorer.score`, which also runs what is too large to share. Waits for those who come in the same turn of the event
   * loop, and for nobody else: nothing is added when idle. That another request's rows cannot be computed is not noticed.
   * @returns a view of the values of the whole run
   */
  score(rows: readonly FeatureRow[]): Promise<Scores> {
    const { model, valuesPerRow } = this.scorer;
    const mostRows = Math.min(this.mostShared, mostRowsWithin(worthSendingMs, model.cost, valuesPerRow));
    if (rows.length === 0 || rows.length > mostRows) return this.scorer.score(rows);
    return new Promise((resolve, reject) => {
      if (this.waitingRows + rows.length > mostRows) this.runWaiting();
      this.waiting.push({ rows, resolve, reject });
      this.waitingRows += rows.length;
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(this.onTurn);
    });
  }

  private readonly onTurn = (): void => {
    this.scheduled = false;
    this.runWaiting();
  };

  private runWaiting(): void {
    const { waiting } = this;
    this.waiting = [];
    this.waitingRows = 0;
    void this.run(waiting);
  }

  /** Never rejects: what fails is told to those whose rows it was. */
  private async run(requests: readonly Waiting[]): Promise<void> {
    const [first] = requests;
    if (!first) return;
    const alone = requests.length === 1;
    let scores: Scores;
    try {
      scores = await this.scorer.score(alone ? first.rows : requests.flatMap(({ rows }) => rows));
    } catch (error) {
      if (alone) return first.reject(error);
      // Somebody's rows cannot be computed: halves tell whose in fewer runs than one for each.
      const half = requests.length >> 1;
      await Promise.all([this.run(requests.slice(0, half)), this.run(requests.slice(half))]);
      return;
    }
    if (alone) return first.resolve(scores);
    const { values, width } = scores;
    let from = 0;
    for (const { rows, resolve } of requests) {
      const to = from + rows.length * width;
      resolve({ values: values.subarray(from, to), width });
      from = to;
    }
  }
}
