/** The rows of a prediction, up to a thousand. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TextLink } from '../parts/links';
import { useFormat } from '../i18n/format';
import { DataTable, type Column } from '../parts/data-table';
import { Answer } from './answer';
import { OutcomeInShort } from './outcome-in-short';
import type { PredictionDetail } from './queries';
import type { RecordedRow } from './recorded-row';
import './texts';

interface RowsTableProps {
  readonly prediction: PredictionDetail;
  readonly rows: readonly RecordedRow[];
}

export function RowsTable({ prediction: { model }, rows }: RowsTableProps) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  const columns: Column<RecordedRow>[] = [
    {
      id: 'row',
      header: t('row'),
      width: '64px',
      cell: ({ row }) => (
        <TextLink from="/predictions/$id" search={{ row }}>
          {format.number(row + 1)}
        </TextLink>
      ),
    },
    {
      id: 'subject',
      header: t('subject'),
      width: 'minmax(0, 1fr)',
      cell: ({ subject }) => (
        <Text size="sm" truncate>
          {subject ?? '–'}
        </Text>
      ),
    },
    {
      id: 'answer',
      header: t('answer'),
      width: 'minmax(0, 2fr)',
      cell: ({ result }) =>
        result ? (
          <Answer model={model} result={result} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('erasedTitle')}
          </Text>
        ),
    },
    {
      id: 'outcome',
      header: t('outcomeShort'),
      width: 'minmax(0, 1fr)',
      wideOnly: true,
      cell: ({ outcome }) => (outcome ? <OutcomeInShort model={model} outcome={outcome} /> : '–'),
    },
  ];
  return (
    <DataTable
      label={t('rowsTitle')}
      columns={columns}
      rows={rows}
      rowKey={({ row }) => String(row)}
      rowHeight={44}
      maxHeight={480}
    />
  );
}
