/** Windows: against a slow, obvious reference, whatever the order of the observations. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManifestObservations, Observation, WindowStep } from '../manifest.js';
import { FaultList } from './fault-sink.js';
import { compileObservationReader, type ObservationTable } from './observation-reader.js';
import { buildWindow } from './window.js';

const start = Date.parse('2026-01-31T10:00:00Z');
const declared = (otherSignals: ManifestObservations['otherSignals']): ManifestObservations => ({
  signals: ['pulse', 'temperature', 'height'].map((name) => ({ name, title: name, unit: '1' })),
  otherSignals,
});
const names = declared('drop').signals.map(({ name }) => name);

function tableOf(
  observations: readonly Observation[],
  otherSignals: ManifestObservations['otherSignals'],
): ObservationTable {
  const faults = new FaultList();
  const table = compileObservationReader(declared(otherSignals))(observations, '', faults);
  expect(faults.list).toEqual([]);
  return table as ObservationTable;
}

/** As one would do it by hand. */
function slowWindow(
  observations: readonly Observation[],
  otherSignals: ManifestObservations['otherSignals'],
  { samples, longestForwardFill }: WindowStep,
): { times: number[]; lines: number[][]; timesteps: number } {
  const kept = observations.filter(({ signal }) => otherSignals === 'timestep' || names.includes(String(signal)));
  const all = [...new Set(kept.map(({ time }) => Date.parse(time)))].sort((a, b) => a - b);
  const times = all.slice(-samples);
  const lines = times.map((time) =>
    names.map((name) => {
      const values = kept
        .filter((one) => one.signal === name && Date.parse(one.time) === time)
        .map(({ value }) => value)
        .sort((a, b) => a - b);
      return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
  );
  const filled = lines.map((line, at) =>
    line.map((value, signal) => {
      if (!Number.isNaN(value)) return value;
      for (let before = at - 1; before >= 0; before--) {
        const earlier = lines[before]?.[signal] ?? NaN;
        if (Number.isNaN(earlier)) continue;
        const age = ((times[at] as number) - (times[before] as number)) / 1000;
        return longestForwardFill === undefined || age <= longestForwardFill ? earlier : NaN;
      }
      return NaN;
    }),
  );
  return { times, lines: filled, timesteps: all.length };
}

const observation = fc.record({
  signal: fc.constantFrom('pulse', 'temperature', 'height', 'unknown', 4711),
  value: fc.double({ noNaN: true, min: -1e3, max: 1e3 }),
  // Few minutes, so that several values of one signal fall on one time.
  time: fc.integer({ min: 0, max: 15 }).map((minute) => new Date(start + minute * 60_000).toISOString()),
});
const observations = fc.array(observation, { minLength: 1, maxLength: 80 });
const others = fc.constantFrom('drop' as const, 'timestep' as const);
const window = fc.record(
  { samples: fc.integer({ min: 1, max: 12 }), longestForwardFill: fc.integer({ min: 0, max: 600 }) },
  { requiredKeys: ['samples'] },
);

describe('a window', () => {
  it('is what one would write down by hand, with duplicates, drop-outs and unknown signals', () => {
    fc.assert(
      fc.property(observations, others, window, (sent, otherSignals, declaration) => {
        const made = buildWindow(tableOf(sent, otherSignals), declaration, names.length);
        const expected = slowWindow(sent, otherSignals, declaration);
        expect([...made.times]).toEqual(expected.times);
        expect(made.timesteps).toBe(expected.timesteps);
        expect([...made.values]).toEqual(expected.lines.flat());
      }),
      { numRuns: 500 },
    );
  });

  it('is the same to the last bit in whatever order the observations come', () => {
    const shuffled = observations.chain((sent) =>
      fc.tuple(fc.constant(sent), fc.shuffledSubarray(sent, { minLength: sent.length })),
    );
    fc.assert(
      fc.property(shuffled, others, window, ([sent, other], otherSignals, declaration) => {
        expect(buildWindow(tableOf(other, otherSignals), declaration, names.length)).toEqual(
          buildWindow(tableOf(sent, otherSignals), declaration, names.length),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('carries nothing into it from before it', () => {
    const at = (minute: number): string => new Date(start + minute * 60_000).toISOString();
    const sent = [
      { signal: 'height', value: 162, time: at(0) },
      { signal: 'pulse', value: 80, time: at(1) },
      { signal: 'pulse', value: 82, time: at(2) },
    ];
    const { values } = buildWindow(tableOf(sent, 'drop'), { samples: 2 }, names.length);
    expect([...values]).toEqual([80, NaN, NaN, 82, NaN, NaN]);
  });
});
