/** What was asked of one row: its values by name, with units; observations as charts. */
import { Stack, Table, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../api/models';
import { ChartGrid } from '../charts/chart-grid';
import { TimeChart } from '../charts/time-chart';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { gapsOf } from '../try/observations';
import { observationsIn, recordedSeries } from './observations';
import './texts';

type Input = ModelVersion['inputs'][number];

const DIGITS = 6;
const CHART_HEIGHT = 130;

interface AskedProps {
  readonly input: Readonly<Record<string, unknown>>;
  /** Undefined while it is not known what the names stand for. */
  readonly modelVersion: ModelVersion | undefined;
}

export function Asked({ input, modelVersion }: AskedProps) {
  const { t } = useTranslation('predictions');
  const observations = observationsIn(input);
  const inputs = modelVersion?.inputs ?? namedBy(input);
  return (
    <Stack gap="sm">
      <Title order={2}>{t('asked')}</Title>
      {inputs.length > 0 && <Values input={input} inputs={inputs} />}
      {observations.length > 0 && <Observations observations={observations} modelVersion={modelVersion} />}
    </Stack>
  );
}

/** As the record names them. */
function namedBy(input: AskedProps['input']): readonly Pick<Input, 'name' | 'title'>[] {
  return Object.keys(input)
    .filter((name) => !Array.isArray(input[name]))
    .map((name) => ({ name, title: name }));
}

interface ValuesProps {
  readonly input: AskedProps['input'];
  readonly inputs: readonly (Pick<Input, 'name' | 'title'> & Partial<Input>)[];
}

function Values({ input, inputs }: ValuesProps) {
  const { t } = useTranslation('predictions');
  const terms = useTerms();
  const format = useFormat();
  const shown = ({ name, unit, values }: ValuesProps['inputs'][number]): string | undefined => {
    const value = input[name];
    if (value === null || value === undefined) return undefined;
    const allowed = values?.find((one) => one.value === value);
    if (allowed) return terms.valueTitle(allowed);
    const written = typeof value === 'number' ? format.number(value, DIGITS) : String(value);
    if (unit === undefined) return written;
    // A unit may be a multiple of another: 1.35 × 100 mmHg.
    return `${written} ${/^\d/.test(unit) ? '× ' : ''}${terms.unitTitle(unit)}`;
  };
  return (
    <Table verticalSpacing={6} className="numbers">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('input')}</Table.Th>
          <Table.Th ta="end">{t('value')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {inputs.map((one) => {
          const value = shown(one);
          return (
            <Table.Tr key={one.name}>
              <Table.Td>{terms.inputTitle(one)}</Table.Td>
              <Table.Td ta="end" fw={value === undefined ? 400 : 500}>
                {value ?? (
                  <Text span size="sm" c="dimmed">
                    {t('missing')}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

interface ObservationsProps {
  readonly observations: ReturnType<typeof observationsIn>;
  readonly modelVersion: ModelVersion | undefined;
}

function Observations({ observations, modelVersion }: ObservationsProps) {
  const { t } = useTranslation('predictions');
  const terms = useTerms();
  const signals = modelVersion?.observations?.signals ?? [];
  const series = useMemo(() => recordedSeries(observations, modelVersion), [observations, modelVersion]);
  const hasGaps = series.some(({ values }) => values.includes(null));
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('observations', { count: observations.length, signals: series.length })} {hasGaps && `· ${t('gaps')}`}
      </Text>
      <ChartGrid>
        {series.map(({ signal, unit, timesMs, values }) => {
          const known = signals.find(({ name }) => name === signal);
          const title = known ? terms.signalTitle(known) : signal;
          return (
            <TimeChart
              key={`${signal} ${unit}`}
              title={title}
              unit={unit ?? known?.unit}
              timesMs={timesMs}
              series={[{ label: title, values }]}
              shaded={gapsOf(timesMs, values)}
              height={CHART_HEIGHT}
              syncedWith="observations"
              legend={false}
              heading={false}
            />
          );
        })}
      </ChartGrid>
    </Stack>
  );
}
