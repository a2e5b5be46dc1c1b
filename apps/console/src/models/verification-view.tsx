/** What was compared before a version served, and by how much it differed. */
import { Accordion, List, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import { StatusBadge } from '../parts/status-badge';
import type { Verification } from './queries';
import './texts';

/** @param verifications oldest first */
export function VerificationView({ verifications }: { readonly verifications: readonly Verification[] }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const [latest, ...earlier] = verifications.toReversed();
  if (!latest) return <Text size="sm">{t('neverVerified')}</Text>;
  return (
    <Stack gap="md">
      <One verification={latest} />
      {earlier.length > 0 && (
        <Accordion variant="contained" multiple>
          {earlier.map((verification) => (
            <Accordion.Item key={verification.verifiedAt} value={verification.verifiedAt}>
              <Accordion.Control>
                {t('verifiedOn', { date: format.dateTime(verification.verifiedAt) })}
              </Accordion.Control>
              <Accordion.Panel>
                <One verification={verification} />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </Stack>
  );
}

function One({ verification }: { readonly verification: Verification }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { passed, verifiedAt, reason, engines, unavailable, comparisons, tolerance, randomRows } = verification;
  const notes = [
    t('tolerance', {
      absolute: format.scientific(tolerance.absolute),
      relative: format.scientific(tolerance.relative),
    }),
    ...(randomRows.count > 0 ? [t('randomRows', { count: randomRows.count, seed: randomRows.seed })] : []),
    ...(verification.batchInvariance ?? []).map(({ engine, batchInvariant, batchSizes }) =>
      t(batchInvariant ? 'batchInvariant' : 'batchVariant', {
        engine: t(`engineNames.${engine}`),
        sizes: format.list(batchSizes.map(String)),
      }),
    ),
    ...(verification.singleEngine ? [t('singleEngine')] : []),
    ...unavailable.map(({ engine, reason: why }) =>
      t('unavailable', { engine: t(`engineNames.${engine}`), reason: why }),
    ),
  ];
  return (
    <Stack gap="sm">
      <Text size="sm" component="div">
        <StatusBadge tone={passed ? 'good' : 'bad'}>{passed ? t('verified') : t('notVerified')}</StatusBadge>{' '}
        {t('verifiedOn', { date: format.dateTime(verifiedAt) })} ·{' '}
        {engines.map(({ version, processor }) => `${version} (${processor})`).join(' · ')}
      </Text>
      {reason !== undefined && (
        <Text size="sm" lang="en">
          {reason}
        </Text>
      )}
      {comparisons.length > 0 && <Comparisons comparisons={comparisons} label={`${t('compared')} ${verifiedAt}`} />}
      <List size="sm" spacing={2}>
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </Stack>
  );
}

interface ComparisonsProps {
  readonly comparisons: Verification['comparisons'];
  readonly label: string;
}

/** What a row alone is compared with, as the server says it. */
const BATCH = /^batch of (\d+)$/;

function Comparisons({ comparisons, label }: ComparisonsProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const against = (name: string): string => {
    const rows = BATCH.exec(name)?.[1];
    return rows === undefined ? name : t('againstBatch', { count: Number(rows) });
  };
  return (
    <ScrollingTable label={label} className="numbers" verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('compared')}</Table.Th>
          <Table.Th>{t('engine')}</Table.Th>
          <Table.Th>{t('against')}</Table.Th>
          <Table.Th ta="end">{t('rows')}</Table.Th>
          <Table.Th ta="end">{t('values')}</Table.Th>
          <Table.Th ta="end">{t('maxAbsolute')}</Table.Th>
          <Table.Th ta="end">{t('maxRelative')}</Table.Th>
          <Table.Th>{t('result')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {comparisons.map((comparison) => (
          <Table.Tr key={`${comparison.kind} ${comparison.engine} ${comparison.against}`}>
            <Table.Th scope="row" fw={500} miw={150}>
              {t(`comparisonKinds.${comparison.kind}`)}
            </Table.Th>
            <Table.Td>{t(`engineNames.${comparison.engine}`)}</Table.Td>
            <Table.Td>{against(comparison.against)}</Table.Td>
            <Table.Td ta="end">{format.number(comparison.rows)}</Table.Td>
            <Table.Td ta="end">{format.number(comparison.values)}</Table.Td>
            <Table.Td ta="end" miw={100}>
              {format.scientific(comparison.maxAbsoluteDifference)}
            </Table.Td>
            <Table.Td ta="end" miw={100}>
              {format.scientific(comparison.maxRelativeDifference)}
            </Table.Td>
            <Table.Td miw={130}>
              <StatusBadge tone={comparison.passed ? 'good' : 'bad'}>
                {comparison.passed ? t('verified') : t('notVerified')}
              </StatusBadge>
              {comparison.identical && (
                <Text size="xs" c="dimmed">
                  {t('identical')}
                </Text>
              )}
              {comparison.failure !== undefined && (
                <Text size="xs" lang="en">
                  {comparison.failure}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}
