/** A model of recordings: signals over time, the state at their end, and how it changed on the way. */
import { Grid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
import { ErrorNotice, WaitingNotice } from '../parts/states';
import { meQuery } from '../session/session';
import { AnswerCard } from './answer-card';
import { CodeSamplesCard } from './code-samples-card';
import type { PredictionRequest } from './code-samples';
import { cohortOf } from './distribution';
import { fieldsOf, type Row } from './fields';
import { OverTimeCard } from './over-time-card';
import { seriesOf, type Observation, type ObservationsDeclaration } from './observations';
import { asJson, readObservations } from './observations-text';
import { RecordingCard } from './recording-card';
import { RowFields } from './row-fields';
import { SignalCharts } from './signal-charts';
import { slidingWindows, thinnedOut, windowOf } from './sliding-window';
import type { TrialProps } from './try-model';
import { usePrediction } from './use-prediction';
import { isPlaced, refusalOf, useRow } from './use-row';
import classes from './trial.module.css';
import './texts';

/** As the API has it, whatever the plan. */
const MOST_ROWS = 1_000;

function observationsIn(row: Row): readonly Observation[] {
  return Array.isArray(row.observations) ? (row.observations as Observation[]) : [];
}

export function WindowTrial({ version, schema, examples, evaluation, askedVersion }: TrialProps) {
  const { t } = useTranslation('try');
  const terms = useTerms();
  const { data: me } = useQuery(meQuery);
  const declaration = version.observations as ObservationsDeclaration;
  const rules = windowOf(version.features);
  const fields = useMemo(() => fieldsOf(version.inputs, schema), [version.inputs, schema]);
  const first = examples[0]?.input ?? schema.examples[0] ?? {};
  const entered = useRow(fields, first);
  const [text, setText] = useState(() => asJson(observationsIn(first)));
  const [subject, setSubject] = useState('');
  const now = usePrediction(version.model);
  const overTime = usePrediction(version.model);
  const [slidOver, setSlidOver] = useState<readonly number[]>([]);
  const answerPlace = useRef<HTMLDivElement>(null);
  const overTimePlace = useRef<HTMLDivElement>(null);

  // Typing stays smooth while thousands of lines are read again.
  const readText = useDeferredValue(text);
  const read = useMemo(
    () => readObservations(readText, declaration, (signal) => terms.signalTitle(signal)),
    [readText, declaration, terms],
  );
  const observations = 'observations' in read ? read.observations : undefined;
  const recording = useMemo(
    () => observations && seriesOf(observations, declaration, rules?.samplingInterval),
    [observations, declaration, rules?.samplingInterval],
  );
  const windows = useMemo(
    () => (observations ? slidingWindows(observations, declaration, version.features) : []),
    [observations, declaration, version.features],
  );
  const mostRows = Math.min(MOST_ROWS, me?.quota.rowsPerRequest ?? MOST_ROWS);
  const sliding = useMemo(
    () =>
      thinnedOut(
        windows.filter(({ fault }) => !fault),
        mostRows,
      ),
    [windows, mostRows],
  );

  const requestOf = (inputs: Pick<PredictionRequest, 'input' | 'inputs' | 'subject' | 'subjects'>) => ({
    ...inputs,
    ...(askedVersion === undefined ? {} : { version: askedVersion }),
  });
  const named = subject.trim();
  const request = requestOf({
    input: { ...entered.row, observations: observations ?? [] },
    ...(named === '' ? {} : { subject: named }),
  });
  const outdated = now.data !== undefined && JSON.stringify(now.data.request) !== JSON.stringify(request);
  const refusalShown = isPlaced(
    now.error,
    fields.map(({ input }) => input.name),
  );

  const askNow = async (): Promise<void> => {
    entered.judgeAll();
    if (entered.faultCount > 0 || !observations) return;
    if (await now.ask(request)) answerPlace.current?.scrollIntoView({ block: 'nearest' });
  };
  const slide = async (): Promise<void> => {
    entered.judgeAll();
    if (entered.faultCount > 0) return;
    const answer = await overTime.ask(
      requestOf({
        inputs: sliding.windows.map((window) => ({ ...entered.row, observations: window.observations })),
        ...(named === '' ? {} : { subjects: sliding.windows.map(() => named) }),
      }),
    );
    if (!answer) return;
    setSlidOver(sliding.windows.map(({ timeMs }) => timeMs));
    overTimePlace.current?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <Stack gap="lg">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <RecordingCard
            version={version}
            declaration={declaration}
            rules={rules}
            examples={examples}
            text={text}
            read={read}
            windows={windows}
            sliding={sliding}
            subject={subject}
            isAsking={now.isPending}
            isSliding={overTime.isPending}
            onText={setText}
            onSubject={setSubject}
            onExample={({ input }) => {
              entered.fillIn(input);
              setText(asJson(observationsIn(input)));
            }}
            onAsk={() => void askNow()}
            onSlide={() => void slide()}
          >
            {fields.length > 0 && (
              <RowFields
                fields={fields}
                values={entered.values}
                cohort={cohortOf(evaluation)}
                judged={entered.judged}
                refusal={refusalOf(now.error, now.refused, entered.row)}
                onChange={entered.change}
                onLeave={entered.leave}
              />
            )}
          </RecordingCard>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <div ref={answerPlace} className={classes.answer}>
            <AnswerCard
              version={version}
              evaluation={evaluation}
              call={now}
              outdated={outdated}
              refusalShown={refusalShown}
            />
          </div>
        </Grid.Col>
      </Grid>
      <div ref={overTimePlace} role="status" aria-label={t('overTime')}>
        <Stack gap="lg">
          {overTime.againAtMs !== undefined && (
            <WaitingNotice againAtMs={overTime.againAtMs} onCancel={overTime.cancel} />
          )}
          {overTime.error !== undefined && <ErrorNotice error={overTime.error} />}
        </Stack>
      </div>
      {overTime.data && slidOver.length === overTime.data.prediction.results.length && (
        <OverTimeCard version={version} prediction={overTime.data.prediction} timesMs={slidOver} />
      )}
      {recording && <SignalCharts {...recording} />}
      {observations && <CodeSamplesCard model={version.model} request={request} />}
    </Stack>
  );
}
