/** Which column feeds which input; which are carried along; which are missing. */
import { Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import { useTerms } from '../i18n/clinical-terms';
import { StatusBadge } from '../parts/status-badge';
import { ScrollingTable } from '../parts/scrolling-table';
import type { Preview } from './preview';
import './texts';

const MOST_NAMED = 12;

interface ColumnMappingProps {
  readonly preview: Preview;
  readonly inputs: readonly Schemas['ModelInputDto'][];
}

export function ColumnMapping({ preview, inputs }: ColumnMappingProps) {
  const { t } = useTranslation('batches');
  const terms = useTerms();
  const { names, columns, missing } = preview;
  const used = new Set([...columns.ofInputs, columns.subject]);
  const carried = names.filter((_, index) => !used.has(index));
  const named = carried.slice(0, MOST_NAMED).join(', ') + (carried.length > MOST_NAMED ? ', …' : '');
  return (
    <Stack gap="xs">
      <Title order={3}>{t('columns.title')}</Title>
      <Text size="sm" c="dimmed">
        {t('columns.about')}
      </Text>
      <ScrollingTable label={t('columns.title')} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('columns.input')}</Table.Th>
            <Table.Th>{t('columns.column')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {inputs.map((input, index) => {
            const column = columns.ofInputs[index]!;
            return (
              <Table.Tr key={input.name}>
                <Table.Td>
                  {terms.inputTitle(input)}{' '}
                  {input.unit !== undefined && (
                    <Text span size="sm" c="dimmed">
                      {terms.unitTitle(input.unit)}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {columns.ambiguous.includes(input.name) ? (
                    <StatusBadge tone="bad">{t('columns.ambiguous')}</StatusBadge>
                  ) : column !== -1 ? (
                    <code>{names[column]}</code>
                  ) : missing.includes(input.name) ? (
                    <StatusBadge tone="bad">{t('columns.missing')}</StatusBadge>
                  ) : (
                    <Text size="sm" c="dimmed">
                      {t('columns.leftOut')}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
          {columns.subject !== -1 && (
            <Table.Tr>
              <Table.Td>{t('columns.subject')}</Table.Td>
              <Table.Td>
                <code>{names[columns.subject]}</code>
              </Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </ScrollingTable>
      {carried.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('columns.carried', { count: carried.length, names: named })}
        </Text>
      )}
    </Stack>
  );
}
