/** What a version is: whether it answers, and whether it may. */
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ModelVersionSummary } from '../api/models';
import { StatusBadge, type Tone } from '../parts/status-badge';
import './texts';

const TONES: Readonly<Record<ModelVersionSummary['status'], Tone>> = {
  verified: 'neutral',
  rejected: 'bad',
  retired: 'warning',
};

/** @param version its number beside the word; left out where it stands there already */
export function LiveBadge({ version }: { readonly version?: string }) {
  const { t } = useTranslation('models');
  return (
    <StatusBadge tone="good">
      {t('live')}
      {version === undefined ? '' : ` · ${version}`}
    </StatusBadge>
  );
}

export function VersionStatus({ version }: { readonly version: ModelVersionSummary }) {
  const { t } = useTranslation('models');
  return (
    <Group gap={6}>
      {version.active && <LiveBadge />}
      {!version.active && <StatusBadge tone={TONES[version.status]}>{t(`statuses.${version.status}`)}</StatusBadge>}
      {version.inferred && (
        <Text size="xs" c="dimmed">
          {t('inferredLabel')}
        </Text>
      )}
    </Group>
  );
}
