/** The signals of a recording, one small chart each, aligned in time; where no value came is shaded, and said. */
import { Card, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartGrid } from '../charts/chart-grid';
import { TimeChart } from '../charts/time-chart';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { gapsOf, missingIn, type ObservedSeries, type SignalSeries } from './observations';
import './texts';

const CHART_HEIGHT = 130;

export function SignalCharts({ timesMs, series }: ObservedSeries) {
  const { t } = useTranslation('try');
  const terms = useTerms();
  const format = useFormat();
  const missing = series.flatMap(({ signal, values }) => {
    const count = missingIn(values);
    return count === 0 ? [] : [t('missingOf', { title: terms.signalTitle(signal), number: format.number(count) })];
  });
  return (
    <Card component="section" aria-labelledby="signals-title">
      <Stack gap="md">
        <div>
          <Title order={2} id="signals-title">
            {t('signals')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('signalsHint')}
          </Text>
          <Text size="sm" className="numbers">
            {missing.length === 0 ? t('noneMissing') : t('missingTotal', { list: format.list(missing) })}
          </Text>
        </div>
        <ChartGrid spacing="lg" verticalSpacing="md">
          {series.map((one) => (
            <SignalChart key={one.signal.name} timesMs={timesMs} one={one} />
          ))}
        </ChartGrid>
      </Stack>
    </Card>
  );
}

function SignalChart({
  timesMs,
  one: { signal, values },
}: {
  readonly timesMs: readonly number[];
  readonly one: SignalSeries;
}) {
  const { t } = useTranslation('try');
  const terms = useTerms();
  const format = useFormat();
  const title = terms.signalTitle(signal);
  const series = useMemo(() => [{ label: title, values }], [title, values]);
  const shaded = useMemo(() => gapsOf(timesMs, values), [timesMs, values]);
  const present = values.filter((value) => value !== null);
  const missing = values.length - present.length;
  return (
    <TimeChart
      title={title}
      unit={signal.unit}
      heading={false}
      height={CHART_HEIGHT}
      timesMs={timesMs}
      series={series}
      shaded={shaded}
      syncedWith="signals"
      legend={false}
      summary={t('signalSummary', {
        title,
        unit: signal.unit,
        from: format.dateTime(new Date(timesMs[0] ?? 0)),
        to: format.dateTime(new Date(timesMs.at(-1) ?? 0)),
        lowest: present.length === 0 ? '–' : format.number(Math.min(...present)),
        highest: present.length === 0 ? '–' : format.number(Math.max(...present)),
        missing: format.number(missing),
        samples: format.number(values.length),
      })}
    />
  );
}
