/** Values over time: lines with gaps where there is no value. */
import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import { shadedSpans } from './shaded-spans';
import { useFormat } from '../i18n/format';
import { axisStyle, Plot, seriesStyle } from './plot';

export interface TimeSeries {
  readonly label: string;
  /** As many as there are times; null where there was no value, which is left open. */
  readonly values: readonly (number | null)[];
  /** Which colour and dash; left out, its place. */
  readonly style?: number;
}

interface TimeChartProps {
  readonly title: string;
  readonly summary?: string;
  /** Unix milliseconds, ascending. */
  readonly timesMs: readonly number[];
  readonly series: readonly TimeSeries[];
  readonly unit?: string;
  readonly height?: number;
  /** Of the values; left out, as the values are. */
  readonly range?: readonly [number, number];
  /** `steps` holds a value until the next one, `bars` stands for counts of equal spans. */
  readonly shape?: 'line' | 'steps' | 'bars';
  /** Charts of the same name share their cursor. */
  readonly syncedWith?: string;
  /** A line across: a threshold, with its name. */
  readonly threshold?: { readonly value: number; readonly label: string };
  readonly digits?: number;
  readonly legend?: boolean;
  readonly heading?: boolean;
  /** Spans that are shaded, in Unix milliseconds: where a value is missing. */
  readonly shaded?: readonly (readonly [fromMs: number, toMs: number])[];
  readonly onPoint?: (index: number) => void;
}

function pathsOf(shape: TimeChartProps['shape']): uPlot.Series.PathBuilder | undefined {
  if (shape === 'steps') return uPlot.paths.stepped?.({ align: 1 });
  if (shape === 'bars') return uPlot.paths.bars?.({ size: [0.7, 40] });
  return undefined;
}

export function TimeChart(props: TimeChartProps) {
  const { title, timesMs, series, unit, height, range, shape, syncedWith, threshold, digits = 2, heading } = props;
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const scheme = useComputedColorScheme('light');
  const withUnit = (value: number): string => `${format.number(value, digits)}${unit === undefined ? '' : ` ${unit}`}`;
  const data = useMemo<uPlot.AlignedData>(
    () => [
      timesMs.map((ms) => ms / 1000),
      ...series.map(({ values }) => [...values]),
      ...(threshold ? [timesMs.map(() => threshold.value)] : []),
    ],
    [timesMs, series, threshold],
  );
  const inputs = JSON.stringify([
    series.map(({ label, style }) => [label, style]),
    unit,
    range,
    shape,
    syncedWith,
    threshold,
    i18n.language,
    props.legend,
    props.shaded,
  ]);

  return (
    <Plot
      title={unit === undefined ? title : `${title} (${unit})`}
      summary={props.summary}
      height={height}
      heading={heading}
      data={data}
      inputs={inputs}
      options={(current) => ({
        legend: { show: props.legend ?? series.length > 1, live: true },
        hooks: props.shaded ? shadedSpans(props.shaded, current) : {},
        cursor: {
          ...(syncedWith ? { sync: { key: syncedWith } } : {}),
          points: { size: 6 },
          drag: { x: true, y: false },
        },
        scales: { y: range ? { range: [...range] as [number, number] } : {} },
        axes: [
          {
            ...axisStyle(current),
            space: 80,
            values: (_, ticks) => ticks.map((tick) => timeTick(tick, ticks, i18n.language)),
          },
          { ...axisStyle(current), size: 52, values: (_, ticks) => ticks.map((tick) => format.number(tick, digits)) },
        ],
        series: [
          { label: t('time'), value: (_, tick) => (tick === null ? '–' : format.dateTime(new Date(tick * 1000))) },
          ...series.map(({ label, style }, index) => ({
            label,
            ...seriesStyle(style ?? index, current),
            ...(shape === 'bars' ? { fill: `${String(seriesStyle(style ?? index, current).stroke)}66`, dash: [] } : {}),
            ...(pathsOf(shape) ? { paths: pathsOf(shape) } : {}),
            points: { show: shape !== 'bars' && timesMs.length <= 60, size: 5 },
            spanGaps: false,
            value: (_: uPlot, value: number | null) => (value === null || value === undefined ? '–' : withUnit(value)),
          })),
          ...(threshold
            ? [
                {
                  label: threshold.label,
                  stroke: current === 'dark' ? '#b9c3c6' : '#414b4e',
                  width: 1,
                  dash: [4, 4],
                  points: { show: false },
                },
              ]
            : []),
        ],
      })}
      table={() => ({
        headers: [t('time'), ...series.map(({ label }) => (unit === undefined ? label : `${label} (${unit})`))],
        rows: timesMs.map((ms, index) => [
          format.dateTime(new Date(ms)),
          ...series.map(({ values }) => {
            const value = values[index];
            return value === null || value === undefined ? '–' : format.number(value, digits);
          }),
        ]),
      })}
      key={scheme}
    />
  );
}

/** As fine as the ticks are apart. */
function timeTick(tick: number, ticks: readonly number[], language: string): string {
  const apart = (ticks[1] ?? tick) - (ticks[0] ?? tick);
  const date = new Date(tick * 1000);
  if (apart >= 86_400) return date.toLocaleDateString(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return date.toLocaleTimeString(language, {
    hour: '2-digit',
    minute: '2-digit',
    ...(apart < 60 ? { second: '2-digit' } : {}),
  });
}
