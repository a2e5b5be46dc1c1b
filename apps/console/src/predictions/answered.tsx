/** What was answered to one row, with the exact scores behind it. */
import { Code, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { ClassProbabilities } from '../parts/class-probabilities';
import { Facts } from '../parts/facts';
import type { PredictionResult } from './queries';
import './texts';

const DIGITS = 4;

interface AnsweredProps {
  readonly model: string;
  readonly result: PredictionResult;
  readonly scores: readonly number[];
  readonly output: ModelVersion['output'] | undefined;
}

export function Answered({ model, result, scores, output }: AnsweredProps) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  const terms = useTerms();
  const titleOf = (name: string): string =>
    terms.classTitle(model, output?.classes?.find((one) => one.name === name) ?? name);
  const positive = output?.threshold === undefined ? undefined : output.classes?.[1];
  const { label, probabilities, scores: byClass, value } = result;
  return (
    <Stack gap="sm">
      <Title order={2}>{t('answered')}</Title>
      {label !== undefined && (
        <Text fz={22} fw={650} lh={1.3}>
          {titleOf(label)}
        </Text>
      )}
      {value !== undefined && (
        <Text fz={26} fw={650} lh={1.3} className="numbers">
          {format.number(value, DIGITS)} {output?.unit !== undefined && terms.unitTitle(output.unit)}
        </Text>
      )}
      {probabilities && (
        <ClassProbabilities
          items={Object.entries(probabilities).map(([name, probability]) => ({
            name,
            title: titleOf(name),
            probability,
          }))}
          answered={label}
          threshold={positive && { name: positive.name, value: output!.threshold! }}
        />
      )}
      {positive && (
        <Text size="xs" c="dimmed">
          {t('decides', { title: titleOf(positive.name) })}
        </Text>
      )}
      {byClass && (
        <>
          <Text size="sm" c="dimmed">
            {t('decisionScores')}
          </Text>
          <Facts
            items={Object.entries(byClass).map(([name, score]) => [titleOf(name), format.number(score, DIGITS)])}
          />
        </>
      )}
      <Stack gap={4} mt="xs">
        <Title order={3}>{t('exactScores')}</Title>
        <Text size="xs" c="dimmed">
          {t('exactScoresHint')}
        </Text>
        <Code block lang="en">
          {scores.map(String).join('\n')}
        </Code>
      </Stack>
    </Stack>
  );
}
