/** Batches, newest first; those that are being done are looked at again and again. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { pagingOf } from '../api/pages-of';
import { TextLink } from '../parts/links';
import { useFormat } from '../i18n/format';
import { DataTable, type Column } from '../parts/data-table';
import { ModelVersion } from '../parts/model-version';
import { Person } from '../parts/person';
import { Empty, ErrorNotice, Loading } from '../parts/states';
import { BatchStatusBadge } from './batch-status';
import { batchesQuery, isOpen, type Batch, type BatchStatus } from './queries';
import './texts';

const LOOK_EVERY_MS = 3000;

interface BatchListProps {
  readonly status: BatchStatus | undefined;
  readonly seesAll: boolean;
}

export function BatchList({ status, seesAll }: BatchListProps) {
  const { t } = useTranslation('batches');
  const columns = useColumns(seesAll);
  const query = useInfiniteQuery({
    ...batchesQuery(status),
    // The first page is the newest: further ones hold what has ended.
    refetchInterval: ({ state }) => (state.data?.pages[0]?.data.some(isOpen) ? LOOK_EVERY_MS : false),
  });
  const rows = query.data?.pages.flatMap(({ data }) => data);
  if (!rows)
    return query.isError ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : <Loading />;
  if (rows.length === 0)
    return (
      <Empty title={status === undefined ? t('emptyTitle') : t('emptyStatus')} icon={<IconFileSpreadsheet size={28} />}>
        {status === undefined && t('empty')}
      </Empty>
    );
  return (
    <>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      <DataTable
        label={seesAll ? t('allBatches') : t('yourBatches')}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        {...pagingOf(query)}
      />
    </>
  );
}

function useColumns(seesAll: boolean): Column<Batch>[] {
  const { t } = useTranslation('batches');
  const format = useFormat();
  return [
    {
      id: 'when',
      header: t('when'),
      width: 'minmax(0, 1.3fr)',
      cell: ({ id, createdAt }) => (
        <TextLink to="/batches/$id" params={{ id }}>
          {format.dateTime(createdAt)}
        </TextLink>
      ),
    },
    {
      id: 'model',
      header: t('model'),
      width: 'minmax(0, 1.3fr)',
      wideOnly: true,
      cell: ({ model, version }) => <ModelVersion model={model} version={version} />,
    },
    { id: 'status', header: t('status'), width: '120px', cell: ({ status }) => <BatchStatusBadge status={status} /> },
    {
      id: 'rows',
      header: t('rows'),
      width: 'minmax(0, 0.7fr)',
      align: 'end',
      cell: ({ rowsDone }) => format.number(rowsDone),
    },
    {
      id: 'rejected',
      header: t('rejected'),
      width: 'minmax(0, 0.7fr)',
      align: 'end',
      wideOnly: true,
      cell: ({ rowsRejected }) => format.number(rowsRejected),
    },
    {
      id: 'file',
      header: t('file'),
      width: 'minmax(0, 0.7fr)',
      align: 'end',
      wideOnly: true,
      cell: ({ inputBytes }) => format.bytes(inputBytes),
    },
    ...(seesAll
      ? [
          {
            id: 'who',
            header: t('who'),
            width: 'minmax(0, 1fr)',
            wideOnly: true,
            cell: ({ userId }: Batch) => <Person userId={userId} />,
          },
        ]
      : []),
  ];
}
