import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { Observation, ObservationsDeclaration } from './observations';
import { slidingWindows, spellsOf, thinnedOut, windowOf } from './sliding-window';

const shock = parse(
  readFileSync(join(import.meta.dirname, '../../../../models/haemodynamic-shock/1.0.0/manifest.yaml'), 'utf8'),
) as { observations: ObservationsDeclaration; features: Parameters<typeof windowOf>[0] };
const { observations: declaration, features } = shock;

const START = Date.UTC(2026, 0, 1);
const timeOf = (minute: number): string => new Date(START + minute * 60_000).toISOString();
/** All signals, at these minutes. */
function recorded(minutes: readonly number[], skip: (signal: string, minute: number) => boolean = () => false) {
  return minutes.flatMap((minute) =>
    declaration.signals.flatMap(({ name, example = 1 }): Observation[] =>
      skip(name, minute) ? [] : [{ signal: name, value: example, time: timeOf(minute) }],
    ),
  );
}
const everyFive = (count: number): number[] => Array.from({ length: count }, (_, n) => n * 5);
const slide = (observations: readonly Observation[]) => slidingWindows(observations, declaration, features);

describe('a window that slides', () => {
  it('has the rules that the version declares', () => {
    expect(windowOf(features)).toMatchObject({ samples: 20, samplingInterval: 300 });
    expect(windowOf([{ select: ['age'] }])).toBeUndefined();
    expect(windowOf({ short: [{ window: { samples: 5 } }], long: [{ window: { samples: 9 } }] })?.samples).toBe(9);
  });

  it('stands at each timestep that has enough before it, and holds its own timesteps alone', () => {
    const windows = slide(recorded(everyFive(23)));
    expect(windows.map(({ timeMs }) => timeMs)).toEqual([95, 100, 105, 110].map((minute) => START + minute * 60_000));
    for (const { observations, fault } of windows) {
      expect(fault).toBeUndefined();
      expect(new Set(observations.map(({ time }) => time)).size).toBe(20);
    }
    expect(windows[1]!.observations[0]!.time).toBe(timeOf(5));
  });

  it('does not stand anywhere where there is too little', () => {
    expect(slide(recorded(everyFive(19)))).toEqual([]);
    expect(slide(recorded(everyFive(20)))).toHaveLength(1);
  });

  it('is thinned out evenly, down to its last place, where a request holds fewer', () => {
    const windows = slide(recorded(everyFive(40)));
    expect(windows).toHaveLength(21);
    expect(thinnedOut(windows, 1000)).toEqual({ windows, everyNth: 1 });
    const { windows: fewer, everyNth } = thinnedOut(windows, 5);
    expect(everyNth).toBe(5);
    expect(fewer.map(({ timeMs }) => (timeMs - START) / 60_000)).toEqual([95, 120, 145, 170, 195]);
    expect(thinnedOut([], 5).windows).toEqual([]);
  });

  it('is thinned out to what the server reads of one request', () => {
    const windows = slide(recorded(everyFive(300)));
    const { windows: fewer } = thinnedOut(windows, 1000);
    expect(JSON.stringify(windows.map(({ observations }) => ({ observations }))).length).toBeGreaterThan(2 ** 20);
    const inputs = fewer.map(({ observations }) => ({ observations }));
    expect(JSON.stringify({ inputs }).length).toBeLessThan(2 ** 20);
    expect(fewer.length).toBeGreaterThan(40);
    expect(fewer.at(-1)).toBe(windows.at(-1));
  });

  it('says why the model would refuse it', () => {
    const withPause = slide(recorded([...everyFive(20), 120, 125]));
    expect(withPause.map(({ fault }) => fault)).toEqual([
      undefined,
      { rule: 'longestGap', seconds: 900 },
      { rule: 'longestGap', seconds: 900 },
    ]);
    const uneven = slide(recorded([...everyFive(20), 97]));
    expect(uneven[1]!.fault).toEqual({ rule: 'interval', seconds: 300 });
  });

  it('carries a value forward for half an hour, and no further', () => {
    const lost = (from: number, to: number) => (signal: string, minute: number) =>
      signal === 'temperature' && minute >= from && minute <= to;
    expect(slide(recorded(everyFive(20), lost(10, 35)))[0]!.fault).toBeUndefined();
    expect(slide(recorded(everyFive(20), lost(10, 40)))[0]!.fault).toEqual({ rule: 'missing', signal: 'temperature' });
    expect(slide(recorded(everyFive(20), lost(0, 0)))[0]!.fault).toEqual({ rule: 'missing', signal: 'temperature' });
  });

  it('takes the same answer for as long as it stays', () => {
    const points = ['a', 'a', 'b', 'a'].map((what, timeMs) => ({ what, timeMs }));
    expect(spellsOf(points)).toEqual([
      { what: 'a', fromMs: 0, toMs: 1 },
      { what: 'b', fromMs: 2, toMs: 2 },
      { what: 'a', fromMs: 3, toMs: 3 },
    ]);
    expect(spellsOf([])).toEqual([]);
  });
});
