/** Signed statements of where the chains ended, each with whether its signature holds. */
import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pagingOf, type Paging } from '../api/pages-of';
import { useFormat } from '../i18n/format';
import { DataTable, type Column } from '../parts/data-table';
import { Empty, ErrorNotice } from '../parts/states';
import { readCheckpoint } from './checkpoint';
import { CheckpointDetails } from './checkpoint-details';
import { CheckpointSignature } from './checkpoint-signature';
import { checkpointsQuery, signerQuery, type Checkpoint } from './queries';

const AGAIN_MS = 30_000;

export function CheckpointsTab() {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const checkpoints = useInfiniteQuery({ ...checkpointsQuery, refetchInterval: AGAIN_MS });
  const rows = checkpoints.data?.pages.flatMap(({ data }) => data);
  const latest = rows?.[0];
  return (
    <Stack>
      <Text c="dimmed">{t('checkpointsAbout')}</Text>
      {checkpoints.isError && <ErrorNotice error={checkpoints.error} onRetry={() => void checkpoints.refetch()} />}
      {rows === undefined && !checkpoints.isError && <Skeleton height={360} radius="lg" />}
      {rows?.length === 0 && <Empty title={t('noCheckpoints')}>{t('noCheckpointsHint')}</Empty>}
      {latest && rows && (
        <>
          <Text>{t('latestCheckpoint', { ago: format.ago(latest.createdAt) })}</Text>
          <CheckpointTable rows={rows} {...pagingOf(checkpoints)} />
        </>
      )}
    </Stack>
  );
}

interface CheckpointTableProps extends Paging {
  readonly rows: readonly Checkpoint[];
}

function CheckpointTable({ rows, ...paging }: CheckpointTableProps) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const signer = useQuery(signerQuery);
  const [shown, setShown] = useState<Checkpoint>();
  const columns: readonly Column<Checkpoint>[] = [
    {
      id: 'when',
      header: t('when'),
      cell: (checkpoint) => (
        <Stack gap={0}>
          <span>{format.dateTime(checkpoint.createdAt)}</span>
          <Text size="xs" c="dimmed">
            {format.ago(checkpoint.createdAt)}
          </Text>
        </Stack>
      ),
    },
    {
      id: 'chains',
      header: t('chainsNamed'),
      width: '110px',
      align: 'end',
      wideOnly: true,
      cell: ({ statement }) => format.number(readCheckpoint(statement)?.chains.length ?? 0),
    },
    {
      id: 'signature',
      header: t('signature'),
      cell: (checkpoint) => <CheckpointSignature checkpoint={checkpoint} signer={signer.data} />,
    },
    {
      id: 'kid',
      header: t('key'),
      wideOnly: true,
      cell: ({ kid }) => (
        <Text size="xs" ff="monospace" truncate>
          {kid}
        </Text>
      ),
    },
    {
      id: 'details',
      header: t('details'),
      width: '96px',
      align: 'end',
      cell: (checkpoint) => (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t('checkpointDetails', { at: format.dateTime(checkpoint.createdAt) })}
          onClick={() => setShown(checkpoint)}
        >
          {t('show')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <DataTable
        label={t('tabs.checkpoints')}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        rowHeight={60}
        // The date takes two lines.
        narrowRowHeight={80}
        {...paging}
      />
      <CheckpointDetails checkpoint={shown} signer={signer.data} onClose={() => setShown(undefined)} />
    </>
  );
}
