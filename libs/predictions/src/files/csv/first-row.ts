/** The first row of a file, gathered from its bytes however they come: each of them is looked at once. */
import { ByteParts } from './byte-parts.js';
import { FileFault, MAX_HEADER_BYTES } from './file-plan.js';

const QUOTE = 0x22;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export class FirstRow {
  private readonly parts = new ByteParts();
  private quoted = false;
  /** Whether a return came, and nothing else: it may be half of an empty line's end. */
  private returned = false;

  /** What follows the row, once it has ended: `take` has it then; undefined before. @throws FileFault for a row that is too long */
  read(bytes: Buffer): Buffer | undefined {
    const text = this.parts.length === 0 || this.returned ? this.withoutEmptyLines(bytes) : bytes;
    const end = this.endIn(text);
    this.parts.add(end === -1 ? text : text.subarray(0, end));
    if (this.parts.length > MAX_HEADER_BYTES) {
      throw new FileFault(
        `The first row of the file is longer than ${MAX_HEADER_BYTES} bytes. Is a quote not closed, or is this no CSV?`,
      );
    }
    return end === -1 ? undefined : text.subarray(end);
  }

  take(): string {
    return this.parts.take().toString('utf8');
  }

  private withoutEmptyLines(more: Buffer): Buffer {
    this.parts.add(more);
    const bytes = this.parts.take();
    let from = 0;
    while (bytes[from] === NEWLINE || (bytes[from] === RETURN && bytes[from + 1] === NEWLINE)) from += 1;
    this.returned = from + 1 === bytes.length && bytes[from] === RETURN;
    return bytes.subarray(from);
  }

  /** Behind a newline that no quotes enclose; -1 where there is none. */
  private endIn(bytes: Buffer): number {
    for (let index = 0; index < bytes.length; index += 1) {
      if (bytes[index] === QUOTE) this.quoted = !this.quoted;
      else if (bytes[index] === NEWLINE && !this.quoted) return index + 1;
    }
    return -1;
  }
}
