/** A line of predictions_log.csv: time, file name, predictions. */
import { stringify } from 'csv-stringify/sync';

export const LOG_HEADER = 'time,file,predictions\n';

/** Characters of a file name that are kept. */
const LONGEST_NAME = 255;

/**
 * Quoted by RFC 4180. A file name that a spreadsheet would take for a formula begins with an apostrophe: it is the client's own text,
 * and people open the file in spreadsheets.
 */
export function logLine(time: Date, fileName: string, predictions: readonly boolean[]): string {
  const name = fileName.replace(/\p{Cc}+/gu, ' ').slice(0, LONGEST_NAME);
  return stringify([[time.toISOString(), name, JSON.stringify(predictions)]], { escape_formulas: true });
}
