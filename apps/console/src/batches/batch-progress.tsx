import { Card, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { Stat } from '../parts/stat';
import { BatchStatusBadge } from './batch-status';
import { isOpen, type Batch } from './queries';
import './texts';

const COLORS: Readonly<Partial<Record<Batch['status'], string>>> = { failed: 'alarm', cancelled: 'gray' };

export function BatchProgress({ batch }: { readonly batch: Batch }) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const { status, progress, rowsDone, rowsRejected, rowsPerSecond, secondsLeft, startedAt, finishedAt } = batch;
  const tookMs = startedAt !== null && finishedAt !== null ? Date.parse(finishedAt) - Date.parse(startedAt) : undefined;
  const percent = format.percent(progress, 0);
  return (
    <Stack>
      <Card padding="md">
        <Stack gap="xs">
          <Group justify="space-between">
            {/* Told when it changes, not at each step. */}
            <div role="status">
              <BatchStatusBadge status={status} />
            </div>
            <Text size="sm" c="dimmed" className="numbers">
              {status === 'queued' ? t('waitsForTurn') : t('progressText', { percent })}
            </Text>
          </Group>
          <Progress.Root size="lg">
            <Progress.Section
              value={progress * 100}
              color={COLORS[status]}
              striped={status === 'running'}
              animated={status === 'running'}
              aria-label={t('progress')}
              aria-valuetext={percent}
            />
          </Progress.Root>
        </Stack>
      </Card>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Stat label={t('rowsDone')} value={format.number(rowsDone)} />
        <Stat
          label={t('rejected')}
          value={format.number(rowsRejected)}
          hint={rowsDone > 0 ? t('ofRows', { percent: format.percent(rowsRejected / rowsDone, 2) }) : undefined}
        />
        <Stat
          label={t('perSecond')}
          value={rowsDone === 0 ? '–' : format.number(paceOf(rowsPerSecond, rowsDone, tookMs), 0)}
        />
        {isOpen(batch) ? (
          <Stat label={t('timeLeft')} value={secondsLeft === null ? '–' : format.seconds(secondsLeft)} />
        ) : (
          <Stat label={t('took')} value={tookMs === undefined ? '–' : format.milliseconds(tookMs)} />
        )}
      </SimpleGrid>
    </Stack>
  );
}

/** Now, or on the whole once it has ended. */
function paceOf(rowsPerSecond: number | null, rowsDone: number, tookMs: number | undefined): number {
  if (rowsPerSecond !== null) return rowsPerSecond;
  return tookMs ? (rowsDone / tookMs) * 1000 : 0;
}
