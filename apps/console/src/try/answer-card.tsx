/** What a model answered of one patient, how sure it is, and what that was worth where it was evaluated. */
import { Card, Divider, Group, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat, type Formats } from '../i18n/format';
import { ClassProbabilities } from '../parts/class-probabilities';
import { TextLink } from '../parts/links';
import { ModelNotice } from '../parts/notice';
import { ErrorNotice, WaitingNotice } from '../parts/states';
import { TimeParts, type TimePart } from '../parts/time-parts';
import { CalibrationText } from './calibration-text';
import type { Evaluation } from './distribution';
import type { Answer, PredictionCall, PredictionResult } from './use-prediction';
import './texts';

interface AnswerCardProps {
  readonly version: ModelVersion;
  readonly evaluation: Evaluation | null | undefined;
  readonly call: PredictionCall;
  /** What is entered is no longer what was asked. */
  readonly outdated: boolean;
  /** All that was refused is said beside the fields. */
  readonly refusalShown?: boolean;
}

export function AnswerCard({ version, evaluation, call, outdated, refusalShown = false }: AnswerCardProps) {
  const { t } = useTranslation('try');
  const answer = call.data;
  return (
    <Card component="section" aria-labelledby="answer-title">
      <Stack>
        <Title order={2} id="answer-title">
          {t('answer')}
        </Title>
        <Announcement version={version} answer={answer} isPending={call.isPending} />
        {call.againAtMs !== undefined && <WaitingNotice againAtMs={call.againAtMs} onCancel={call.cancel} />}
        {call.error !== undefined && !refusalShown && <ErrorNotice error={call.error} />}
        {answer ? (
          <AnswerBody version={version} evaluation={evaluation} answer={answer} outdated={outdated} />
        ) : call.isPending && call.againAtMs === undefined ? (
          <Skeleton height={140} />
        ) : (
          <Text c="dimmed">{t('noAnswer')}</Text>
        )}
      </Stack>
    </Card>
  );
}

/** One sentence for those who hear the page, when an answer comes. */
function Announcement({
  version,
  answer,
  isPending,
}: {
  readonly version: ModelVersion;
  readonly answer: Answer | undefined;
  readonly isPending: boolean;
}) {
  const { t } = useTranslation('try');
  const format = useFormat();
  const terms = useTerms();
  const result = answer?.prediction.results[0];
  const said = (): string => {
    if (isPending) return t('asking');
    if (!result) return '';
    if (result.label === undefined) return valueText(result, version, format, terms.unitTitle);
    const probability = result.probability === undefined ? '' : format.percent(result.probability);
    return t('answerOf', { title: classTitleOf(version, result.label, terms.classTitle), probability });
  };
  return <VisuallyHidden role="status">{said()}</VisuallyHidden>;
}

function valueText(
  { value }: PredictionResult,
  { output }: ModelVersion,
  format: Formats,
  unitTitle: (unit: string) => string,
): string {
  const number = value === undefined ? '–' : format.number(value, 4);
  return output.unit === undefined ? number : `${number} ${unitTitle(output.unit)}`;
}

function classTitleOf(
  { model, output }: ModelVersion,
  name: string,
  classTitle: ReturnType<typeof useTerms>['classTitle'],
): string {
  return classTitle(model, output.classes?.find((one) => one.name === name) ?? name);
}

function AnswerBody({
  version,
  evaluation,
  answer: { prediction, timeParts, quotaLeft },
  outdated,
}: {
  readonly version: ModelVersion;
  readonly evaluation: Evaluation | null | undefined;
  readonly answer: Answer;
  readonly outdated: boolean;
}) {
  const { t } = useTranslation('try');
  const result = prediction.results[0];
  return (
    <Stack>
      {outdated && (
        <Text size="sm" c="dimmed" fs="italic">
          {t('outdated')}
        </Text>
      )}
      {result && <ResultView version={version} result={result} />}
      {result?.label !== undefined && result.probabilities && prediction.version === version.version && (
        <CalibrationText
          version={version}
          evaluation={evaluation}
          answered={result.label}
          probabilities={result.probabilities}
        />
      )}
      <ModelNotice notice={prediction.notice} />
      <Divider />
      {timeParts.length > 0 && <Times parts={timeParts} />}
      <Group justify="space-between" gap="xs">
        <TextLink to="/predictions/$id" params={{ id: prediction.id }}>
          {t('toRecord')}
        </TextLink>
        <Text size="xs" c="dimmed" className="numbers">
          {t('answeredBy', { version: prediction.version })}
          {quotaLeft && ` · ${t('quotaLeft', { left: quotaLeft.left, count: quotaLeft.limit })}`}
        </Text>
      </Group>
    </Stack>
  );
}

function ResultView({ version, result }: { readonly version: ModelVersion; readonly result: PredictionResult }) {
  const { t } = useTranslation('try');
  const format = useFormat();
  const terms = useTerms();
  const { output } = version;
  const titleOf = (name: string): string => classTitleOf(version, name, terms.classTitle);

  if (result.label === undefined)
    return (
      <Text fz={32} fw={650} lh={1.2} className="numbers">
        {valueText(result, version, format, terms.unitTitle)}
      </Text>
    );

  const positive = output.classes?.[1]?.name;
  const decided = version.task === 'binary-classification' && positive !== undefined && output.threshold !== undefined;
  return (
    <Stack gap="sm">
      <div>
        <Text fz={26} fw={650} lh={1.2}>
          {titleOf(result.label)}
        </Text>
        <Text c="dimmed" className="numbers">
          {result.probability !== undefined && t('probabilityOf', { probability: format.percent(result.probability) })}
          {result.score !== undefined && t('scoreOf', { score: format.number(result.score, 4) })}
        </Text>
      </div>
      {result.probabilities && (
        <ClassProbabilities
          items={Object.entries(result.probabilities).map(([name, probability]) => ({
            name,
            title: titleOf(name),
            probability,
          }))}
          answered={result.label}
          threshold={decided ? { name: positive, value: output.threshold! } : undefined}
        />
      )}
      {decided && (
        <Text size="sm">
          {t('thresholdSays', { title: titleOf(positive), threshold: format.percent(output.threshold!) })}
        </Text>
      )}
      {result.scores && (
        <div>
          <Text size="sm" c="dimmed">
            {t('scores')}
          </Text>
          {Object.entries(result.scores).map(([name, score]) => (
            <Group key={name} justify="space-between">
              <Text size="sm" fw={name === result.label ? 650 : 400}>
                {titleOf(name)}
              </Text>
              <Text size="sm" className="numbers">
                {format.number(score, 4)}
              </Text>
            </Group>
          ))}
        </div>
      )}
    </Stack>
  );
}

function Times({ parts }: { readonly parts: readonly TimePart[] }) {
  const { t } = useTranslation('try');
  const format = useFormat();
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {t('times')}
        </Text>
        <Text size="sm" c="dimmed" className="numbers">
          {t('timesTotal', { total: format.milliseconds(total) })}
        </Text>
      </Group>
      <TimeParts parts={parts} />
    </Stack>
  );
}
