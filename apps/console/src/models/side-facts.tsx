/** One of two versions: what it is, how large, how fast, and how near to the framework it was trained with. */
import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { versionQuery, type ModelVersionSummary } from '../api/models';
import { useFormat } from '../i18n/format';
import { TextLink } from '../parts/links';
import { Facts, type Fact } from '../parts/facts';
import { useErrorText } from '../parts/states';
import { StatusBadge } from '../parts/status-badge';
import { VersionStatus } from './live';
import { latencyQuery } from './queries';
import './texts';
import { differenceFromTraining, latestOf } from './verification';

interface SideFactsProps {
  readonly side: 'a' | 'b';
  readonly version: ModelVersionSummary;
}

export function SideFacts({ side, version }: SideFactsProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const latency = useLatency(version);
  const verification = useVerification(version);
  const lastLive = version.lastActivatedAt === null ? t('never') : format.dateTime(version.lastActivatedAt);
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={3}>
            {t(`sides.${side}`)} ·{' '}
            <TextLink
              underline="hover"
              inherit
              to="/models/$model/versions/$version"
              params={{ model: version.model, version: version.version }}
              search={{}}
            >
              {version.version}
            </TextLink>
          </Title>
          <VersionStatus version={version} />
        </Group>
        {version.rejection !== null && (
          <Text size="sm" lang="en">
            {version.rejection}
          </Text>
        )}
        <Facts
          items={[
            [t('registered'), format.dateTime(version.createdAt)],
            [t('lastLive'), version.active ? t('liveNow') : lastLive],
            [t('artifact'), `${format.bytes(version.artifact.sizeBytes)} · ${version.artifact.format}`],
            [t('latency'), latency],
            ...verification,
          ]}
        />
      </Stack>
    </Card>
  );
}

/** A median alone says little: the 99th percentile stands beside it. */
export function useLatency({ model, version }: Pick<ModelVersionSummary, 'model' | 'version'>): ReactNode {
  const { t } = useTranslation('models');
  const format = useFormat();
  const errorText = useErrorText();
  const { data, isError, error } = useQuery(latencyQuery(model, version));
  if (isError) return errorText(error);
  if (!data?.infer) return <WithHint hint={t('latencyHint')}>–</WithHint>;
  const { p50Ms, p99Ms } = data.infer;
  return (
    <WithHint hint={`${t('latencyHint')}, ${t('latencyOf', { count: data.predictions })}`}>
      {t('latencyValue', { p50: format.milliseconds(p50Ms), p99: format.milliseconds(p99Ms) })}
    </WithHint>
  );
}

function WithHint({ hint, children }: { readonly hint: string | undefined; readonly children: ReactNode }) {
  return (
    <>
      {children}
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
    </>
  );
}

function useVerification({ model, version }: Pick<ModelVersionSummary, 'model' | 'version'>): Fact[] {
  const { t } = useTranslation('models');
  const format = useFormat();
  const errorText = useErrorText();
  const { data, isError, error } = useQuery(versionQuery(model, version));
  if (isError) return [[t('verification'), errorText(error)]];
  if (data === undefined) return [[t('verification'), '…']];
  const latest = latestOf(data.verifications);
  if (!latest) return [[t('verification'), t('neverVerified')]];
  const difference = differenceFromTraining(latest);
  return [
    [
      t('verification'),
      <WithHint key="passed" hint={latest.singleEngine ? t('singleEngine') : undefined}>
        <StatusBadge tone={latest.passed ? 'good' : 'bad'}>
          {latest.passed ? t('verified') : t('notVerified')}
        </StatusBadge>
      </WithHint>,
    ],
    [t('engines'), format.list(latest.engines.map((engine) => engine.version)) || '–'],
    [
      t('largest'),
      difference ? (
        <WithHint
          key="difference"
          hint={`${format.scientific(difference.relative)} ${t('relative')}; ${t('differenceFrom', { against: difference.against })}`}
        >
          {format.scientific(difference.absolute)} {t('absolute')}
        </WithHint>
      ) : (
        t('noGolden')
      ),
    ],
  ];
}
