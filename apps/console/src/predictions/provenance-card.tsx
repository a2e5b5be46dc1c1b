import { Anchor, Card, Group, Stack, Title } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
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
  const terms = useTerms();
  const format = useFormat();
  const { id, userId, apiKeyId, model, version, engine, engineVersion, processor, admittedAt, createdAt, requestId } =
    prediction;
  return (
    <Card component="section">
      <Stack gap="sm">
        <Title order={2}>{t('provenance')}</Title>
        <Facts
          items={[
            [
              t('model'),
              <Anchor
                key="model"
                size="sm"
                renderRoot={(props) => (
                  <Link {...props} to="/models/$model/versions/$version" params={{ model, version }} />
                )}
              >
                {terms.modelTitle(model)} {version}
              </Anchor>,
            ],
            [t('who'), <Person key="who" userId={userId} />],
            [t('engine'), `${engine}, ${engineVersion}`],
            [t('processor'), processor],
            [t('admittedAt'), format.dateTime(admittedAt)],
            [t('recordedAt'), format.dateTime(createdAt)],
            [t('requestId'), <Copied key="request" id={requestId} />],
            [t('predictionId'), <Copied key="id" id={id} />],
            [t('apiKey'), apiKeyId === null ? null : <Copied key="key" id={apiKeyId} />],
            [t('proof'), seesRecord ? <ProofLink key="proof" id={id} /> : null],
          ]}
        />
      </Stack>
    </Card>
  );
}

function Copied({ id }: { readonly id: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <code>{id}</code>
      <CopyButton value={id} />
    </Group>
  );
}

function ProofLink({ id }: { readonly id: string }) {
  const { t } = useTranslation('predictions');
  const { history } = useRouter();
  const href = `/audit?proof=${id}`;
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.push(href);
  };
  return (
    <Anchor size="sm" href={href} onClick={follow}>
      {t('openProof')}
    </Anchor>
  );
}
