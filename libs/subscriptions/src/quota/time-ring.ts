/**
 * Ascending times in a ring that grows by doubling: added at one end, dropped at the other, nothing moved in between.
 */

/** A power of two. 64 bytes are still kept inside the JavaScript heap by V8, without a buffer of their own. */
const INITIAL_CAPACITY = 8;

export class TimeRing {
  private times = new Float64Array(INITIAL_CAPACITY);
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
    const grown = new Float64Array(this.times.length * 2);
    for (let index = 0; index < this.count; index += 1) grown[index] = this.at(index);
    this.times = grown;
    this.head = 0;
  }
}
