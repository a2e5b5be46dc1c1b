/** Verifies the record while one watches. */
import { Alert, Button, Card, Group, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconPlayerStop, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { ErrorNotice } from '../parts/states';
import type { VerificationProgress } from './queries';
import { useVerification, VerificationCutOff } from './use-verification';
import { VerificationResult } from './verification-result';

const DAY_MS = 86_400_000;
const SPANS = { all: undefined, week: 7 * DAY_MS, day: DAY_MS } as const;
type Span = keyof typeof SPANS;

export function VerifyTab() {
  const { t } = useTranslation('audit');
  const [span, setSpan] = useState<Span>('all');
  const run = useVerification();
  const running = run.state === 'running';
  const start = (): void => {
    const ms = SPANS[span];
    run.start(ms === undefined ? undefined : new Date(Date.now() - ms).toISOString());
  };
  return (
    <Stack gap="lg">
      <Card>
        <Stack>
          <Text>{t('verifyAbout')}</Text>
          <Group gap="md">
            <SegmentedControl
              aria-label={t('verifySpan')}
              value={span}
              disabled={running}
              onChange={(value) => setSpan((Object.keys(SPANS) as Span[]).find((one) => one === value) ?? 'all')}
              data={(Object.keys(SPANS) as Span[]).map((one) => ({ value: one, label: t(`spans.${one}`) }))}
            />
            {running ? (
              <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={run.stop}>
                {t('stop')}
              </Button>
            ) : (
              <Button leftSection={<IconShieldCheck size={16} aria-hidden />} onClick={start}>
                {t(run.state === 'idle' ? 'verify' : 'verifyAgain')}
              </Button>
            )}
            <Text size="sm" role="status">
              {run.state === 'stopped' && t('stopped')}
            </Text>
          </Group>
          {running && <RunProgress progress={run.progress} />}
        </Stack>
      </Card>
      {run.state === 'failed' &&
        (run.error instanceof VerificationCutOff ? (
          <Alert color="alarm" variant="light" role="alert" title={t('cutOff')}>
            {t('cutOffHint')}
          </Alert>
        ) : (
          <ErrorNotice error={run.error} onRetry={start} />
        ))}
      {run.result && <VerificationResult result={run.result} />}
    </Stack>
  );
}

function RunProgress({ progress }: { readonly progress: VerificationProgress | undefined }) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const { phase = 'batches', checked = 0, total = null } = progress ?? {};
  const share = total === null || total === 0 ? 1 : checked / total;
  const said =
    total === null ? t('counting') : t('checkedOf', { checked: format.number(checked), total: format.number(total) });
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text size="sm">{t(`phases.${phase}`)}</Text>
        <Text size="sm" c="dimmed" className="numbers">
          {said}
        </Text>
      </Group>
      <Progress.Root size="lg">
        <Progress.Section
          value={share * 100}
          aria-label={t(`phases.${phase}`)}
          aria-valuetext={said}
          animated={total === null}
        />
      </Progress.Root>
    </Stack>
  );
}
