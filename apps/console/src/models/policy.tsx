/** A model's policy in words. */
import { List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import type { Policy } from './queries';
import './texts';
import { useMetricWords } from './words';

const BOUNDS = ['minimum', 'maximum', 'maximalDrop', 'maximalRise'] as const;
const BOUND_DIGITS = 6;

export function PolicyWords({ policy }: { readonly policy: Policy }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { metricName, datasetName } = useMetricWords();
  const ofMetrics = (policy.metrics ?? []).flatMap((rule) =>
    BOUNDS.flatMap((bound) => {
      const value = rule[bound];
      if (value === undefined) return [];
      return t(`rules.${bound}`, {
        metric: metricName(rule.name),
        dataset: datasetName(rule.dataset),
        value: format.number(value, BOUND_DIGITS),
      });
    }),
  );
  const { golden, engines } = policy.verification ?? {};
  const fields = policy.cardFields ?? [];
  const rules = [
    ...ofMetrics,
    ...(golden ? [t('rules.golden')] : []),
    ...(engines === undefined ? [] : [t('rules.engines', { count: engines })]),
    ...(fields.length > 0
      ? [t('rules.card', { fields: format.list(fields.map((field) => t(`cardFields.${field}`))) })]
      : []),
  ];
  if (rules.length === 0) return <Text size="sm">{t('policyNone')}</Text>;
  return (
    <List size="sm" spacing={2}>
      {rules.map((rule) => (
        <List.Item key={rule}>{rule}</List.Item>
      ))}
    </List>
  );
}
