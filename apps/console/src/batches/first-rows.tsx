/** The first rows of a file and the first ones at fault, with what is wrong in the cells. */
import { Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import type { Preview, PreviewRow } from './preview';
import type { ValueFault } from './row-rules';
import classes from './first-rows.module.css';
import './texts';

const ROWS_SHOWN = 5;
const FAULTY_SHOWN = 10;
const COLUMNS_SHOWN = 24;

function isFaulty({ faults, wrongCellCount }: PreviewRow): boolean {
  return wrongCellCount || faults.size > 0;
}

export function FirstRows({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation('batches');
  const { rows, names, columns } = preview;
  const faulty = rows.filter(isFaulty);
  const shown = new Set([...rows.slice(0, ROWS_SHOWN), ...faulty.slice(0, FAULTY_SHOWN)]);
  // What the model reads comes first where not all columns have room.
  const used = new Set([...columns.ofInputs, columns.subject].filter((column) => column !== -1));
  const places = names.length <= COLUMNS_SHOWN ? names.map((_, place) => place) : [...used].slice(0, COLUMNS_SHOWN);
  return (
    <Stack gap="xs">
      <Title order={3}>{t('firstRows.title')}</Title>
      <Text size="sm" c={faulty.length > 0 ? 'red' : 'dimmed'} role="status">
        {faulty.length > 0
          ? t('firstRows.faulty', { count: faulty.length, checked: rows.length })
          : t('firstRows.fine', { count: rows.length })}
      </Text>
      <ScrollingTable label={t('firstRows.title')} verticalSpacing={4} className={`numbers ${classes.table}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('firstRows.row')}</Table.Th>
            {places.map((place) => (
              <Table.Th key={place}>{names[place]}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...shown]
            .sort((one, other) => one.number - other.number)
            .map((row) => (
              <FirstRow key={row.number} row={row} places={places} width={names.length} />
            ))}
        </Table.Tbody>
      </ScrollingTable>
      {places.length < names.length && (
        <Text size="sm" c="dimmed">
          {t('firstRows.more', { count: names.length - places.length })}
        </Text>
      )}
    </Stack>
  );
}

interface FirstRowProps {
  readonly row: PreviewRow;
  readonly places: readonly number[];
  /** Names in the header. */
  readonly width: number;
}

function FirstRow({ row, places, width }: FirstRowProps) {
  const { t } = useTranslation('batches');
  const { number, cells, faults, wrongCellCount } = row;
  if (wrongCellCount)
    return (
      <Table.Tr>
        <Table.Td>{number}</Table.Td>
        <Table.Td colSpan={places.length} className={classes.fault}>
          <Text size="sm" truncate maw={640}>
            {cells.join(' | ')}
          </Text>
          <CellFault text={t('firstRows.cellCount', { cells: cells.length, names: width })} />
        </Table.Td>
      </Table.Tr>
    );
  return (
    <Table.Tr>
      <Table.Td>{number}</Table.Td>
      {places.map((place) => {
        const fault = faults.get(place);
        return (
          <Table.Td key={place} className={fault && classes.fault}>
            <Text size="sm" truncate maw={220}>
              {cells[place]}
            </Text>
            {fault && <FaultOfValue fault={fault} />}
          </Table.Td>
        );
      })}
    </Table.Tr>
  );
}

function FaultOfValue({ fault }: { readonly fault: ValueFault }) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  const given = {
    limit: 'limit' in fault ? format.number(fault.limit, 6) : '',
    allowed: 'allowed' in fault ? fault.allowed.join(', ') : '',
  };
  return <CellFault text={t(`faults.${fault.kind}`, given)} />;
}

function CellFault({ text }: { readonly text: string }) {
  return (
    <Text size="xs" c="red">
      <IconAlertTriangle size={12} aria-hidden /> {text}
    </Text>
  );
}
