/** The two or three metrics that are told first, with what they were measured on. */
import { Group, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { headlines, type Metric } from './metrics';
import './texts';
import { useMetricWords } from './words';

export const METRIC_DIGITS = 4;
const HEADLINE_DIGITS = 3;

export function Headlines({ metrics }: { readonly metrics: readonly Metric[] }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { metricName, metricHint, datasetName } = useMetricWords();
  const told = headlines(metrics);
  if (told.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('noMetrics')}
      </Text>
    );
  return (
    <div>
      <Group gap="xl" component="dl" m={0}>
        {told.map(({ name, value }) => (
          <div key={name}>
            <Text component="dt" size="xs" c="dimmed">
              {metricName(name)}
            </Text>
            <Tooltip label={metricHint(name)} disabled={metricHint(name) === undefined}>
              <Text component="dd" m={0} fz={20} fw={650} lh={1.3} className="numbers">
                {format.fixed(value, HEADLINE_DIGITS)}
              </Text>
            </Tooltip>
          </div>
        ))}
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {t('measuredOn', { dataset: datasetName(told[0]!.dataset) })}
      </Text>
    </div>
  );
}
