/** What really happened to the patient of a row: what holds, who said what before, and a form to say it. */
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../api/models';
import { useFormat } from '../i18n/format';
import { Person } from '../parts/person';
import { QueryState } from '../parts/states';
import { OutcomeForm } from './outcome-form';
import { OutcomeInShort } from './outcome-in-short';
import { outcomesQuery, type Outcome, type PredictionDetail } from './queries';
import type { RecordedRow } from './recorded-row';
import './texts';

interface OutcomeCardProps {
  readonly prediction: PredictionDetail;
  readonly recorded: RecordedRow;
  readonly modelVersion: ModelVersion | undefined;
  readonly mayWrite: boolean;
}

export function OutcomeCard({ prediction, recorded, modelVersion, mayWrite }: OutcomeCardProps) {
  const { t } = useTranslation('predictions');
  const [writing, setWriting] = useState(false);
  const [withHistory, setWithHistory] = useState(false);
  const { outcome, row, input } = recorded;
  const { id, model } = prediction;
  const unit = modelVersion?.output.unit;
  const opener = useRef<HTMLButtonElement>(null);
  const wasWriting = useRef(false);
  useEffect(() => {
    // The form that was focused is gone.
    if (wasWriting.current && !writing) opener.current?.focus();
    wasWriting.current = writing;
  }, [writing]);
  const offered = mayWrite && input !== null && modelVersion !== undefined;
  return (
    <Card component="section">
      <Stack gap="sm" align="stretch">
        <Title order={2}>{t('outcome')}</Title>
        <Text size="sm" c="dimmed">
          {t('outcomeAbout')}
        </Text>
        {outcome ? <OutcomeView model={model} outcome={outcome} unit={unit} /> : <Text>{t('noOutcome')}</Text>}
        {writing && modelVersion ? (
          <OutcomeForm
            id={id}
            row={row}
            modelVersion={modelVersion}
            before={outcome ?? undefined}
            onEnd={() => setWriting(false)}
          />
        ) : (
          <Group gap="sm">
            {offered && (
              <Button ref={opener} variant="default" onClick={() => setWriting(true)}>
                {outcome ? t('correct') : t('say')}
              </Button>
            )}
            {outcome && outcome.revision > 1 && !withHistory && (
              <Button variant="subtle" onClick={() => setWithHistory(true)}>
                {t('showHistory')}
              </Button>
            )}
          </Group>
        )}
        {withHistory && outcome && <History id={id} model={model} row={row} latest={outcome} unit={unit} />}
      </Stack>
    </Card>
  );
}

interface OutcomeViewProps {
  readonly model: string;
  readonly outcome: Outcome;
  readonly unit: string | undefined;
}

function OutcomeView({ model, outcome, unit }: OutcomeViewProps) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  const { observedAt, createdAt, note, revision, userId } = outcome;
  return (
    <Stack gap={2}>
      <Text fw={600}>
        <OutcomeInShort model={model} outcome={outcome} unit={unit} />{' '}
        <Text span size="sm" c="dimmed" fw={400}>
          {t('revision', { revision })}
        </Text>
      </Text>
      {note !== null && <Text size="sm">{note}</Text>}
      <Text size="xs" c="dimmed" className="numbers">
        {observedAt !== null && `${t('observed', { when: format.dateTime(observedAt) })} · `}
        {t('recordedOn', { when: format.dateTime(createdAt) })} <Person userId={userId} />
      </Text>
    </Stack>
  );
}

interface HistoryProps {
  readonly id: string;
  readonly model: string;
  readonly row: number;
  readonly latest: Outcome;
  readonly unit: string | undefined;
}

function History({ id, model, row, latest, unit }: HistoryProps) {
  const { t } = useTranslation('predictions');
  const query = useQuery(outcomesQuery(id, row));
  return (
    <Stack gap="sm">
      <Title order={3}>{t('history')}</Title>
      <QueryState query={query}>
        {(outcomes) => (
          <Stack gap="sm" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
            {outcomes
              .filter(({ revision }) => revision < latest.revision)
              .map((outcome) => (
                <li key={outcome.id}>
                  <OutcomeView model={model} outcome={outcome} unit={unit} />
                </li>
              ))}
          </Stack>
        )}
      </QueryState>
    </Stack>
  );
}
