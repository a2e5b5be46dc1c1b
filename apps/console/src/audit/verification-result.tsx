import { Card, Code, Group, Stack, Table, Text, ThemeIcon, Title } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { Trans, useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { CopyButton } from '../parts/copy-button';
import { TextLink } from '../parts/links';
import { ScrollingTable } from '../parts/scrolling-table';
import type { Verification } from './queries';

/** Whether the record holds, what was looked at, and where it does not. */
export function VerificationResult({ result }: { readonly result: Verification }) {
  const { t } = useTranslation('audit');
  const { holds, keys, findings } = result;
  return (
    <Stack gap="lg">
      <Card role="status" padding="xl">
        <Group gap="lg" wrap="nowrap">
          <ThemeIcon size={56} radius="xl" variant="light" color={holds ? 'teal' : 'alarm'} aria-hidden>
            {holds ? <IconShieldCheck size={34} /> : <IconShieldX size={34} />}
          </ThemeIcon>
          <div>
            <Title order={2} fz={26}>
              {t(holds ? 'holds' : 'holdsNot')}
            </Title>
            <Text c="dimmed">{t(holds ? 'holdsHint' : 'holdsNotHint')}</Text>
          </div>
        </Group>
      </Card>
      {findings.length > 0 && <Findings result={result} />}
      <Counts result={result} />
      <Text size="sm" c="dimmed">
        <Trans t={t} i18nKey={keys === 'database' ? 'keysOfDatabase' : 'keysGiven'} components={{ code: <Code /> }} />
      </Text>
    </Stack>
  );
}

function Counts({ result }: { readonly result: Verification }) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const { chains, batches, records, droppedBatches, checkpoints } = result;
  const { predictions, events } = records;
  const rows = [
    { name: 'chains', count: chains },
    { name: 'batches', count: batches },
    { name: 'predictions', count: predictions.records },
    { name: 'events', count: events.records },
    { name: 'checkpoints', count: checkpoints },
    { name: 'unproven', count: predictions.unproven + events.unproven },
    { name: 'unsealed', count: predictions.unsealed + events.unsealed },
    { name: 'dropped', count: droppedBatches },
  ] as const;
  return (
    <Card padding={0}>
      <Table aria-label={t('checkedTitle')} className="numbers" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('checkedTitle')}</Table.Th>
            <Table.Th ta="end">{t('number')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, count }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={500}>
                {t(`counts.${name}.name`)}
                <Text size="sm" c="dimmed">
                  {t(`counts.${name}.meaning`)}
                </Text>
              </Table.Th>
              <Table.Td ta="end">{format.number(count)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Findings({ result: { findings, moreFindings } }: { readonly result: Verification }) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  return (
    <Card padding={0}>
      <ScrollingTable label={t('findingsTitle')} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('finding')}</Table.Th>
            <Table.Th>{t('whatIsWrong')}</Table.Th>
            <Table.Th>{t('place')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {findings.map(({ code, message, shard, seq, id }, index) => (
            <Table.Tr key={index}>
              <Table.Td>
                <Code>{code}</Code>
              </Table.Td>
              <Table.Td lang="en">
                <Text size="sm" miw={240}>
                  {message}
                </Text>
              </Table.Td>
              <Table.Td>
                {shard !== undefined && (
                  <Text size="sm" className="numbers">
                    {t(seq === undefined ? 'chainPlace' : 'batchPlace', { shard, seq })}
                  </Text>
                )}
                {id !== undefined && (
                  <Group gap={4} wrap="nowrap">
                    <TextLink size="xs" ff="monospace" to="/audit" search={{ tab: 'proof', proof: id }}>
                      {id}
                    </TextLink>
                    <CopyButton value={id} />
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollingTable>
      {moreFindings > 0 && (
        <Text size="sm" p="md">
          {t('moreFindings', { count: moreFindings, shown: format.number(moreFindings) })}
        </Text>
      )}
    </Card>
  );
}
