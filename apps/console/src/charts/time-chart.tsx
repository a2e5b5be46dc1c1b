/** Values over time: lines with gaps where there is no value. */
import { useComputedColorScheme } from '@mantine/core';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import { shadedSpans } from './shaded-spans';
import { useFormat, type Formats } from '../i18n/format';
import { axisStyle, Plot, seriesStyle, type Scheme } from './plot';
import { tickTexts } from './tick-texts';

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
  /** Values are shares, 0 to 1, and are shown as percentages. */
  readonly shares?: boolean;
  readonly height?: number;
  /** Of the values; left out, as the values are. */
  readonly range?: readonly [number, number];
  /** `steps` holds a value until the next one, `bars` stands for counts of equal spans, `stacked` for counts that add up, the first on top. */
  readonly shape?: 'line' | 'steps' | 'bars' | 'stacked';
  /** The axis ends at the last time and is so long, whatever of it is filled; left out, it spans the times. */
  readonly lastMs?: number;
  /** Each time is the midnight that begins a UTC day, and its value is the whole day's. */
  readonly utcDays?: boolean;
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
  if (shape === 'bars' || shape === 'stacked') return uPlot.paths.bars?.({ size: [0.7, 40] });
  return undefined;
}

/** What is drawn: each series with those below it, so that the last one stands on the axis. */
function heightsOf(series: readonly TimeSeries[], shape: TimeChartProps['shape']): (number | null)[][] {
  if (shape !== 'stacked') return series.map(({ values }) => [...values]);
  return series.map(({ values }, place) =>
    values.map((_, index) => series.slice(place).reduce((sum, below) => sum + (below.values[index] ?? 0), 0)),
  );
}

export function TimeChart(props: TimeChartProps) {
  const { title, timesMs, series, unit, height, range, shape, syncedWith, threshold, digits = 2, heading } = props;
  const { utcDays = false, lastMs, shares = false } = props;
  const isBars = shape === 'bars' || shape === 'stacked';
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const scheme = useComputedColorScheme('light');
  const timeText = (ms: number): string =>
    utcDays ? format.day(new Date(ms).toISOString()) : format.dateTime(new Date(ms));
  const valueText = (value: number): string => (shares ? format.percent(value) : format.number(value, digits));
  const withUnit = (value: number): string => `${valueText(value)}${unit === undefined ? '' : ` ${unit}`}`;
  // What is drawn is not made anew when values come; its legend, which speaks of them, would tell the first ones.
  const latest = useRef({ timesMs, series });
  useLayoutEffect(() => void (latest.current = { timesMs, series }));
  const data = useMemo<uPlot.AlignedData>(
    () => [
      timesMs.map((ms) => ms / 1000),
      ...heightsOf(series, shape),
      ...(threshold ? [timesMs.map(() => threshold.value)] : []),
    ],
    [timesMs, series, shape, threshold],
  );
  const inputs = JSON.stringify([
    series.map(({ label, style }) => [label, style]),
    unit,
    shares,
    range,
    shape,
    utcDays,
    lastMs,
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
        ...(utcDays ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
        legend: { show: props.legend ?? series.length > 1, live: true },
        hooks: props.shaded ? shadedSpans(props.shaded, current) : {},
        cursor: {
          ...(syncedWith ? { sync: { key: syncedWith } } : {}),
          points: { size: 6 },
          drag: { x: true, y: false },
        },
        scales: {
          // A bar stands around its time: the first and the last want as much room as the others.
          ...(lastMs === undefined ? {} : { x: { range: (plot: uPlot) => upToLast(plot, lastMs) } }),
          ...(isBars ? { x: { range: (_: uPlot, min: number, max: number) => aroundBars(min, max, timesMs) } } : {}),
          y: range ? { range: [...range] as [number, number] } : isBars ? { range: fromZero } : {},
        },
        axes: [
          {
            ...axisStyle(current),
            // A day is shorter than a time; on a phone a week wants more than one of them.
            space: utcDays ? 56 : 80,
            ...(utcDays ? { incrs: DAY_STEPS } : {}),
            values: (_, ticks) => ticks.map((tick) => timeTick(tick, ticks, utcDays, format)),
          },
          {
            ...axisStyle(current),
            size: 52,
            // In a low one a second label says more than the room between them.
            space: height !== undefined && height < LOW ? 22 : 30,
            values: (_, ticks) => (shares ? ticks.map((tick) => format.percent(tick, 0)) : tickTexts(ticks, format)),
          },
        ],
        series: [
          {
            label: t(utcDays ? 'day' : 'time'),
            value: (_: uPlot, tick: number | null) => {
              const ms = tick === null ? latest.current.timesMs.at(-1) : tick * 1000;
              return ms === undefined ? '–' : timeText(ms);
            },
          },
          ...series.map(({ label, style }, index) => ({
            label,
            ...seriesStyle(style ?? index, current),
            ...(isBars ? barStyle(style ?? index, current, shape === 'stacked') : {}),
            ...(pathsOf(shape) ? { paths: pathsOf(shape) } : {}),
            points: { show: !isBars && timesMs.length <= 60, size: 5 },
            spanGaps: false,
            // Its own value, where what is drawn is a sum; the last one while nothing is pointed at.
            value: (_: uPlot, __: number | null, ___: number, at: number | null) => {
              const value = latest.current.series[index]?.values.at(at ?? -1);
              return value === null || value === undefined ? '–' : withUnit(value);
            },
          })),
          ...(threshold
            ? [
                {
                  label: threshold.label,
                  value: () => withUnit(threshold.value),
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
        headers: [
          t(utcDays ? 'day' : 'time'),
          ...series.map(({ label }) => (unit === undefined ? label : `${label} (${unit})`)),
        ],
        rows: timesMs.map((ms, index) => [
          timeText(ms),
          ...series.map(({ values }) => {
            const value = values[index];
            return value === null || value === undefined ? '–' : valueText(value);
          }),
        ]),
      })}
      key={scheme}
    />
  );
}

/** Without any time yet it ends now. */
function upToLast(plot: uPlot, lengthMs: number): [number, number] {
  const last = plot.data[0].at(-1) ?? Date.now() / 1000;
  return [last - lengthMs / 1000, last];
}

const DAY_SECONDS = 86_400;
/** Of a chart, in pixels. */
const LOW = 160;
const DAY_STEPS = [1, 2, 7, 14, 28, 91, 365].map((days) => days * DAY_SECONDS);
/** Counts are whole: fewer than four would have ticks between them. */
const LOWEST_TOP = 4;

/** Counts begin at nothing, and the highest bar leaves a little room. Without data there is no highest. */
function fromZero(_: uPlot, __: number | null, highest: number | null): [number, number] {
  return [0, Math.max(LOWEST_TOP, (highest ?? 0) * 1.1)];
}

function aroundBars(first: number, last: number, timesMs: readonly number[]): [number, number] {
  const apart = timesMs.length > 1 ? (timesMs[1]! - timesMs[0]!) / 1000 : DAY_SECONDS;
  return [first - apart / 2, last + apart / 2];
}

function barStyle(index: number, scheme: Scheme, opaque: boolean): Pick<uPlot.Series, 'fill' | 'dash' | 'width'> {
  const colour = String(seriesStyle(index, scheme).stroke);
  // Bars that stand before others would mix with them.
  return { fill: opaque ? colour : `${colour}66`, dash: [], width: opaque ? 0 : 2 };
}

/** As fine as the ticks are apart. */
function timeTick(tick: number, ticks: readonly number[], utcDays: boolean, format: Formats): string {
  const apart = (ticks[1] ?? tick) - (ticks[0] ?? tick);
  const date = new Date(tick * 1000);
  if (utcDays) return format.shortUtcDay(date);
  if (apart >= DAY_SECONDS) return format.shortDay(date);
  return apart > 0 && apart < 60 ? format.time(date) : format.minute(date);
}
