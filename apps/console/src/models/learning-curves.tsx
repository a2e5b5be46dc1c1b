/** What training made of the loss and of other metrics, epoch by epoch. */
import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import { CurveChart } from '../charts/curve-chart';
import './texts';
import { useMetricWords } from './words';

/** Values of the first epoch stand at 1. */
function byEpoch(values: readonly number[]): [number, number][] {
  return values.map((value, index) => [index + 1, value]);
}

export function LearningCurves({ curves }: { readonly curves: readonly Schemas['LearningCurveDto'][] }) {
  const { t } = useTranslation('models');
  const { metricName } = useMetricWords();
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
      {curves.map(({ name, train, validation }) => (
        <CurveChart
          key={name}
          title={t('learningCurve', { name: metricName(name) })}
          xLabel={t('epoch')}
          yLabel={metricName(name)}
          curves={[
            { label: t('training'), points: byEpoch(train) },
            ...(validation ? [{ label: t('validation'), points: byEpoch(validation) }] : []),
          ]}
        />
      ))}
    </SimpleGrid>
  );
}
