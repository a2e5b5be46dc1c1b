/**
 * Notices when an answer is overdue, for many that are asked for at the same time over one connection, which answers in order:
 * only the oldest needs to be watched, and a timer for each would cost more than the question.
 */

/** A question that waits for its answer. */
export interface Asked {
  readonly atMs: number;
}

/** A timer that fires this much late was held up by this process, not by who is asked. */
const STALL_MS = 20;
/** What an answer that came in the meantime may still need to be read. */
const GRACE_MS = 25;

export class AnswerDeadline {
  /** Oldest first. */
  private readonly waiting = new Set<Asked>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly boundMs: number,
    private readonly onOverdue: () => void,
  ) {}

  ask(): Asked {
    const asked = { atMs: performance.now() };
    this.waiting.add(asked);
    this.timer ??= this.watch(asked);
    return asked;
  }

  answered(asked: Asked): void {
    this.waiting.delete(asked);
  }

  private watch(asked: Asked): NodeJS.Timeout {
    const dueAtMs = asked.atMs + this.boundMs;
    return setTimeout(
      () => {
        if (!this.waiting.has(asked)) this.watchNext();
        else if (performance.now() - dueAtMs > STALL_MS) this.timer = setTimeout(() => this.decide(asked), GRACE_MS);
        else this.decide(asked);
      },
      Math.max(0, dueAtMs - performance.now()),
    );
  }

  /** After what has arrived is read, which the event loop does between its timers and this. */
  private decide(asked: Asked): void {
    setImmediate(() => {
      if (this.waiting.has(asked)) {
        this.waiting.clear();
        this.onOverdue();
      }
      this.watchNext();
    });
  }

  private watchNext(): void {
    const [oldest] = this.waiting;
    this.timer = oldest && this.watch(oldest);
  }
}
