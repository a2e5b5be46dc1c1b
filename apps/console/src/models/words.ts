/** Names of metrics and data sets in the chosen language; those of a publisher's own are shown as they are. */
import { useTranslation } from 'react-i18next';
import { isKnownMetric } from './metrics';
import './texts';

const KNOWN_DATASETS = ['train', 'held-out', 'validation', 'test', 'cross-validation', 'course'] as const;

export function useMetricWords() {
  const { t } = useTranslation('models');
  return {
    metricName: (name: string): string => (isKnownMetric(name) ? t(`metricNames.${name}`) : name),
    metricHint: (name: string): string | undefined => (isKnownMetric(name) ? t(`metricHints.${name}`) : undefined),
    datasetName: (name: string): string => {
      const known = KNOWN_DATASETS.find((dataset) => dataset === name);
      return known ? t(`datasets.${known}`) : name;
    },
  };
}
