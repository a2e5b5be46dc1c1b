import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ModelVersionLink } from '../parts/model-version';
import { useFormat } from '../i18n/format';
import { CopyButton } from '../parts/copy-button';
import { Facts } from '../parts/facts';
import { Person } from '../parts/person';
import type { Batch } from './queries';
import './texts';

export function BatchFacts({ batch }: { readonly batch: Batch }) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const { id, userId, model, version, onError, inputBytes, createdAt, startedAt, finishedAt, expiresAt } = batch;
  const instant = (value: string | null) => value !== null && format.dateTime(value);
  return (
    <Card component="section">
      <Stack gap="sm">
        <Title order={2}>{t('factsTitle')}</Title>
        <Facts
          items={[
            [t('model'), <ModelVersionLink key="model" model={model} version={version} />],
            [t('who'), <Person key="who" userId={userId} />],
            [t('file'), format.bytes(inputBytes)],
            [t('onError.label'), onError === 'abort' ? t('onError.abort') : t('onError.continue')],
            [t('sentAt'), instant(createdAt)],
            [t('startedAt'), instant(startedAt) || undefined],
            [t('finishedAt'), instant(finishedAt) || undefined],
            [
              t('expiresAt'),
              <div key="expires">
                {format.dateTime(expiresAt)}
                <Text size="xs" c="dimmed">
                  {t('expiresHint')}
                </Text>
              </div>,
            ],
            [
              t('batchId'),
              <Group key="id" gap={4} wrap="nowrap">
                <code>{id}</code>
                <CopyButton value={id} what={t('batchId')} />
              </Group>,
            ],
          ]}
        />
      </Stack>
    </Card>
  );
}
