/** Computes a prediction again and says whether the same came out, to the last bit. */
import { Alert, Button, Card, Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconRefreshDot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { dataOf, latido, type Schemas } from '../api/latido';
import { usePatientCall } from '../api/use-patient-call';
import { DataTable, type Column } from '../parts/data-table';
import { useFormat } from '../i18n/format';
import { LiveStatus } from '../parts/live-status';
import { ErrorNotice, WaitingNotice } from '../parts/states';
import type { PredictionDetail } from './queries';
import './texts';

type Replay = Schemas['ReplayDto'];
type ReplayedRow = Schemas['ReplayedRowDto'];

interface ReplayCardProps {
  readonly prediction: PredictionDetail;
  /** Undefined: all rows. */
  readonly row: number | undefined;
}

export function ReplayCard({ prediction: { id }, row }: ReplayCardProps) {
  const { t } = useTranslation('predictions');
  const replay = usePatientCall((_: undefined, signal) =>
    dataOf(
      row === undefined
        ? latido.POST('/v1/predictions/{id}/replay', { params: { path: { id } }, signal })
        : latido.POST('/v1/predictions/{id}/rows/{row}/replay', { params: { path: { id, row } }, signal }),
    ),
  );
  const { data, error, isPending, againAtMs } = replay;
  // What it throws is shown below.
  const run = (): void => void replay.run(undefined).catch(() => undefined);
  return (
    <Card component="section">
      <Stack gap="sm">
        <Title order={2}>{t('replay')}</Title>
        <Text size="sm" c="dimmed">
          {t('replayAbout')}
        </Text>
        <div>
          <Button
            variant="default"
            leftSection={<IconRefreshDot size={16} aria-hidden />}
            loading={isPending && againAtMs === undefined}
            onClick={run}
          >
            {t('replay')}
          </Button>
        </div>
        {againAtMs !== undefined && <WaitingNotice againAtMs={againAtMs} onCancel={replay.cancel} />}
        {error !== undefined && <ErrorNotice error={error} onRetry={run} />}
        <LiveStatus>{data && <ReplayOutcome replay={data} />}</LiveStatus>
        {data && data.rows.length > 0 && <ReplayedRows rows={data.rows} />}
        {data && !data.sameEnvironment && <Environments engine={data.engine} />}
      </Stack>
    </Card>
  );
}

function ReplayOutcome({ replay }: { readonly replay: Replay }) {
  const { t } = useTranslation('predictions');
  const { identical, comparedRows, differentRows, largestDifference, sameEnvironment, erasedRows } = replay;
  return (
    <Alert
      color={identical ? 'teal' : 'yellow'}
      variant="light"
      icon={identical ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={identical ? t('replayed') : t('differsTitle')}
    >
      <Text size="sm">
        {identical
          ? t('replayedRows', { count: comparedRows })
          : t('differs', {
              count: differentRows,
              compared: comparedRows,
              difference: largestDifference === null ? t('otherLength') : String(largestDifference),
            })}{' '}
        {sameEnvironment ? t('sameEnvironment') : t('otherEnvironment')} {erasedRows.length > 0 && t('replayErased')}
      </Text>
    </Alert>
  );
}

const ROW_HEIGHT = 52;

function ReplayedRows({ rows }: { readonly rows: readonly ReplayedRow[] }) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  const scores = (values: readonly number[]) => (
    <Text size="xs" ff="monospace" lineClamp={2} title={values.join('\n')}>
      {values.join(' ')}
    </Text>
  );
  const columns: Column<ReplayedRow>[] = [
    { id: 'row', header: t('row'), width: '56px', cell: ({ row }) => format.number(row + 1) },
    { id: 'recorded', header: t('recorded'), width: 'minmax(0, 1fr)', cell: ({ recorded }) => scores(recorded) },
    { id: 'again', header: t('again'), width: 'minmax(0, 1fr)', cell: ({ replayed }) => scores(replayed) },
    {
      id: 'difference',
      header: t('difference'),
      width: '110px',
      align: 'end',
      wideOnly: true,
      cell: ({ largestDifference }) => (largestDifference === null ? '–' : String(largestDifference)),
    },
  ];
  return (
    <DataTable
      label={t('replayRows')}
      columns={columns}
      rows={rows}
      rowKey={({ row }) => String(row)}
      rowHeight={ROW_HEIGHT}
      maxHeight={320}
    />
  );
}

function Environments({ engine }: { readonly engine: Replay['engine'] }) {
  const { t } = useTranslation('predictions');
  const { recorded, replayed } = engine;
  return (
    <Table verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          <Table.Th>{t('then')}</Table.Th>
          <Table.Th>{t('now')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        <Table.Tr>
          <Table.Th>{t('engine')}</Table.Th>
          <Table.Td>{`${recorded.name}, ${recorded.version}`}</Table.Td>
          <Table.Td>{`${replayed.name}, ${replayed.version}`}</Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Th>{t('processor')}</Table.Th>
          <Table.Td>{recorded.processor}</Table.Td>
          <Table.Td>{replayed.processor}</Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}
