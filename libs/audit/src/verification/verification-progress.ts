/** How far a verification is, for whoever watches it and may end it. */
import type pg from 'pg';
import type { BatchKind } from '../chain/batch.js';

/** The chains' batches first, then the records of each kind. */
export type VerificationPhase = 'batches' | BatchKind;

export class VerificationProgress {
  phase: VerificationPhase = 'batches';
  /** Of the phase. */
  checked = 0;
  /** Of the phase; null while they are counted. */
  total: number | null = null;

  /** @param gone aborted when nobody waits for the verification any more */
  constructor(readonly gone: AbortSignal) {}

  /**
   * Counts what is read next. By indices alone, which takes a small part of the time of reading it.
   * @param select what is read
   * @throws the signal's reason once it is aborted
   */
  async begin(phase: VerificationPhase, client: pg.Client, select: string): Promise<void> {
    this.phase = phase;
    this.checked = 0;
    this.total = null;
    this.gone.throwIfAborted();
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM (${select}) AS counted`);
    this.total = Number(rows[0]!.count);
    this.gone.throwIfAborted();
  }

  step(): void {
    this.checked += 1;
  }
}
