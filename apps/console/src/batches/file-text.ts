/** The text of a file's first bytes, in the encoding that the server would read it in (docs/scoring-files.md). */

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16';

export interface FileText {
  readonly encoding: Encoding;
  /** Without a byte order mark; of UTF-16, which is refused, nothing. */
  readonly text: string;
}

const MARK = [0xef, 0xbb, 0xbf];

/** @param bytes the beginning of a file; a character that is cut at its end is left out */
export function textOf(bytes: Uint8Array): FileText {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { encoding: 'utf-16', text: '' };
  const hasMark = MARK.every((byte, index) => bytes[index] === byte);
  const encoding = hasMark || isUtf8(bytes) ? 'utf-8' : 'windows-1252';
  return { encoding, text: new TextDecoder(encoding).decode(bytes, { stream: true }) };
}

/** By the first character beyond ASCII, where there is one. */
function isUtf8(bytes: Uint8Array): boolean {
  const at = bytes.findIndex((byte) => byte >= 0x80);
  if (at === -1) return true;
  const length = sequenceLength(bytes[at]!);
  const rest = bytes.subarray(at + 1, at + length);
  return length > 1 && rest.every((byte) => byte >= 0x80 && byte <= 0xbf);
}

/** Of the UTF-8 sequence that begins with this byte; 1 for a byte that none begins with. */
function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 1;
}
