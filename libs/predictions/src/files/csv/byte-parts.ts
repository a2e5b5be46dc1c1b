const NOTHING = Buffer.alloc(0);

/** Bytes that come in parts and are wanted together. They take about their own length, however small the parts are. */
export class ByteParts {
  length = 0;
  private bytes: Buffer = NOTHING;

  /** Copies them. */
  add(part: Buffer): void {
    const length = this.length + part.length;
    if (length > this.bytes.length) {
      // Twice as much each time: each byte is copied twice on average, not once for each part.
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.bytes.length));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    part.copy(this.bytes, this.length);
    this.length = length;
  }

  /** All of them; afterwards there are none. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = NOTHING;
    this.length = 0;
    return taken;
  }
}
