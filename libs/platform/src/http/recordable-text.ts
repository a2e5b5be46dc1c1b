/**
 * Text that the record can keep as it was sent. Postgres has no U+0000 in text and jsonb, and half a surrogate pair is
 * not Unicode: the driver would quietly write another character.
 */

const UNRECORDABLE_CHARACTER = /[\0\p{Surrogate}]/u;
/** How JSON.stringify writes these two. After an even number of backslashes only: the others are themselves escaped. */
const UNRECORDABLE_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** What is said of text that is not recordable. */
export const UNRECORDABLE = 'must not hold U+0000 or half a surrogate pair';

export function isRecordableText(text: string): boolean {
  return !UNRECORDABLE_CHARACTER.test(text);
}

/** The same for all strings in a text that JSON.stringify wrote. */
export function isRecordableJson(json: string): boolean {
  return !json.includes('\\u') || !UNRECORDABLE_ESCAPE.test(json);
}
