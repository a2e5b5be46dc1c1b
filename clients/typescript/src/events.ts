/** Server-sent events read by fetch, which can carry a token where `EventSource` cannot. */

export interface ServerEvent {
  /** `message` where the server names none. */
  readonly event: string;
  readonly data: string;
}

/** The events of a stream of bytes, as the HTML standard reads them (§9.2.6); `id` and `retry` are left out. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let event = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A carriage return at the end may be the first half of a line's end.
      const complete = done || !rest.endsWith('\r') ? rest : rest.slice(0, -1);
      const lines = complete.split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? '') + rest.slice(complete.length);
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
          event = '';
          data = [];
          continue;
        }
        const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
        if (field === 'event') event = value ?? '';
        else if (field === 'data') data.push(value ?? '');
      }
      if (done) return;
    }
  } finally {
    await reader.cancel();
  }
}
