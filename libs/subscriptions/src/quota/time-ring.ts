/**
 * Ascending times in a ring that grows by doubling: added at one end, dropped at the other, nothing moved in between.
 */

/** A power of two. */
const INITIAL_CAPACITY = 8;

export class TimeRing {
  /** A plain array of doubles: a typed one is three objects, each somewhere else in memory. */
  private times: number[] = new Array<number>(INITIAL_CAPACITY).fill(NaN);
  private head = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The `index`-th oldest time; NaN when there is none. */
  at(index: number): number {
    if (index < 0 || index >= this.count) return NaN;
    return this.times[(this.head + index) & (this.times.length - 1)]!;
  }

  /** Adds a time that is not before the newest. */
  push(timeMs: number): void {
    if (this.count === this.times.length) this.grow();
    this.times[(this.head + this.count) & (this.times.length - 1)] = timeMs;
    this.count += 1;
  }

  /** Drops the oldest time. */
  shift(): void {
    this.head = (this.head + 1) & (this.times.length - 1);
    this.count -= 1;
  }

  private grow(): void {
    const grown = new Array<number>(this.times.length * 2).fill(NaN);
    for (let index = 0; index < this.count; index += 1) grown[index] = this.at(index);
    this.times = grown;
    this.head = 0;
  }
}
