/**
 * Node's response with a cheaper head. Node checks and writes each header of each answer by itself, which with a dozen headers
 * takes as long as all the rest of a bare answer. Most of them are the same in every answer: their lines are kept.
 */
import { ServerResponse, type IncomingMessage } from 'node:http';

/** As RFC 9110 §5.1 has names and §5.5 values; Node refuses what does not match. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** What Node decides by: how a body is delimited, and whether the connection stays. */
const DECIDING = new Set([
  'connection',
  'content-length',
  'date',
  'expect',
  'keep-alive',
  'trailer',
  'transfer-encoding',
]);
/** Names are the application's own, and few. */
const MOST_NAMES = 256;

type Headers = Readonly<Record<string, unknown>>;
type StoreHead = (firstLine: string, headers: unknown) => void;

/** What Node's class has and its types do not tell. */
interface Internals {
  _hasBody: boolean;
  _contentLength: number | null;
  _storeHeader: StoreHead;
}

interface Line {
  value: string;
  text: string;
}

/** The last line of each name; null for names that are left to Node. */
const lines = new Map<string, Line | null>();

function newLine(name: string): Line | null {
  const plain = NAME.test(name) && !DECIDING.has(name.toLowerCase()) && lines.size < MOST_NAMES;
  const line = plain ? { value: '', text: `${name}: \r\n` } : null;
  if (lines.size < MOST_NAMES) lines.set(name, line);
  return line;
}

/** The lines of all headers but content-length; undefined where there is something that Node must see. */
function linesOf(headers: Headers): string | undefined {
  let text = '';
  for (const name in headers) {
    if (name === 'content-length') continue;
    const value = headers[name];
    const line = lines.get(name) ?? newLine(name);
    if (line === null || typeof value !== 'string') return undefined;
    if (line.value !== value) {
      if (!VALUE.test(value)) return undefined;
      line.value = value;
      line.text = `${name}: ${value}\r\n`;
    }
    text += line.text;
  }
  return text;
}

const { _storeHeader: storeHead } = ServerResponse.prototype as unknown as Internals;

export class LeanResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /**
   * Hands Node the lines as part of the first one, and the length of the body in the way in which `end` tells it: the rest of
   * the head, and what depends on it, Node writes as ever. Where Node does not call this, nothing is lost but time.
   */
  protected _storeHeader(firstLine: string, headers: unknown): void {
    const own = this as unknown as Internals;
    const length = typeof headers === 'object' && headers !== null ? (headers as Headers)['content-length'] : undefined;
    if (own._hasBody && this.useChunkedEncodingByDefault && typeof length === 'string' && /^\d+$/.test(length)) {
      const text = linesOf(headers as Headers);
      if (text !== undefined) {
        own._contentLength = Number(length);
        storeHead.call(this, firstLine + text, undefined);
        return;
      }
    }
    storeHead.call(this, firstLine, headers);
  }
}
