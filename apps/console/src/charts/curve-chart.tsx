/** Curves over a number: ROC, calibration, learning curves. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import { useFormat } from '../i18n/format';
import { axisStyle, Plot, seriesStyle } from './plot';
import { tickTexts } from './tick-texts';

export interface Curve {
  readonly label: string;
  /** Pairs of x and y; x ascending. Several points may have the same x, as on a ROC curve. */
  readonly points: readonly (readonly [number, number])[];
  readonly style?: number;
  readonly markers?: boolean;
}

interface CurveChartProps {
  readonly title: string;
  readonly summary?: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  readonly height?: number;
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
  /** A dashed line from corner to corner, with its name: chance, or perfect calibration. */
  readonly diagonal?: string;
  readonly heading?: boolean;
}

/** One value an x: uPlot wants x ascending, so equal ones are set apart by less than is seen. */
function apart(points: Curve['points']): [number[], number[]] {
  const xs: number[] = [];
  for (const [x] of points) xs.push(xs.length > 0 && x <= xs.at(-1)! ? xs.at(-1)! + 1e-9 : x);
  return [xs, points.map(([, y]) => y)];
}

export function CurveChart(props: CurveChartProps) {
  const { title, summary, xLabel, yLabel, curves, height = 280, xRange, yRange, diagonal, heading } = props;
  const { i18n } = useTranslation();
  const format = useFormat();
  const data = useMemo<uPlot.AlignedData>(() => {
    const tables = curves.map(({ points }) => apart(points) as uPlot.AlignedData);
    if (diagonal !== undefined)
      tables.push([
        [0, 1],
        [0, 1],
      ]);
    return tables.length === 0 ? [[]] : uPlot.join(tables);
  }, [curves, diagonal]);

  return (
    <Plot
      title={title}
      summary={summary}
      height={height}
      heading={heading}
      data={data}
      inputs={JSON.stringify([
        curves.map(({ label, style, markers }) => [label, style, markers]),
        xLabel,
        yLabel,
        xRange,
        yRange,
        diagonal,
        i18n.language,
      ])}
      options={(scheme) => ({
        legend: { show: true, live: false },
        cursor: { points: { size: 6 }, drag: { x: false, y: false } },
        scales: {
          x: { time: false, ...(xRange ? { range: [...xRange] as [number, number] } : {}) },
          y: yRange ? { range: [...yRange] as [number, number] } : {},
        },
        axes: [
          {
            ...axisStyle(scheme),
            label: xLabel,
            labelSize: 20,
            labelFont: "12px 'Inter Variable', sans-serif",
            values: (_, ticks) => tickTexts(ticks, format),
          },
          {
            ...axisStyle(scheme),
            label: yLabel,
            labelSize: 20,
            size: 48,
            labelFont: "12px 'Inter Variable', sans-serif",
            values: (_, ticks) => tickTexts(ticks, format),
          },
        ],
        series: [
          { label: xLabel },
          ...curves.map(({ label, style, markers }, index) => ({
            label,
            ...seriesStyle(style ?? index, scheme),
            points: { show: markers ?? false, size: 6 },
            spanGaps: true,
          })),
          ...(diagonal === undefined
            ? []
            : [
                {
                  label: diagonal,
                  stroke: scheme === 'dark' ? '#8a9598' : '#6d787b',
                  width: 1,
                  dash: [4, 4],
                  points: { show: false },
                  spanGaps: true,
                },
              ]),
        ],
      })}
      table={() => ({
        headers: ['', xLabel, yLabel],
        rows: curves.flatMap(({ label, points }) =>
          points.map(([x, y]) => [label, format.number(x, 4), format.number(y, 4)]),
        ),
      })}
    />
  );
}
