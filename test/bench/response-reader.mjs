/**
 * Reads HTTP/1.1 answers as they come off a socket, in whatever pieces: the status and the length are read, the body is skipped.
 * No more than that, because each microsecond spent here is one that the server measured beside it does not get.
 */
const [LF, CR, ZERO, NINE, LETTER_C, LETTER_T] = [10, 13, 48, 57, 99, 116];
const LENGTH = Buffer.from('content-length:');
const CODING = Buffer.from('transfer-encoding:');
/** The status stands behind `HTTP/1.1 `. */
const STATUS_AT = 9;
const LONGEST_HEAD = 64 * 1024;

/** An answer that this reader cannot tell the end of. */
export class UnreadableAnswer extends Error {}

export class ResponseReader {
  /** Of the head that `readHead` read last. */
  status = 0;
  bodyBytes = 0;
  /** Bytes of the body that are still to come. */
  bodyLeft = 0;
  /** The beginning of a head whose end has not come yet. */
  pending = undefined;

  /** @param {(status: number) => void} onAnswer called once for each whole answer */
  constructor(onAnswer) {
    this.onAnswer = onAnswer;
  }

  /** The first `length` bytes of `buffer` came; the buffer may be used again afterwards. */
  push(buffer, length) {
    let chunk = buffer;
    let end = length;
    if (this.pending) {
      chunk = Buffer.concat([this.pending, buffer.subarray(0, length)]);
      end = chunk.length;
      this.pending = undefined;
    }
    let at = 0;
    while (at < end) {
      if (this.bodyLeft === 0) {
        const bodyAt = this.readHead(chunk, at, end);
        if (bodyAt < 0) {
          if (end - at > LONGEST_HEAD) throw new UnreadableAnswer('the head of an answer does not end');
          this.pending = Buffer.from(chunk.subarray(at, end));
          return;
        }
        at = bodyAt;
        this.bodyLeft = this.bodyBytes;
      }
      const here = Math.min(this.bodyLeft, end - at);
      this.bodyLeft -= here;
      at += here;
      if (this.bodyLeft === 0) this.onAnswer(this.status);
    }
  }

  /** Where the body begins; -1 when the head is not all there. */
  readHead(chunk, start, end) {
    const statusAt = start + STATUS_AT;
    let bodyBytes = -1;
    for (let at = statusAt + 3; at < end; at += 1) {
      if (chunk[at] !== LF) continue;
      const line = at + 1;
      const first = chunk[line] | 0x20;
      if (chunk[line] === CR) {
        if (line + 1 >= end) return -1;
        this.status = (chunk[statusAt] - ZERO) * 100 + (chunk[statusAt + 1] - ZERO) * 10 + chunk[statusAt + 2] - ZERO;
        const hasNone = this.status === 204 || this.status === 304;
        if (bodyBytes < 0 && !hasNone) throw new UnreadableAnswer('an answer does not tell its length');
        this.bodyBytes = hasNone ? 0 : bodyBytes;
        return line + 2;
      }
      if (first === LETTER_C && startsWith(chunk, line, LENGTH)) bodyBytes = numberAt(chunk, line + LENGTH.length, end);
      else if (first === LETTER_T && startsWith(chunk, line, CODING))
        throw new UnreadableAnswer('an answer comes in chunks');
    }
    return -1;
  }
}

/** Whether a header line begins with a name, in whatever case. What lies behind the end of the data does no harm: the head is read again. */
function startsWith(chunk, line, name) {
  for (let index = 0; index < name.length; index += 1) {
    const byte = chunk[line + index];
    if (byte !== name[index] && (byte | 0x20) !== name[index]) return false;
  }
  return true;
}

function numberAt(chunk, start, end) {
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const byte = chunk[at];
    if (byte >= ZERO && byte <= NINE) number = number * 10 + byte - ZERO;
    else if (byte === CR) break;
  }
  return number;
}
