/** What the model answers as its window slides over a recording: each state's probability, and for how long it was the answer. */
import { Card, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../api/models';
import { TimeChart } from '../charts/time-chart';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { TextLink } from '../parts/links';
import { ModelNotice } from '../parts/notice';
import { spellsOf } from './sliding-window';
import type { Prediction } from './use-prediction';
import './texts';

interface OverTimeCardProps {
  readonly version: ModelVersion;
  readonly prediction: Prediction;
  /** Of each window's last sample, in the order of the prediction's rows. */
  readonly timesMs: readonly number[];
  /** The recording is another one by now. */
  readonly outdated: boolean;
}

const WHOLE: readonly [number, number] = [0, 1];

export function OverTimeCard({ version, prediction, timesMs, outdated }: OverTimeCardProps) {
  const { t } = useTranslation(['try', 'common']);
  const terms = useTerms();
  const format = useFormat();
  const { results } = prediction;
  const { model, output } = version;
  const modelClasses = output.classes;
  const hasProbabilities = results.every(({ probabilities }) => probabilities !== undefined);
  const series = useMemo(
    () =>
      modelClasses && hasProbabilities
        ? modelClasses.map((one) => ({
            label: terms.classTitle(model, one),
            values: results.map(({ probabilities }) => probabilities?.[one.name] ?? null),
          }))
        : [{ label: t('common:value'), values: results.map(({ value, score }) => value ?? score ?? null) }],
    [modelClasses, hasProbabilities, terms, model, results, t],
  );
  const titleOf = (name: string): string =>
    terms.classTitle(model, modelClasses?.find((one) => one.name === name) ?? name);
  const spells = spellsOf(
    results.flatMap(({ label }, index) => (label === undefined ? [] : [{ timeMs: timesMs[index]!, what: label }])),
  );

  return (
    <Card component="section" aria-labelledby="over-time-title">
      <Stack gap="md">
        <div>
          <Title order={2} id="over-time-title">
            {t('overTime')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('overTimeHint')}
          </Text>
          {outdated && (
            <Text size="sm" c="dimmed" fs="italic">
              {t('outdated')}
            </Text>
          )}
        </div>
        <TimeChart
          title={t('overTimeChart')}
          timesMs={timesMs}
          series={series}
          range={hasProbabilities ? WHOLE : undefined}
          shares={hasProbabilities}
          unit={hasProbabilities ? undefined : output.unit}
          height={240}
          syncedWith="signals"
          summary={spells
            .map(({ what, fromMs, toMs }) => `${spanText(fromMs, toMs, format.time)}: ${titleOf(what)}`)
            .join('; ')}
        />
        {spells.length > 0 && (
          <Table className="numbers" aria-label={t('spells')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('span')}</Table.Th>
                <Table.Th>{t('spells')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {spells.map(({ what, fromMs, toMs }) => (
                <Table.Tr key={fromMs}>
                  <Table.Td>{spanText(fromMs, toMs, format.time)}</Table.Td>
                  <Table.Td>{titleOf(what)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <ModelNotice notice={prediction.notice} />
        <Group justify="space-between" gap="xs">
          <TextLink to="/predictions/$id" params={{ id: prediction.id }}>
            {t('toRecord')}
          </TextLink>
          <Text size="xs" c="dimmed">
            {t('answeredBy', { version: prediction.version })}
          </Text>
        </Group>
      </Stack>
    </Card>
  );
}

function spanText(fromMs: number, toMs: number, time: (instant: Date) => string): string {
  return fromMs === toMs ? time(new Date(fromMs)) : `${time(new Date(fromMs))} – ${time(new Date(toMs))}`;
}
