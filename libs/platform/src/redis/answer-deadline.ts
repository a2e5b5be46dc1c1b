/**
 * Notices when an answer is overdue, for many that are asked for over one connection, which answers in order: only the oldest
 * needs to be watched. Time is counted in ticks of this process: while it is held up (a long computation, a machine that has too
 * much to do) it could not have read an answer, so that its own stalls are not taken for the other side's.
 */

/** A question that waits for its answer. */
export interface Asked {
  /** How many ticks there had been. */
  readonly atTick: number;
}

const TICKS = 5;

export class AnswerDeadline {
  /** Oldest first. */
  private readonly waiting = new Set<Asked>();
  private tick = 0;
  private ticking = false;

  /** @param boundMs an answer is overdue after four to five fifths of it */
  constructor(
    private readonly boundMs: number,
    private readonly onOverdue: () => void,
  ) {}

  ask(): Asked {
    const asked = { atTick: this.tick };
    this.waiting.add(asked);
    if (!this.ticking) this.startTick();
    return asked;
  }

  answered(asked: Asked): void {
    this.waiting.delete(asked);
  }

  private startTick(): void {
    this.ticking = true;
    // The event loop reads what has arrived between its timers and its immediates.
    setTimeout(() => setImmediate(() => this.endTick()), this.boundMs / TICKS);
  }

  private endTick(): void {
    this.tick += 1;
    const [oldest] = this.waiting;
    if (oldest && this.tick - oldest.atTick >= TICKS) {
      this.waiting.clear();
      this.onOverdue();
    }
    if (this.waiting.size > 0) this.startTick();
    else this.ticking = false;
  }
}
