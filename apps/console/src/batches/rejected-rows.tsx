/** The rows of a batch that were not scored, and why, read from its results. */
import { Button, Card, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { DataTable, type Column } from '../parts/data-table';
import { ErrorNotice, Loading } from '../parts/states';
import { openResults, type Batch } from './queries';
import { readRejected, UnreadableResults, type RejectedRow } from './rejected';
import './texts';

const MOST_SHOWN = 1000;
/** Results of larger files are read when they are asked for. */
const READ_AT_ONCE_BYTES = 4_000_000;

interface RejectedRowsProps {
  readonly batch: Batch;
  /** Another user's are read by a click: it leaves a trace. */
  readonly isOwn: boolean;
}

export function RejectedRows({ batch, isOwn }: RejectedRowsProps) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const [asked, setAsked] = useState(isOwn && batch.inputBytes <= READ_AT_ONCE_BYTES);
  const { id, status, rowsRejected } = batch;
  const ended = status !== 'queued' && status !== 'running';
  const wanted = Math.min(rowsRejected, MOST_SHOWN);
  const query = useQuery({
    queryKey: ['batches', 'rejected', id, wanted],
    queryFn: async ({ signal }) => readRejected(await openResults(id, signal), wanted),
    enabled: asked && ended,
    staleTime: Infinity,
  });
  if (!ended) return null;
  return (
    <Card component="section">
      <Stack gap="sm">
        <Title order={2}>{t('rejectedTitle')}</Title>
        <Text size="sm" c="dimmed">
          {t('rejectedAbout', { count: rowsRejected })}{' '}
          {rowsRejected > MOST_SHOWN && t('rejectedFirst', { most: format.number(MOST_SHOWN) })}
        </Text>
        {!asked && (
          <Stack gap={4} align="flex-start">
            <Button variant="default" onClick={() => setAsked(true)}>
              {t('showRejected')}
            </Button>
            {!isOwn && (
              <Text size="xs" c="dimmed">
                {t('readByOther')}
              </Text>
            )}
          </Stack>
        )}
        {query.isError && (
          <ErrorNotice
            title={query.error instanceof UnreadableResults ? t('unreadableResults') : undefined}
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        )}
        {asked && query.isPending && <Loading lines={Math.min(wanted, 6)} />}
        {query.data && <RejectedTable rows={query.data} />}
      </Stack>
    </Card>
  );
}

function RejectedTable({ rows }: { readonly rows: readonly RejectedRow[] }) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const named = rows[0]?.subject !== undefined;
  const columns: Column<RejectedRow>[] = [
    { id: 'row', header: t('row'), width: '64px', cell: ({ number }) => format.number(number) },
    ...(named
      ? [
          {
            id: 'subject',
            header: t('subject'),
            width: 'minmax(0, 0.8fr)',
            cell: ({ subject }: RejectedRow) => subject,
          },
        ]
      : []),
    {
      id: 'error',
      header: t('whatIsWrong'),
      width: 'minmax(0, 2fr)',
      cell: ({ error }) => (
        <Text size="sm" lineClamp={2} title={error} lang="en">
          {error}
        </Text>
      ),
    },
    {
      id: 'cells',
      header: t('held'),
      width: 'minmax(0, 3fr)',
      wideOnly: true,
      cell: ({ cells }) => {
        const held = cells.map(([name, cell]) => `${name}: ${cell === '' ? '–' : cell}`).join(', ');
        return (
          <Text size="sm" c="dimmed" lineClamp={2} title={held}>
            {held}
          </Text>
        );
      },
    },
  ];
  return (
    <DataTable
      label={t('rejectedTitle')}
      columns={columns}
      rows={rows}
      rowKey={({ number }) => String(number)}
      maxHeight={420}
    />
  );
}
