/** What becomes of a row's values before the model sees them, in words. */
import { List, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import { pipelinesOf, type FeatureStep, type Imputed, type MinMax, type Moments, type Window } from './features';
import './texts';

const CONSTANT_DIGITS = 6;

interface FeaturesViewProps {
  readonly features: Schemas['ModelVersionDto']['features'];
  /** Title of an input or a signal. */
  readonly titleOf: (column: string) => string;
}

export function FeaturesView({ features, titleOf }: FeaturesViewProps) {
  const { t } = useTranslation('models');
  const pipelines = pipelinesOf(features);
  if (pipelines.length === 0) return <Text size="sm">{t('featuresNone')}</Text>;
  return (
    <Stack gap="md">
      {pipelines.map(({ input, steps }) => (
        <Stack key={input} gap="xs">
          {input !== null && <Title order={3}>{t('featuresOf', { name: input })}</Title>}
          <List type="ordered" spacing="sm" size="sm">
            {steps.map((step, index) => (
              <List.Item key={index} styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}>
                <Text size="sm" fw={600}>
                  {t(`steps.${step.kind}`)}
                </Text>
                <StepWords step={step} titleOf={titleOf} />
              </List.Item>
            ))}
          </List>
        </Stack>
      ))}
    </Stack>
  );
}

function StepWords({ step, titleOf }: { readonly step: FeatureStep; readonly titleOf: (column: string) => string }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const listOf = (columns: readonly string[]): string => format.list(columns.map(titleOf));
  const number = (value: number): string => format.number(value, CONSTANT_DIGITS);
  switch (step.kind) {
    case 'window':
      return <WindowWords window={step.window} />;
    case 'select':
      return <Text size="sm">{t('stepWords.select', { columns: listOf(step.columns) })}</Text>;
    case 'standardizeWindow': {
      const columns = step.columns ? listOf(step.columns) : t('stepWords.allColumns');
      return <Text size="sm">{t('stepWords.standardizeWindow', { columns })}</Text>;
    }
    case 'oneHot':
      return (
        <Text size="sm">
          {t('stepWords.oneHot', { column: titleOf(step.column), values: format.list(step.values.map(String)) })}
        </Text>
      );
    case 'minMax':
      return (
        <Constants
          words={t('stepWords.minMax')}
          titleOf={titleOf}
          columns={step.columns.map(([column, { minimum, maximum }]: readonly [string, MinMax]) => [
            column,
            t('stepWords.range', { minimum: number(minimum), maximum: number(maximum) }),
          ])}
        />
      );
    case 'standardize':
      return (
        <Constants
          words={t('stepWords.standardize')}
          titleOf={titleOf}
          columns={step.columns.map(([column, { mean, deviation }]: readonly [string, Moments]) => [
            column,
            t('stepWords.moments', { mean: number(mean), deviation: number(deviation) }),
          ])}
        />
      );
    case 'impute':
      return (
        <Constants
          words={t('stepWords.impute')}
          titleOf={titleOf}
          columns={step.columns.map(([column, { constant, median }]: readonly [string, Imputed]) => [
            column,
            median === undefined
              ? t('stepWords.constant', { value: typeof constant === 'number' ? number(constant) : constant })
              : t('stepWords.median', { value: number(median) }),
          ])}
        />
      );
  }
}

function WindowWords({ window }: { readonly window: Window }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { samples, samplingInterval, tolerance, longestGap, longestForwardFill, span, duplicates, order } = window;
  const sentences = [
    t('window.samples', { count: samples }),
    ...(samplingInterval === undefined
      ? []
      : [
          tolerance
            ? t('window.interval', { interval: format.seconds(samplingInterval), tolerance: format.seconds(tolerance) })
            : t('window.intervalExact', { interval: format.seconds(samplingInterval) }),
        ]),
    ...(longestGap === undefined ? [] : [t('window.gap', { gap: format.seconds(longestGap) })]),
    ...(span === undefined ? [] : [t('window.span', { span: format.seconds(span) })]),
    ...(longestForwardFill === undefined ? [] : [t('window.fill', { fill: format.seconds(longestForwardFill) })]),
    t(`window.${duplicates ?? 'mean'}`),
    ...(order === 'ascending' ? [t('window.ascending')] : []),
  ];
  return <Text size="sm">{sentences.join(' ')}</Text>;
}

interface ConstantsProps {
  readonly words: string;
  readonly columns: readonly (readonly [string, string])[];
  readonly titleOf: (column: string) => string;
}

function Constants({ words, columns, titleOf }: ConstantsProps) {
  const { t } = useTranslation('models');
  return (
    <>
      <Text size="sm">{words}</Text>
      <ScrollingTable label={words} className="numbers" verticalSpacing={4} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column')}</Table.Th>
            <Table.Th>{t('constants')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map(([column, numbers]) => (
            <Table.Tr key={column}>
              <Table.Td>{titleOf(column)}</Table.Td>
              <Table.Td>{numbers}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollingTable>
    </>
  );
}
