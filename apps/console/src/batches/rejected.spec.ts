import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { readRejected, UnreadableResults } from './rejected';

/** In pieces of a few bytes, as a slow connection brings them. */
function streamOf(text: string, step = 7): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let from = 0;
  return new ReadableStream({
    pull(controller) {
      if (from >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(from, (from += step)));
    },
  });
}

const HEADER = ['Subject', 'età', 'note', 'label', 'probability', 'no-risk', 'risk', 'prediction', 'error'];
const FINE = ['P-1', '68', 'a;b', 'risk', '0,9', '0,1', '0,9', 'x/rows/0', ''];
const FAULT = ['P-2', '', 'line\nbreak', '', '', '', '', '', 'età: is missing'];

describe('Rejected rows', () => {
  it('are found in results of any separator, with their number, subject and own cells', async () => {
    for (const delimiter of [',', ';', '\t']) {
      const text = `\ufeff${stringify([HEADER, FINE, FAULT, FINE], { delimiter })}`;
      expect(await readRejected(streamOf(text), 10)).toEqual([
        {
          number: 2,
          error: 'età: is missing',
          subject: 'P-2',
          cells: [
            ['Subject', 'P-2'],
            ['età', ''],
            ['note', 'line\nbreak'],
          ],
        },
      ]);
    }
  });

  it('are told from a column of the file that is called error too', async () => {
    const text = stringify([
      ['error', 'age', 'value', 'prediction', 'result.error'],
      ['mine', '1', '2', 'x', ''],
      ['mine', '', '', '', 'age: is missing'],
    ]);
    expect((await readRejected(streamOf(text), 10)).map(({ number, error }) => [number, error])).toEqual([
      [2, 'age: is missing'],
    ]);
  });

  it('are read no further than was asked for', async () => {
    const text = stringify([HEADER, ...Array.from({ length: 5000 }, () => FAULT)]);
    let read = 0;
    const counted = streamOf(text, 1000).pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          read += chunk.length;
          controller.enqueue(chunk);
        },
      }),
    );
    expect(await readRejected(counted, 100)).toHaveLength(100);
    expect(read).toBeLessThan(text.length / 10);
  });

  it('are not made out of what is no result', async () => {
    await expect(readRejected(streamOf('a,b\n1,2\n'), 10)).rejects.toThrow(UnreadableResults);
  });
});
