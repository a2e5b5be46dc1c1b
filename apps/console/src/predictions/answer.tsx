/** What was answered, on one line: the class with its probability as a bar, or the number. */
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { useTitles } from '../i18n/use-titles';
import classes from './answer.module.css';
import type { PredictionResult, PredictionSummary } from './queries';
import './texts';

const VALUE_DIGITS = 4;

export function Answer({ model, result }: { readonly model: string; readonly result: PredictionResult }) {
  const titles = useTitles();
  const format = useFormat();
  const { label, probability, score, value } = result;
  if (label === undefined) return <>{value === undefined ? '–' : format.number(value, VALUE_DIGITS)}</>;
  return (
    <Group gap="xs" wrap="nowrap" maw={300}>
      <Text size="sm" lh={1.35} lineClamp={2} flex={1} title={titles.modelClass(model, label)}>
        {titles.modelClass(model, label)}
      </Text>
      {probability !== undefined && (
        <>
          <div className={classes.track} aria-hidden>
            <div className={classes.bar} style={{ width: `${probability * 100}%` }} />
          </div>
          <Text size="sm" c="dimmed" className={`numbers ${classes.number}`}>
            {format.percent(probability)}
          </Text>
        </>
      )}
      {probability === undefined && score !== undefined && (
        <Text size="sm" c="dimmed" className={`numbers ${classes.number}`}>
          {format.number(score, VALUE_DIGITS)}
        </Text>
      )}
    </Group>
  );
}

/** Of a prediction in a list: of several rows, how many were answered what. */
export function SummaryAnswer({ prediction }: { readonly prediction: PredictionSummary }) {
  const { t } = useTranslation('predictions');
  const titles = useTitles();
  const format = useFormat();
  const { model, result, labels } = prediction;
  if (result) return <Answer model={model} result={result} />;
  if (labels)
    return (
      <Text size="sm" lh={1.35} lineClamp={2}>
        {Object.entries(labels)
          .map(([label, rows]) =>
            t('counted', { title: titles.modelClass(model, label), count: rows, rows: format.number(rows) }),
          )
          .join(' · ')}
      </Text>
    );
  return (
    <Text size="sm" c="dimmed" truncate>
      {t('notShown')}
    </Text>
  );
}
