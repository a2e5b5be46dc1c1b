/** One batch: how far it is, live; and when it has ended, what came of it. */
import { Alert, Card, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TextLink } from '../parts/links';
import { isNotFound } from '../api/latido';
import { modelQuery } from '../api/models';
import { useFormat } from '../i18n/format';
import { useTitles } from '../i18n/use-titles';
import { DownloadButton } from '../parts/download-button';
import { ModelNotice } from '../parts/notice';
import { NotThere } from '../parts/not-there';
import { Page } from '../parts/page';
import { Loading, QueryState } from '../parts/states';
import { Trail } from '../parts/trail';
import { meQuery, type Me } from '../session/session';
import { BatchFacts } from './batch-facts';
import { BatchFailure } from './batch-failure';
import { BatchProgress } from './batch-progress';
import { CancelBatch } from './cancel-batch';
import { isOpen, openResults, type Batch } from './queries';
import { RejectedRows } from './rejected-rows';
import { useBatch } from './use-batch';
import './texts';

const route = getRouteApi('/inside/batches/$id');

/** Ended batches have results, but for those of which all rows or none were wanted, and that failed. */
function hasResults({ status, onError, rowsDone }: Batch): boolean {
  if (status === 'failed' && onError === 'abort') return false;
  return status === 'succeeded' || ((status === 'failed' || status === 'cancelled') && rowsDone > 0);
}

export function BatchPage() {
  const { t } = useTranslation('batches');
  const { id } = route.useParams();
  const query = useBatch(id);
  const { data: me } = useQuery(meQuery);
  const titles = useTitles();
  if (isNotFound(query.error))
    return (
      <NotThere
        title={t('batch')}
        heading={t('notFoundTitle')}
        hint={t('notFound')}
        to="/batches"
        back={t('allYours')}
      />
    );
  const batch = query.data;
  const mayCancel = batch && me && isOpen(batch) && (batch.userId === me.id || me.role === 'admin');
  const title = batch ? t('batchOf', { model: titles.model(batch.model) }) : t('batch');
  return (
    <Page
      title={title}
      trail={
        <Trail here={title}>
          <TextLink to="/batches">{t('title')}</TextLink>
        </Trail>
      }
      actions={mayCancel && <CancelBatch id={id} />}
    >
      <QueryState query={query}>{(data) => me && <BatchView batch={data} me={me} />}</QueryState>
    </Page>
  );
}

function BatchView({ batch, me }: { readonly batch: Batch; readonly me: Me }) {
  const { data: model, isPending } = useQuery(modelQuery(batch.model));
  const { error } = batch;
  // What the model says of itself stands above: all would jump when it comes.
  if (isPending) return <Loading />;
  return (
    <Stack gap="lg">
      <ModelNotice notice={model?.notice} />
      <BatchProgress batch={batch} />
      {error && <BatchFailure error={error} />}
      {!isOpen(batch) && <Results batch={batch} />}
      {batch.rowsRejected > 0 && hasResults(batch) && <RejectedRows batch={batch} isOwn={batch.userId === me.id} />}
      <BatchFacts batch={batch} />
    </Stack>
  );
}

function Results({ batch }: { readonly batch: Batch }) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const { id, status, inputBytes, model } = batch;
  if (!hasResults(batch))
    return (
      <Alert color="gray" variant="light" icon={<IconInfoCircle aria-hidden />}>
        {t('noResults')}
      </Alert>
    );
  return (
    <Card component="section">
      <Stack gap="sm">
        <Title order={2}>{t('results')}</Title>
        <Text size="sm" c="dimmed">
          {status === 'succeeded' ? t('resultsOfAll') : t('resultsOfPart')}{' '}
          {t('resultsSize', { size: format.bytes(inputBytes) })}
        </Text>
        <DownloadButton
          variant="filled"
          label={t('download')}
          fileName={`${model}-${id}.csv`}
          open={(signal) => openResults(id, signal)}
        />
      </Stack>
    </Card>
  );
}
