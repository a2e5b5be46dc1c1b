/** The plan: what is left of its minute and of its day, live, and what its numbers mean. */
import { Badge, Card, Group, Progress, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { QueryState } from '../parts/states';
import type { Me } from '../session/session';
import type { QuotaNow } from './live-quota';
import { useLiveQuota } from './use-live-quota';
import './texts';

const LOW_SHARE = 0.2;

export function QuotaCard() {
  const { t } = useTranslation('account');
  const { query, now } = useLiveQuota();
  return (
    <Card component="section" aria-label={t('plan.title')}>
      <Stack gap="lg">
        <Group justify="space-between">
          <Title order={2}>{t('plan.title')}</Title>
          {query.data && (
            <Badge size="lg" variant="light" tt="none">
              {query.data.plan}
            </Badge>
          )}
        </Group>
        <QueryState query={query} loading={<Skeleton height={180} />}>
          {(me) => now && <Meters me={me} now={now} />}
        </QueryState>
      </Stack>
    </Card>
  );
}

function Meters({ me, now }: { readonly me: Me; readonly now: QuotaNow }) {
  const { t } = useTranslation('account');
  const format = useFormat();
  const { quota } = me;
  const rowsLeft = Math.max(0, quota.rowsPerDay - quota.rowsToday);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Meter
          label={t('plan.minute')}
          left={now.remaining}
          of={now.limit}
          unit={t('plan.ofRequests', { count: now.limit, limit: format.number(now.limit) })}
          hint={
            now.nextInSeconds === undefined
              ? now.remaining >= now.limit
                ? t('plan.full')
                : t('plan.refilling')
              : t('plan.nextIn', { time: format.seconds(now.nextInSeconds) })
          }
        />
        <Meter
          label={t('plan.day')}
          left={rowsLeft}
          of={quota.rowsPerDay}
          unit={t('plan.ofRows', { count: quota.rowsPerDay, limit: format.number(quota.rowsPerDay) })}
          hint={t('plan.rowsToday', { count: quota.rowsToday, rows: format.number(quota.rowsToday) })}
        />
      </SimpleGrid>
      <Text size="sm" c="dimmed" maw={760}>
        {t('plan.explained', {
          limit: format.number(quota.limit),
          seconds: quota.windowSeconds,
          rows: format.number(quota.rowsPerRequest),
        })}{' '}
        {t('plan.streams', { count: quota.concurrentStreams })}
      </Text>
    </>
  );
}

interface MeterProps {
  readonly label: string;
  readonly left: number;
  readonly of: number;
  readonly unit: string;
  readonly hint: string;
}

function Meter({ label, left, of, unit, hint }: MeterProps) {
  const format = useFormat();
  const share = of === 0 ? 0 : Math.min(1, left / of);
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <Group gap={6} align="baseline">
        <Text component="span" fz={30} fw={650} lh={1.1} className="numbers">
          {format.number(left)}
        </Text>
        <Text component="span" c="dimmed" size="sm">
          {unit}
        </Text>
      </Group>
      <Progress.Root size={10} aria-hidden>
        <Progress.Section value={share * 100} color={share < LOW_SHARE ? 'alarm' : 'brand'} withAria={false} />
      </Progress.Root>
      <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={of} aria-valuenow={left}>
        <Text size="sm" c="dimmed" className="numbers">
          {hint}
        </Text>
      </div>
    </Stack>
  );
}
