/** Texts that every answer and every log line need: the general ways to make them took a tenth of an answer's time. */

/** Milliseconds with three decimals, as `toFixed(3)` writes them, but for ties. Not negative, less than 24 days. */
export function milliseconds(ms: number): string {
  const microseconds = Math.round(ms * 1000);
  const whole = Math.floor(microseconds / 1000);
  const rest = microseconds - whole * 1000;
  return `${whole}${rest < 10 ? '.00' : rest < 100 ? '.0' : '.'}${rest}`;
}

let lastMs = NaN;
let lastText = '';

/** A moment as ISO 8601 in UTC, to the millisecond, as `toISOString` writes it. Many are asked for in the same one. */
export function isoTime(unixMs: number): string {
  if (unixMs !== lastMs) {
    lastText = new Date(unixMs).toISOString();
    lastMs = unixMs;
  }
  return lastText;
}
