/** Where the time of a request went, as a bar of its parts with their numbers below. */
import { Card, ColorSwatch, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { partsOf, type Part } from './timing';
import type { PredictionDetail } from './queries';
import './texts';

const COLORS: Readonly<Record<Part, string>> = {
  auth: 'brand.9',
  quota: 'brand.7',
  validate: 'brand.5',
  infer: 'alarm.6',
  record: 'brand.3',
  rest: 'gray.5',
};

export function TimingCard({ timings }: { readonly timings: PredictionDetail['timings'] }) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  const parts = timings ? partsOf(timings) : [];
  return (
    <Card component="section">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{t('timing')}</Title>
          {timings && (
            <Text size="sm" fw={600} className="numbers">
              {t('total', { time: format.milliseconds(timings.totalMs) })}
            </Text>
          )}
        </Group>
        {timings ? (
          <>
            {/* The list below says the same. */}
            <Progress.Root size="lg" aria-hidden>
              {parts.map(({ part, share }) => (
                <Progress.Section key={part} value={share * 100} color={COLORS[part]} withAria={false} />
              ))}
            </Progress.Root>
            <Stack gap={4} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
              {parts.map(({ part, ms, share }) => (
                <Group key={part} component="li" justify="space-between" gap="xs" wrap="nowrap">
                  <Group gap="xs" wrap="nowrap">
                    <ColorSwatch
                      size={12}
                      color={`var(--mantine-color-${COLORS[part].replace('.', '-')})`}
                      aria-hidden
                    />
                    <Text size="sm">{t(`parts.${part}`)}</Text>
                  </Group>
                  <Text size="sm" className="numbers">
                    {format.milliseconds(ms)}{' '}
                    <Text span inherit c="dimmed">
                      {format.percent(share, 0)}
                    </Text>
                  </Text>
                </Group>
              ))}
            </Stack>
            <Text size="xs" c="dimmed">
              {t('timingOfFile')}
            </Text>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t('noTimings')}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
