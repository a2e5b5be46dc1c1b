import { describe, expect, it } from 'vitest';
import {
  gapsOf,
  missingIn,
  seriesOf,
  timestepsOf,
  type Observation,
  type ObservationsDeclaration,
} from './observations';

const declaration: ObservationsDeclaration = {
  signals: [
    { name: 'heartRate', title: 'Heart rate', unit: '/min', codes: [{ system: 'mdc', code: '147842' }] },
    { name: 'temperature', title: 'Temperature', unit: '°C' },
  ],
  otherSignals: 'drop',
  maximum: 10_000,
};
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const heartRate = (minute: number, value: number): Observation => ({ signal: 'heartRate', value, time: at(minute) });

describe('observations as series', () => {
  it('have a value by time and signal, and the mean of several', () => {
    const { timesMs, series } = seriesOf(
      [
        heartRate(5, 82),
        { signal: 147842, value: 78, time: at(0) },
        heartRate(0, 80),
        { signal: 'temperature', value: 36.5, time: at(5) },
      ],
      declaration,
    );
    expect(timesMs).toEqual([Date.parse(at(0)), Date.parse(at(5))]);
    expect(series.map(({ values }) => values)).toEqual([
      [79, 82],
      [null, 36.5],
    ]);
  });

  it('take one instant that is written in two zones as one', () => {
    const zoned = { signal: 'heartRate', value: 90, time: '2026-01-01T01:00:00+01:00' };
    expect(timestepsOf([heartRate(0, 80), zoned], declaration)).toEqual([Date.parse(at(0))]);
  });

  it('leave out other signals, but for their times where the model counts them', () => {
    const other = { signal: 'cvp', value: 5, time: at(5) };
    expect(timestepsOf([heartRate(0, 80), other], declaration)).toHaveLength(1);
    expect(timestepsOf([heartRate(0, 80), other], { ...declaration, otherSignals: 'timestep' })).toHaveLength(2);
  });

  it('have a place for each sample that should have come', () => {
    const { timesMs, series } = seriesOf([heartRate(0, 80), heartRate(15, 81)], declaration, 300);
    expect(timesMs).toEqual([0, 5, 10, 15].map((minute) => Date.parse(at(minute))));
    expect(series[0]?.values).toEqual([80, null, null, 81]);
    expect(missingIn(series[0]!.values)).toBe(2);
  });

  it('do not fill a pause of weeks with places', () => {
    expect(seriesOf([heartRate(0, 80), heartRate(60 * 24 * 30, 81)], declaration, 300).timesMs).toHaveLength(2);
  });

  it('mark where there is no value, from halfway to halfway', () => {
    expect(gapsOf([0, 10, 20, 30], [1, null, null, 4])).toEqual([[5, 25]]);
    expect(gapsOf([0, 10, 20, 30], [null, 2, null, 4])).toEqual([
      [0, 5],
      [15, 25],
    ]);
    expect(gapsOf([0, 10], [1, 2])).toEqual([]);
  });
});
