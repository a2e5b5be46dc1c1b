/** Bytes that come in parts and are wanted together. They are copied once, however many parts there are. */
export class ByteParts {
  length = 0;
  private parts: Buffer[] = [];

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.parts.push(bytes);
    this.length += bytes.length;
  }

  /** All of them; afterwards there are none. */
  take(): Buffer {
    const { parts } = this;
    this.parts = [];
    this.length = 0;
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }
}
