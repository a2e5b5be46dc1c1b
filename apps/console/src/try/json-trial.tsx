/** A row as it is sent, for models whose values fit no form. */
import { Button, Card, Grid, Group, Stack, Textarea, Title } from '@mantine/core';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerCard } from './answer-card';
import { CodeSamplesCard } from './code-samples-card';
import type { PredictionRequest } from './code-samples';
import { ExamplesRow } from './examples-row';
import type { Row } from './fields';
import { jsonFaultAt, placeOf, type Place } from './json-fault';
import { SubjectField } from './subject-field';
import type { TrialProps } from './try-model';
import { usePrediction } from './use-prediction';
import classes from './trial.module.css';
import './texts';

function readRow(text: string): { readonly row: Row } | { readonly fault: Place | 'object' } {
  const faultAt = jsonFaultAt(text);
  if (faultAt !== undefined) return { fault: placeOf(text, faultAt) };
  const row: unknown = JSON.parse(text);
  return typeof row === 'object' && row !== null && !Array.isArray(row) ? { row: row as Row } : { fault: 'object' };
}

export function JsonTrial({ version, schema, examples, evaluation, askedVersion }: TrialProps) {
  const { t } = useTranslation('try');
  const [text, setText] = useState(() => JSON.stringify(examples[0]?.input ?? schema.examples[0] ?? {}, null, 2));
  const [subject, setSubject] = useState('');
  const call = usePrediction(version.model);
  const read = useMemo(() => readRow(text), [text]);

  const request: PredictionRequest | undefined =
    'row' in read
      ? {
          input: read.row,
          ...(askedVersion === undefined ? {} : { version: askedVersion }),
          ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
        }
      : undefined;
  const outdated = call.data !== undefined && JSON.stringify(call.data.request) !== JSON.stringify(request);
  const faultText = (fault: Place | 'object'): string =>
    fault === 'object'
      ? t('jsonObject')
      : `${t('atCell', { line: fault.line, column: fault.column })}: ${t('textFaults.json')}`;

  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (request) await call.ask(request);
  };

  return (
    <Stack gap="lg">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Card component="section" aria-labelledby="patient-title">
            <form onSubmit={(event) => void ask(event)}>
              <Stack>
                <Title order={2} id="patient-title">
                  {t('patient')}
                </Title>
                <ExamplesRow
                  model={version.model}
                  examples={examples}
                  onChoose={({ input }) => setText(JSON.stringify(input, null, 2))}
                />
                <Textarea
                  label={t('jsonLabel')}
                  description={t('jsonHint')}
                  error={'fault' in read && faultText(read.fault)}
                  value={text}
                  onChange={(event) => setText(event.currentTarget.value)}
                  autosize
                  minRows={8}
                  maxRows={24}
                  spellCheck={false}
                  styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
                />
                <SubjectField value={subject} onChange={setSubject} />
                <Group>
                  <Button type="submit" loading={call.isPending} disabled={!request}>
                    {t('ask')}
                  </Button>
                </Group>
              </Stack>
            </form>
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <div className={classes.answer}>
            <AnswerCard version={version} evaluation={evaluation} call={call} outdated={outdated} />
          </div>
        </Grid.Col>
      </Grid>
      {request && <CodeSamplesCard model={version.model} request={request} />}
    </Stack>
  );
}
