/** A model of single values: a form, and beside it what is answered. */
import { Box, Button, Card, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { useMemo, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { AnswerCard } from './answer-card';
import { CodeSamplesCard } from './code-samples-card';
import type { PredictionRequest } from './code-samples';
import { cohortOf } from './distribution';
import { ExamplesRow } from './examples-row';
import { fieldsOf } from './fields';
import { keepFocus } from './keep-focus';
import { RowFields } from './row-fields';
import { SubjectField } from './subject-field';
import { TOUR_MODEL, TOUR_PLACES, useTour } from './tour';
import { TourPanel } from './tour-panel';
import type { TrialProps } from './try-model';
import { usePrediction } from './use-prediction';
import { isPlaced, refusalOf, useRow } from './use-row';
import classes from './trial.module.css';
import './texts';

export function FieldsTrial({ version, schema, examples, evaluation, askedVersion }: TrialProps) {
  const { t } = useTranslation('try');
  const format = useFormat();
  const terms = useTerms();
  const fields = useMemo(() => fieldsOf(version.inputs, schema), [version.inputs, schema]);
  const names = fields.map(({ input }) => input.name);
  const entered = useRow(fields, examples[0]?.input ?? schema.examples[0] ?? {});
  const [subject, setSubject] = useState('');
  const call = usePrediction(version.model);
  const form = useRef<HTMLFormElement>(null);
  const answerPlace = useRef<HTMLDivElement>(null);
  const wholeTour = useTour();
  const tour = version.model === TOUR_MODEL ? wholeTour : undefined;
  const cohort = cohortOf(evaluation);

  const request: PredictionRequest = {
    input: entered.row,
    ...(askedVersion === undefined ? {} : { version: askedVersion }),
    ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
  };
  const outdated = call.data !== undefined && JSON.stringify(call.data.request) !== JSON.stringify(request);

  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    entered.judgeAll();
    if (entered.faultCount > 0) return focusFirstFault(form.current);
    const answer = await call.ask(request);
    if (!answer) return focusFirstFault(form.current);
    if (tour?.step) tour.go('answer');
    answerPlace.current?.scrollIntoView({ block: 'nearest' });
  };
  const change = (name: string, value: string | number): void => {
    entered.change(name, value);
    if (tour?.step === 'values') tour.go('ask');
  };
  const now = (step: typeof wholeTour.step): true | undefined => (tour?.step === step ? true : undefined);

  return (
    <Stack gap="lg">
      {tour && <TourPanel tour={tour} />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Card component="section" aria-labelledby="patient-title">
            <form ref={form} noValidate onSubmit={(event) => void ask(event)}>
              <Stack>
                <Title order={2} id="patient-title">
                  {t('patient')}
                </Title>
                <ExamplesRow
                  model={version.model}
                  examples={examples}
                  onChoose={({ input }) => entered.fillIn(input)}
                />
                {cohort && (
                  <Text size="sm" c="dimmed" className="numbers">
                    {t('cohortHint', { dataset: terms.datasetTitle(cohort), rows: format.number(cohort.rows, 0) })}
                  </Text>
                )}
                <Box id={TOUR_PLACES.values} className={classes.place} data-tour-now={now('values')}>
                  <RowFields
                    fields={fields}
                    values={entered.values}
                    cohort={cohort}
                    judged={entered.judged}
                    refusal={refusalOf(call.error, call.refused, entered.row)}
                    onChange={change}
                    onLeave={entered.leave}
                  />
                </Box>
                <SubjectField value={subject} onChange={setSubject} />
                <Group gap="md">
                  <Box id={TOUR_PLACES.ask} className={classes.place} data-tour-now={now('ask')}>
                    <Button type="submit" loading={call.isPending} onMouseDown={keepFocus}>
                      {t('ask')}
                    </Button>
                  </Box>
                  {entered.faultCount > 0 && entered.judged('') && (
                    <Text size="sm" c="red" role="alert">
                      {t('fixFields', { count: entered.faultCount })}
                    </Text>
                  )}
                </Group>
              </Stack>
            </form>
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <div
            ref={answerPlace}
            id={TOUR_PLACES.answer}
            tabIndex={-1}
            className={`${classes.answer} ${classes.place}`}
            data-tour-now={now('answer')}
          >
            <AnswerCard
              version={version}
              evaluation={evaluation}
              call={call}
              outdated={outdated}
              refusalShown={isPlaced(call.error, names)}
            />
          </div>
        </Grid.Col>
      </Grid>
      <CodeSamplesCard model={version.model} request={request} />
    </Stack>
  );
}

/** After the faults are in the page. */
function focusFirstFault(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
