/** What of the older glm service is computed without a server. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { DASHBOARD_POLICY, dashboardPage } from './dashboard-page.js';
import { glmRefusal } from './glm.refusals.js';
import { logLine } from './log-lines.js';
import { totalOf, trafficBars } from './traffic-series.js';

const NOW = new Date('2026-03-01T12:34:56Z');
const minuteOf = (time: string): number => Date.parse(time) / 60_000;

describe('a line of the log file', () => {
  const cells = (name: string): string[] => (parse(logLine(NOW, name, [true, false])) as string[][])[0]!;

  it('holds time, file name and predictions', () => {
    expect(logLine(NOW, 'march.csv', [true, false])).toBe('2026-03-01T12:34:56.000Z,march.csv,"[true,false]"\n');
  });

  it.each(['a "quoted", name;.csv', 'ä€😀.csv', 'a,b', "it's"])('reads back: %s', (name) => {
    expect(cells(name)).toEqual([NOW.toISOString(), name, '[true,false]']);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y")'])('is no formula: %s', (name) => {
    expect(cells(name)[1]).toBe(`'${name}`);
  });

  it('is one line, whatever the name', () => {
    expect(cells('a\r\nb\0c\td.csv')[1]).toBe('a b c d.csv');
    expect(logLine(NOW, 'a\r\n=1\nb', []).trimEnd()).not.toMatch(/[\r\n]/);
    expect(cells('\t=1+1')[1]).toBe(' =1+1');
    expect(cells('x'.repeat(9_000))[1]).toHaveLength(255);
  });
});

describe('requests over time', () => {
  const minutes = [
    { minute: minuteOf('2026-02-28T13:10:00Z'), statusClass: 2, requests: 7 },
    { minute: minuteOf('2026-03-01T11:34:00Z'), statusClass: 2, requests: 100 },
    { minute: minuteOf('2026-03-01T11:35:00Z'), statusClass: 2, requests: 3 },
    { minute: minuteOf('2026-03-01T12:34:00Z'), statusClass: 2, requests: 2 },
    { minute: minuteOf('2026-03-01T12:34:00Z'), statusClass: 4, requests: 5 },
    { minute: minuteOf('2026-03-01T12:34:00Z'), statusClass: 5, requests: 1 },
  ];

  it('are bars of a minute, the last one now’s', () => {
    const bars = trafficBars(minutes, NOW, 1, 60);
    expect(bars).toHaveLength(60);
    expect(bars[0]).toEqual({ from: new Date('2026-03-01T11:35:00Z'), counts: { answered: 3, refused: 0, failed: 0 } });
    expect(bars.at(-1)).toEqual({
      from: new Date('2026-03-01T12:34:00Z'),
      counts: { answered: 2, refused: 5, failed: 1 },
    });
    expect(totalOf(bars, 'answered')).toBe(5);
  });

  it('are bars of an hour', () => {
    const bars = trafficBars(minutes, NOW, 60, 24);
    expect(bars[0]).toMatchObject({ from: new Date('2026-02-28T13:00:00Z'), counts: { answered: 7 } });
    expect(totalOf(bars, 'answered')).toBe(112);
    expect(bars.at(-2)?.counts.answered).toBe(103);
  });

  it('are drawn, also where there are none, in a page that loads and runs nothing', () => {
    for (const given of [minutes, []]) {
      const page = dashboardPage(trafficBars(given, NOW, 1, 60), trafficBars(given, NOW, 60, 24), NOW);
      expect(page).not.toMatch(/NaN|Infinity|undefined|<script|style=|href=|src=|http:/);
      expect(page.match(/<rect/g) ?? []).toHaveLength(given.length === 0 ? 0 : 4 + 5);
    }
    expect(DASHBOARD_POLICY).toContain("default-src 'none'");
    expect(DASHBOARD_POLICY).not.toContain('unsafe');
  });
});

describe('a refusal', () => {
  const refusal = (code: string, status: number, errors: { pointer: string; detail: string }[] = []) =>
    glmRefusal({ status, code, detail: 'Something.', errors, headers: {} });

  it('has the service’s shape and statuses', () => {
    expect(refusal('UNSUPPORTED_MEDIA_TYPE', 415)).toEqual({ status: 400, body: { error: 'No file part' } });
    expect(refusal('FORBIDDEN', 403)).toEqual({ status: 403, body: { error: 'Something.' } });
    expect(refusal('PAYLOAD_TOO_LARGE', 413)).toEqual({ status: 413, body: { error: 'Something.' } });
  });

  it('names the columns at fault, so many as a sentence bears', () => {
    const missing = Array.from({ length: 22 }, (_, index) => ({ pointer: `/a~1${index}`, detail: 'is missing' }));
    expect(refusal('FILE_INVALID', 422, missing.slice(0, 1)).body).toEqual({
      error: 'Something. The column a/0 is missing.',
    });
    expect(JSON.stringify(refusal('FILE_INVALID', 422, missing).body)).toMatch(
      /a\/19 is missing\. 2 more are at fault/,
    );
  });
});
