/** A model's versions, the one registered last first. */
import { Button, Group, Table, Text } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelVersionSummary } from '../api/models';
import { useFormat } from '../i18n/format';
import { TextLink } from '../parts/links';
import { ScrollingTable } from '../parts/scrolling-table';
import { METRIC_DIGITS } from './headlines';
import { VersionStatus } from './live';
import { headlines } from './metrics';
import './texts';
import classes from './versions-table.module.css';
import { useMetricWords } from './words';

/** A metric's name and its value stay on one line. */
const NO_BREAK = '\u00a0';

interface VersionsTableProps {
  readonly versions: readonly ModelVersionSummary[];
  /** Whose link `chosenLink` is. */
  readonly chosen: string;
  readonly chosenLink: Ref<HTMLAnchorElement>;
  /** Shows a version beside the live one; left out where there is nothing to compare. */
  readonly onCompare?: ((version: string) => void) | undefined;
  /** Left out for those who may not. */
  readonly onActivate?: ((version: string) => void) | undefined;
}

export function VersionsTable({ versions, chosen, chosenLink, onCompare, onActivate }: VersionsTableProps) {
  const { t } = useTranslation('models');
  return (
    <ScrollingTable label={t('versions')} className="numbers" horizontalSpacing={8}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('version')}</Table.Th>
          <Table.Th>{t('status')}</Table.Th>
          <Table.Th visibleFrom="sm">{t('registered')}</Table.Th>
          <Table.Th visibleFrom="md" ta="end">
            {t('size')}
          </Table.Th>
          <Table.Th visibleFrom="md">{t('metrics')}</Table.Th>
          <Table.Th visibleFrom="sm">{t('lastLive')}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {versions.map((version) => (
          <VersionRow
            key={version.id}
            version={version}
            chosen={chosen}
            chosenLink={chosenLink}
            onCompare={onCompare}
            onActivate={onActivate}
          />
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

interface VersionRowProps extends Omit<VersionsTableProps, 'versions'> {
  readonly version: ModelVersionSummary;
}

function VersionRow({ version, chosen, chosenLink, onCompare, onActivate }: VersionRowProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { metricName } = useMetricWords();
  const lastLive = version.lastActivatedAt === null ? t('never') : format.date(version.lastActivatedAt);
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <TextLink
          ref={version.version === chosen ? chosenLink : undefined}
          underline="hover"
          inherit
          to="/models/$model/versions/$version"
          params={{ model: version.model, version: version.version }}
          search={{}}
        >
          {version.version}
        </TextLink>
      </Table.Th>
      <Table.Td miw={124}>
        <VersionStatus version={version} />
      </Table.Td>
      <Table.Td visibleFrom="sm" className={classes.whole}>
        {format.date(version.createdAt)}
      </Table.Td>
      <Table.Td visibleFrom="md" ta="end" className={classes.whole}>
        {format.bytes(version.artifact.sizeBytes)}
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm">
          {headlines(version.metrics)
            .map(({ name, value }) =>
              `${metricName(name)} ${format.fixed(value, METRIC_DIGITS)}`.replaceAll(' ', NO_BREAK),
            )
            .join(' · ') || '–'}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" className={classes.whole}>
        {version.active ? t('liveNow') : lastLive}
      </Table.Td>
      <Table.Td>
        <Group gap={4} className={classes.actions}>
          {onCompare && !version.active && (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={t('compareWithLabel', { version: version.version })}
              onClick={() => onCompare(version.version)}
            >
              {t('compareWith')}
            </Button>
          )}
          {onActivate && !version.active && version.status === 'verified' && (
            <Button
              size="compact-sm"
              variant="light"
              aria-label={t('activateLabel', { version: version.version })}
              onClick={() => onActivate(version.version)}
            >
              {t('activate')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
