import { Group, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { CodeBlock } from '../parts/code-block';
import { Dialog } from '../parts/dialog';
import { ScrollingTable } from '../parts/scrolling-table';
import { readCheckpoint } from './checkpoint';
import { CheckpointSignature, type Signer } from './checkpoint-signature';
import type { Checkpoint } from './queries';

interface CheckpointDetailsProps {
  /** Undefined: closed. */
  readonly checkpoint: Checkpoint | undefined;
  readonly signer: Signer | null | undefined;
  readonly onClose: () => void;
}

export function CheckpointDetails({ checkpoint, signer, onClose }: CheckpointDetailsProps) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  return (
    <Dialog
      opened={checkpoint !== undefined}
      onClose={onClose}
      title={checkpoint ? t('checkpointOf', { at: format.dateTime(checkpoint.createdAt) }) : ''}
    >
      {checkpoint && (
        <Stack>
          <Group gap="sm">
            <CheckpointSignature checkpoint={checkpoint} signer={signer} />
            <Text size="sm" c="dimmed">
              {t('signedBy', { kid: checkpoint.kid })}
            </Text>
          </Group>
          <ChainEnds statement={checkpoint.statement} />
          <Text size="sm">{t('statementHint')}</Text>
          <CodeBlock label={t('statement')} code={checkpoint.statement} />
          <CodeBlock label={t('signature')} code={checkpoint.signature} />
        </Stack>
      )}
    </Dialog>
  );
}

function ChainEnds({ statement }: { readonly statement: string }) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const read = readCheckpoint(statement);
  if (!read) return <Text>{t('unreadableStatement')}</Text>;
  return (
    <ScrollingTable label={t('chainsNamed')} className="numbers">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('chain')}</Table.Th>
          <Table.Th>{t('lastBatch')}</Table.Th>
          <Table.Th>{t('head')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {read.chains.map(({ shard, seq, head }) => (
          <Table.Tr key={shard}>
            <Table.Td>{format.number(shard)}</Table.Td>
            <Table.Td>{format.number(seq)}</Table.Td>
            <Table.Td>
              <Text size="xs" ff="monospace">
                {head}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}
