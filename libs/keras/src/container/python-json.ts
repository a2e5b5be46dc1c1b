/**
 * JSON as Python writes it, with `Infinity` and `NaN`, which JSON does not know. The first becomes infinite, the second a
 * text, so that a layer that asks for a number refuses it.
 */
export function parsePythonJson(text: string): unknown {
  if (!/[[,:]\s*(NaN|-?Infinity)\b/.test(text)) return JSON.parse(text);
  const known = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) => {
    if (token.startsWith('"')) return token;
    return token === 'NaN' ? '"NaN"' : token.replace('Infinity', '1e999');
  });
  return JSON.parse(known);
}
