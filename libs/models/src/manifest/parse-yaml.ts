/** YAML from people who may not mean well: what would exhaust the parser is refused before it is parsed. */
import { Lexer, parseDocument } from 'yaml';

/** A manifest nests six deep. The parser calls itself for each level, and a stack that ends inside it ends the process. */
const DEEPEST_FLOW = 32;
/** Block levels start at ever larger columns, so that a bound on the column bounds their number. */
const WIDEST_INDENTATION = 200;

/** Token that the lexer puts before a plain or block scalar. */
const SCALAR_FOLLOWS = '\x1f';

/** Why the text is not parsed at all, found in one pass over its tokens; undefined when it may be. */
function refusal(text: string): string | undefined {
  let flow = 0;
  let column = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (token === SCALAR_FOLLOWS) {
      isScalar = true;
      continue;
    }
    if (!isScalar) {
      if (/^[!&*%?]/.test(token)) return 'uses YAML tags, anchors, directives or complex keys: write plain values';
      if (token === '[' || token === '{') flow += 1;
      else if (token === ']' || token === '}') flow -= 1;
      const startsBlock = flow === 0 && (token === '-' || token === ':');
      if (flow > DEEPEST_FLOW || (startsBlock && column > WIDEST_INDENTATION)) return 'nests too deeply';
    }
    isScalar = false;
    const lineEnd = token.lastIndexOf('\n');
    column = lineEnd < 0 ? column + token.length : token.length - lineEnd - 1;
  }
  return undefined;
}

/**
 * The value of one YAML 1.2 document, or JSON, by the core schema: no timestamps, no objects but maps and lists.
 * @throws Error whose message completes the sentence "the file …"
 */
export function parseYaml(text: string): unknown {
  const reason = refusal(text);
  if (reason) throw new Error(reason);
  const parsed = parseDocument(text, { schema: 'core', version: '1.2', uniqueKeys: true, prettyErrors: false });
  const [error] = parsed.errors;
  if (error) throw new Error(`is not YAML: ${error.message.split('\n')[0]}`);
  return parsed.toJS();
}
