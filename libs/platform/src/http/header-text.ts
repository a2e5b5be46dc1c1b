const PERCENT = 0x25;

/** A text as a header's value: visible ASCII as it is, all else percent-encoded as UTF-8, lines joined. */
export function headerText(text: string): string {
  const bytes = Buffer.from(text.trim().replace(/\s+/g, ' '));
  return Array.from(bytes, (byte) =>
    byte < 0x20 || byte > 0x7e || byte === PERCENT
      ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  ).join('');
}
