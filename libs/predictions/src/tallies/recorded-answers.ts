/** What the rows of a recorded content answered, without reading what was sent: the scores stand last in a row's JSON; see `row-json.ts`. */
import { rowTexts } from '../record/content.js';

export interface RecordedAnswer {
  readonly scores: readonly number[];
  /** Absent for a regression. */
  readonly label?: string;
}

/** A quotation mark within a text is escaped, so that the last of these is no part of a label, and no input comes after it. */
const SCORES = '"scores":[';

/**
 * The rows' answers in their order; undefined for a row that was erased or says none.
 * @throws RangeError where the bytes are no content
 */
export function* recordedAnswers(content: Buffer): Generator<RecordedAnswer | undefined> {
  for (const text of rowTexts(content)) yield text && answerIn(text);
}

function answerIn(text: Buffer): RecordedAnswer | undefined {
  const at = text.lastIndexOf(SCORES);
  if (at < 0) return undefined;
  let answer: Partial<RecordedAnswer>;
  try {
    answer = JSON.parse(`{${text.toString('utf8', at)}`) as Partial<RecordedAnswer>;
  } catch {
    return undefined; // altered by somebody: the verifier of the record tells it
  }
  const { scores, label } = answer;
  return Array.isArray(scores) && scores.every((score) => typeof score === 'number')
    ? { scores, ...(typeof label === 'string' && { label }) }
    : undefined;
}
