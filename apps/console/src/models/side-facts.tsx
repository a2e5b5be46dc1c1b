/** One of two versions: what it is, how large, how fast, and how near to the framework it was trained with. */
import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { versionQuery, type ModelVersionSummary } from '../api/models';
import { useFormat } from '../i18n/format';
import { Loading, useErrorText } from '../parts/states';
import { StatusBadge } from '../parts/status-badge';
import { Facts, type Fact } from './facts';
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
  const facts: Fact[] = [
    { name: t('registered'), value: format.dateTime(version.createdAt) },
    {
      name: t('lastLive'),
      value: version.active
        ? t('liveNow')
        : version.lastActivatedAt === null
          ? t('never')
          : format.dateTime(version.lastActivatedAt),
    },
    {
      name: t('artifact'),
      value: `${format.bytes(version.artifact.sizeBytes)} · ${version.artifact.format}`,
    },
    useLatencyFact(version),
  ];
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={3}>
            {t(`sides.${side}`)} ·{' '}
            <Anchor
              inherit
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/models/$model/versions/$version"
                  params={{ model: version.model, version: version.version }}
                  search={{}}
                />
              )}
            >
              {version.version}
            </Anchor>
          </Title>
          <VersionStatus version={version} />
        </Group>
        {version.rejection !== null && (
          <Text size="sm" lang="en">
            {version.rejection}
          </Text>
        )}
        <Facts facts={facts} />
        <VerificationFacts version={version} />
      </Stack>
    </Card>
  );
}

/** A median alone says little: the 99th percentile stands beside it. */
export function useLatencyFact({ model, version }: Pick<ModelVersionSummary, 'model' | 'version'>): Fact {
  const { t } = useTranslation('models');
  const format = useFormat();
  const errorText = useErrorText();
  const { data, isError, error } = useQuery(latencyQuery(model, version));
  const infer = data?.infer;
  return {
    name: t('latency'),
    value: infer
      ? t('latencyValue', { p50: format.milliseconds(infer.p50Ms), p99: format.milliseconds(infer.p99Ms) })
      : isError
        ? errorText(error)
        : '–',
    hint: infer ? `${t('latencyHint')}, ${t('latencyOf', { count: data.predictions })}` : t('latencyHint'),
  };
}

function VerificationFacts({ version }: { readonly version: ModelVersionSummary }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { data } = useQuery(versionQuery(version.model, version.version));
  if (data === undefined) return <Loading lines={3} height={24} />;
  const latest = latestOf(data.verifications);
  if (!latest) return <Text size="sm">{t('neverVerified')}</Text>;
  const difference = differenceFromTraining(latest);
  return (
    <Facts
      facts={[
        {
          name: t('verification'),
          value: (
            <StatusBadge tone={latest.passed ? 'good' : 'bad'}>
              {latest.passed ? t('verified') : t('notVerified')}
            </StatusBadge>
          ),
          hint: latest.singleEngine ? t('singleEngine') : undefined,
        },
        {
          name: t('engines'),
          value: latest.engines.length === 0 ? '–' : format.list(latest.engines.map((engine) => engine.version)),
        },
        difference
          ? {
              name: t('largestDifference', { against: difference.against }),
              value: `${format.scientific(difference.absolute)} ${t('absolute')}`,
              hint: `${format.scientific(difference.relative)} ${t('relative')}`,
            }
          : { name: t('difference'), value: t('noGolden') },
      ]}
    />
  );
}
