/** uPlot as a React component: follows its width and the colour scheme, and has its values as a table behind it. */
import { Box, Button, Group, ScrollArea, Table, Text, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import classes from './plot.module.css';

/** Distinct in both schemes, for those who see colours differently too (after Okabe and Ito, 2008); dashes tell them apart as well. */
const COLOURS = {
  light: ['#0b6470', '#b4461f', '#3d5a9e', '#7a4f9a', '#5b6b17', '#8a5a00'],
  dark: ['#79bec8', '#ec9781', '#8fb0f0', '#c7a3e3', '#b8ca6a', '#e2b457'],
} as const;
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3], [5, 2], [1, 4]];
const INK = { light: { text: '#414b4e', grid: '#dfe5e6' }, dark: { text: '#b9c3c6', grid: '#2c3538' } } as const;

export type Scheme = keyof typeof INK;

export function seriesStyle(index: number, scheme: Scheme): Pick<uPlot.Series, 'stroke' | 'dash' | 'width'> {
  const colours = COLOURS[scheme];
  return { stroke: colours[index % colours.length], dash: [...DASHES[index % DASHES.length]!], width: 2 };
}

/** Its size is that of an axis below, one line of text: uPlot's own leaves small charts little to draw on. */
export function axisStyle(scheme: Scheme): Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font' | 'size'> {
  const { text, grid } = INK[scheme];
  return {
    stroke: text,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 4 },
    font: "12px 'Inter Variable', sans-serif",
    size: 30,
  };
}

export interface PlotTable {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface PlotProps {
  readonly title: string;
  /** What is to be seen, for those who do not see it. */
  readonly summary?: string;
  readonly height?: number;
  readonly data: uPlot.AlignedData;
  /** Made anew when the scheme or one of `inputs` changes. */
  readonly options: (scheme: Scheme) => Omit<uPlot.Options, 'width' | 'height'>;
  /** What the options are made of, beside the scheme. */
  readonly inputs: string;
  readonly table: () => PlotTable;
  readonly actions?: ReactNode;
  /** A heading above; left out, the title is there for those who hear the page alone. */
  readonly heading?: boolean;
}

export function Plot({
  title,
  summary,
  height = 220,
  data,
  options,
  inputs,
  table,
  actions,
  heading = true,
}: PlotProps) {
  const { t } = useTranslation();
  const scheme = useComputedColorScheme('light');
  const { ref: box, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const drawn = width > 0 && !asTable;

  useEffect(() => {
    if (!drawn || !place.current) return undefined;
    const made = (plot.current = new uPlot(
      { ...options(scheme), width: Math.floor(width), height },
      data,
      place.current,
    ));
    return () => {
      made.destroy();
      plot.current = undefined;
    };
    // Its data and width follow below: drawing anew for each of them would lose the cursor.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [drawn, scheme, inputs, height]);
  useEffect(() => plot.current?.setData(data), [data]);
  useEffect(() => plot.current?.setSize({ width: Math.floor(width), height }), [width, height]);

  return (
    <Box component="figure" m={0} aria-labelledby={id}>
      <Group justify="space-between" gap="xs" mb={4} wrap="nowrap">
        <Text component="figcaption" id={id} fw={heading ? 600 : 400} size="sm" c={heading ? undefined : 'dimmed'}>
          {title}
        </Text>
        <Group gap="xs" wrap="nowrap">
          {actions}
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`${asTable ? t('showChart') : t('showTable')}: ${title}`}
            title={asTable ? t('showChart') : t('showTable')}
            onClick={() => setAsTable((shown) => !shown)}
          >
            {asTable ? <IconChartLine size={16} aria-hidden /> : <IconTable size={16} aria-hidden />}
          </Button>
        </Group>
      </Group>
      <div ref={box} style={{ minHeight: height }}>
        {asTable ? (
          <PlotValues title={title} height={height} {...table()} />
        ) : (
          <div
            ref={place}
            className={classes.place}
            role="img"
            aria-label={summary ?? title}
            style={{ minHeight: height }}
          />
        )}
      </div>
    </Box>
  );
}

function PlotValues({ title, height, headers, rows }: PlotTable & { readonly title: string; readonly height: number }) {
  const { t } = useTranslation();
  return (
    <ScrollArea
      h={height}
      type="auto"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('chartTable', { title }) }}
    >
      <Table className="numbers" verticalSpacing={4} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {headers.map((header) => (
              <Table.Th key={header}>{header}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={index}>
              {row.map((cell, column) => (
                <Table.Td key={headers[column]}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
