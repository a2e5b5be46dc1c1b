/** One prediction as it is recorded: of several rows an overview, and each by itself. */
import { Alert, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconEraser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isNotFound } from '../api/latido';
import { versionQuery, type ModelVersion } from '../api/models';
import { useFormat } from '../i18n/format';
import { useTitles } from '../i18n/use-titles';
import { TextLink } from '../parts/links';
import { ModelNotice } from '../parts/notice';
import { NotThere } from '../parts/not-there';
import { Page } from '../parts/page';
import { Loading, QueryState } from '../parts/states';
import { Trail } from '../parts/trail';
import { meQuery, type Me } from '../session/session';
import { Answered } from './answered';
import { Asked } from './asked';
import { observationsIn } from './observations';
import { OutcomeCard } from './outcome-card';
import { ProvenanceCard } from './provenance-card';
import { predictionQuery, type PredictionDetail } from './queries';
import { rowOf, rowsOf, type RecordedRow } from './recorded-row';
import { ReplayCard } from './replay-card';
import { RowNavigation } from './row-navigation';
import { RowsTable } from './rows-table';
import { TimingCard } from './timing-card';
import './texts';

const route = getRouteApi('/inside/predictions/$id');

export function PredictionPage() {
  const { data: me } = useQuery(meQuery);
  return me ? <Recorded me={me} /> : null;
}

function Recorded({ me }: { readonly me: Me }) {
  const { t } = useTranslation('predictions');
  const { id } = route.useParams();
  const { row } = route.useSearch();
  const titles = useTitles();
  const query = useQuery(predictionQuery(id, me.id));
  const prediction = query.data;
  if (isNotFound(query.error))
    return (
      <NotThere
        title={t('prediction')}
        heading={t('notFoundTitle')}
        hint={t('notFound')}
        to="/predictions"
        back={t('allPredictions')}
      />
    );
  const title = prediction ? t('oneTitle', { model: titles.model(prediction.model) }) : t('prediction');
  return (
    <Page
      title={title}
      trail={
        <Trail here={title}>
          <TextLink to="/predictions">{t('title')}</TextLink>
        </Trail>
      }
    >
      <QueryState query={query}>
        {(data) => <PredictionView prediction={data} me={me} row={data.rowCount === 1 ? 0 : row} />}
      </QueryState>
    </Page>
  );
}

interface PredictionViewProps {
  readonly prediction: PredictionDetail;
  readonly me: Me;
  /** Undefined: all of them. */
  readonly row: number | undefined;
}

function PredictionView({ prediction, me, row }: PredictionViewProps) {
  const { model, version, notice, rowCount } = prediction;
  // Titles, units and classes; a record says what it says without them.
  const { data: modelVersion, isPending } = useQuery({
    ...versionQuery(model, version),
    staleTime: Infinity,
    throwOnError: false,
  });
  const shown = row !== undefined && row < rowCount ? row : undefined;
  // Names that become titles, units and thresholds would make all below jump.
  if (isPending) return <Loading />;
  return (
    <Stack gap="lg">
      <ModelNotice notice={notice} />
      {rowCount > 1 && shown !== undefined && <RowNavigation row={shown} rowCount={rowCount} />}
      {shown === undefined ? (
        <AllRows prediction={prediction} />
      ) : (
        <OneRow key={shown} prediction={prediction} row={shown} modelVersion={modelVersion} me={me} />
      )}
      <ReplayCard key={`replay ${shown}`} prediction={prediction} row={rowCount === 1 ? undefined : shown} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <ProvenanceCard prediction={prediction} seesRecord={me.role === 'admin' || me.role === 'auditor'} />
        <TimingCard timings={prediction.timings} />
      </SimpleGrid>
    </Stack>
  );
}

function AllRows({ prediction }: { readonly prediction: PredictionDetail }) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{t('rowsTitle')}</Title>
      <Text size="sm" c="dimmed">
        {t('rowsAbout', { rows: format.number(prediction.rowCount) })} {prediction.erased && t('someErased')}
      </Text>
      <RowsTable prediction={prediction} rows={rowsOf(prediction)} />
    </Stack>
  );
}

interface OneRowProps {
  readonly prediction: PredictionDetail;
  readonly row: number;
  readonly modelVersion: ModelVersion | undefined;
  readonly me: Me;
}

function OneRow({ prediction, row, modelVersion, me }: OneRowProps) {
  const { t } = useTranslation('predictions');
  const recorded = rowOf(prediction, row);
  const { input, result, subject } = recorded;
  return (
    <>
      {subject !== null && (
        <Group gap="xs">
          <Text c="dimmed">{t('subject')}</Text>
          <Text fw={600}>{subject}</Text>
        </Group>
      )}
      {input === null || result === null ? (
        <Alert color="gray" variant="light" icon={<IconEraser aria-hidden />} title={t('erasedTitle')}>
          {t('erased')}
        </Alert>
      ) : (
        <AskedAndAnswered
          model={prediction.model}
          recorded={recorded}
          input={input}
          result={result}
          modelVersion={modelVersion}
        />
      )}
      <OutcomeCard
        prediction={prediction}
        recorded={recorded}
        modelVersion={modelVersion}
        mayWrite={me.role === 'admin' || me.id === prediction.userId}
      />
    </>
  );
}

interface AskedAndAnsweredProps {
  readonly model: string;
  readonly recorded: RecordedRow;
  readonly input: NonNullable<RecordedRow['input']>;
  readonly result: NonNullable<RecordedRow['result']>;
  readonly modelVersion: ModelVersion | undefined;
}

function AskedAndAnswered({ model, recorded, input, result, modelVersion }: AskedAndAnsweredProps) {
  const asked = (
    <Card component="section">
      <Asked input={input} modelVersion={modelVersion} />
    </Card>
  );
  const answered = (
    <Card component="section">
      <Answered model={model} result={result} scores={recorded.scores ?? []} output={modelVersion?.output} />
    </Card>
  );
  // Charts take the whole width, and would push the answer out of sight.
  if (observationsIn(input).length > 0)
    return (
      <>
        {answered}
        {asked}
      </>
    );
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      {asked}
      {answered}
    </SimpleGrid>
  );
}
