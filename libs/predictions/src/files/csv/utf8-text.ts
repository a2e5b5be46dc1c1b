/**
 * A file's bytes as UTF-8, whatever its encoding: the one that the client names, or the one that its first character beyond ASCII
 * shows. Latin-1 is read as Windows-1252, which is what files that say so hold (WHATWG Encoding, "latin1").
 */
import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { FileFault } from './file-plan.js';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF_16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const NOTHING = Buffer.alloc(0);
const LATIN_1 = 'windows-1252';

export class Utf8Text {
  /** Whether the file begins with a byte order mark. */
  hasMark = false;
  private begun = false;
  private held: Buffer = NOTHING;
  private encoding: 'undecided' | 'utf-8' | TextDecoder;

  /** @throws FileFault for an encoding that nobody knows, or UTF-16 */
  constructor(charset?: string) {
    this.encoding = charset === undefined ? 'undecided' : decoderOf(charset);
  }

  /** The bytes as UTF-8; some may be held back until more is known. @throws FileFault */
  read(bytes: Buffer): Buffer {
    return this.decode(bytes, false);
  }

  /** What was held back. */
  end(): Buffer {
    return this.decode(NOTHING, true);
  }

  private decode(more: Buffer, last: boolean): Buffer {
    let bytes = this.held.length === 0 ? more : Buffer.concat([this.held, more]);
    this.held = NOTHING;
    if (!this.begun) {
      if (bytes.length < BOM.length && !last) return this.hold(bytes, 0);
      this.begun = true;
      bytes = this.withoutMark(bytes);
    }
    if (this.encoding === 'undecided' && !isAscii(bytes)) {
      const at = bytes.findIndex((byte) => byte >= 0x80);
      const length = sequenceLength(bytes[at]!);
      if (at + length > bytes.length && !last) return this.hold(bytes, at);
      this.encoding = isSequence(bytes.subarray(at, at + length), length) ? 'utf-8' : new TextDecoder(LATIN_1);
    }
    if (typeof this.encoding === 'string') return bytes;
    return Buffer.from(this.encoding.decode(bytes, { stream: !last }), 'utf8');
  }

  private hold(bytes: Buffer, from: number): Buffer {
    this.held = Buffer.from(bytes.subarray(from));
    return bytes.subarray(0, from);
  }

  private withoutMark(bytes: Buffer): Buffer {
    if (UTF_16.some((mark) => bytes.subarray(0, 2).equals(mark))) throw isUtf16();
    this.hasMark = bytes.subarray(0, BOM.length).equals(BOM);
    if (!this.hasMark) return bytes;
    this.encoding = 'utf-8';
    return bytes.subarray(BOM.length);
  }
}

function decoderOf(charset: string): 'utf-8' | TextDecoder {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset);
  } catch {
    throw new FileFault('The encoding that Content-Type names is not known; utf-8 and iso-8859-1 are.');
  }
  if (decoder.encoding.startsWith('utf-16')) throw isUtf16();
  return decoder.encoding === 'utf-8' ? 'utf-8' : decoder;
}

function isUtf16(): FileFault {
  return new FileFault('The file is UTF-16; save it as UTF-8.');
}

/** Of the UTF-8 sequence that begins with this byte; 1 for a byte that none begins with. */
function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 1;
}

function isSequence(bytes: Buffer, length: number): boolean {
  return length > 1 && bytes.length === length && bytes.subarray(1).every((byte) => byte >= 0x80 && byte <= 0xbf);
}
