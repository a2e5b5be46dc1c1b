import { describe, expect, it } from 'vitest';
import { observationsIn, recordedSeries, seriesOf } from './observations';

const AT = (minute: number): string => `2026-01-31T10:${String(minute).padStart(2, '0')}:00Z`;

describe('Observations of a row', () => {
  it('are series by signal, in time', () => {
    const series = seriesOf([
      { signal: 'heartRate', value: 80, time: AT(5) },
      { signal: 'meanPressure', value: 70, time: AT(0) },
      { signal: 'heartRate', value: 75, time: '2026-01-31T12:00:00+02:00' },
    ]);
    expect(series.map(({ signal, values }) => [signal, values])).toEqual([
      ['heartRate', [75, 80]],
      ['meanPressure', [70]],
    ]);
    expect(series[0]!.timesMs).toEqual([Date.parse(AT(0)), Date.parse(AT(5))]);
  });

  it('are not mixed where units differ', () => {
    const series = seriesOf([
      { signal: 'temperature', value: 37, time: AT(0), unit: 'Cel' },
      { signal: 'temperature', value: 98.6, time: AT(1), unit: '[degF]' },
    ]);
    expect(series.map(({ unit }) => unit)).toEqual(['Cel', '[degF]']);
  });

  describe('that a model explains', () => {
    const version = {
      observations: {
        signals: [
          { name: 'heartRate', title: 'Heart rate', unit: '/min' },
          { name: 'temperature', title: 'Temperature', unit: 'Cel' },
        ],
      },
      features: [{ window: { samples: 3, samplingInterval: 300 } }],
    } as unknown as NonNullable<Parameters<typeof recordedSeries>[1]>;

    it('leave open where a sample is missing', () => {
      const observations = [
        { signal: 'heartRate', value: 80, time: AT(0) },
        { signal: 'heartRate', value: 82, time: AT(10) },
      ];
      expect(recordedSeries(observations, version)).toEqual([
        {
          signal: 'heartRate',
          unit: undefined,
          timesMs: [AT(0), AT(5), AT(10)].map((time) => Date.parse(time)),
          values: [80, null, 82],
        },
      ]);
    });

    it('stay as they are recorded in another unit', () => {
      const observations = [{ signal: 'temperature', value: 98.6, time: AT(0), unit: '[degF]' }];
      expect(recordedSeries(observations, version)).toEqual(seriesOf(observations));
    });
  });

  it('are none of a row of plain values', () => {
    expect(observationsIn({ age: 68 })).toEqual([]);
  });
});
