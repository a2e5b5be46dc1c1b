import { Card, Group, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TextLink } from '../parts/links';
import { ModelVersionLink } from '../parts/model-version';
import { useFormat } from '../i18n/format';
import { CopyButton } from '../parts/copy-button';
import { Facts } from '../parts/facts';
import { Person } from '../parts/person';
import type { PredictionDetail } from './queries';
import './texts';

interface ProvenanceCardProps {
  readonly prediction: PredictionDetail;
  /** Whether who looks may read the audit record. */
  readonly seesRecord: boolean;
}

export function ProvenanceCard({ prediction, seesRecord }: ProvenanceCardProps) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  const { id, userId, apiKeyId, model, version, engine, engineVersion, processor, admittedAt, createdAt, requestId } =
    prediction;
  return (
    <Card component="section">
      <Stack gap="sm">
        <Title order={2}>{t('provenance')}</Title>
        <Facts
          items={[
            [t('model'), <ModelVersionLink key="model" model={model} version={version} />],
            [t('who'), <Person key="who" userId={userId} />],
            [t('engine'), `${engine}, ${engineVersion}`],
            [t('processor'), processor],
            [t('admittedAt'), format.dateTime(admittedAt)],
            [t('recordedAt'), format.dateTime(createdAt)],
            [t('requestId'), <Copied key="request" id={requestId} what={t('requestId')} />],
            [t('predictionId'), <Copied key="id" id={id} what={t('predictionId')} />],
            [t('apiKey'), apiKeyId === null ? null : <Copied key="key" id={apiKeyId} what={t('apiKey')} />],
            [
              t('proof'),
              seesRecord ? (
                <TextLink key="proof" to="/audit" search={{ proof: id }}>
                  {t('openProof')}
                </TextLink>
              ) : null,
            ],
          ]}
        />
      </Stack>
    </Card>
  );
}

function Copied({ id, what }: { readonly id: string; readonly what: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <code>{id}</code>
      <CopyButton value={id} what={what} />
    </Group>
  );
}
