/** JSON as Python's `json.dumps` writes it: with NaN, Infinity and -Infinity among the numbers. */

const NUMBERS = /NaN|-?Infinity/;
/** What a text begins and ends with, what stands escaped in one, and the numbers; each is short, so that one pass reads any text. */
const TOKENS = /\\.|"|NaN|-?Infinity/gs;

/** The same with null for these numbers, undefined for a text that has none of them. What is no JSON for another reason remains none. */
export function withoutPythonNumbers(json: string): string | undefined {
  if (!NUMBERS.test(json)) return undefined;
  let withinText = false;
  return json.replace(TOKENS, (token) => {
    if (token === '"') withinText = !withinText;
    return withinText || token === '"' || token.startsWith('\\') ? token : 'null';
  });
}
