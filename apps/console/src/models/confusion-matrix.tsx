/** What was, by row, and what was answered, by column. Of very many classes only what was mistaken most often. */
import { Stack, Table, Text } from '@mantine/core';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import classes from './confusion-matrix.module.css';
import { mostFrequent, sharesByRow } from './confusion';
import './texts';

const MOST_CLASSES = 20;
const MOST_CONFUSIONS = 20;

interface ConfusionMatrixProps {
  readonly matrix: Schemas['ConfusionMatrixDto'];
  readonly title: string;
  readonly classTitle: (name: string) => string;
}

export function ConfusionMatrix({ matrix, title, classTitle }: ConfusionMatrixProps) {
  const { t } = useTranslation('models');
  return (
    <Stack gap={4} component="figure" m={0}>
      <Text component="figcaption" size="sm" fw={600}>
        {title}
      </Text>
      {matrix.classes.length > MOST_CLASSES ? (
        <>
          <Text size="sm" c="dimmed">
            {t('confusionsHint', { count: matrix.classes.length })}
          </Text>
          <Confusions matrix={matrix} classTitle={classTitle} />
        </>
      ) : (
        <Matrix matrix={matrix} title={title} classTitle={classTitle} />
      )}
    </Stack>
  );
}

function Matrix({ matrix, title, classTitle }: ConfusionMatrixProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const shares = sharesByRow(matrix.counts);
  return (
    <ScrollingTable
      label={title}
      className={`numbers ${classes.matrix}`}
      withTableBorder
      withColumnBorders
      verticalSpacing={6}
      horizontalSpacing={8}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">
            <span className={classes.axis}>
              {t('actual')} ↓ · {t('predicted')} →
            </span>
          </Table.Th>
          {matrix.classes.map((name) => (
            <Table.Th key={name} scope="col" ta="end">
              {classTitle(name)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {matrix.counts.map((row, actual) => (
          <Table.Tr key={matrix.classes[actual]}>
            <Table.Th scope="row">{classTitle(matrix.classes[actual]!)}</Table.Th>
            {row.map((count, predicted) => {
              const share = shares[actual]![predicted]!;
              return (
                <Table.Td
                  key={matrix.classes[predicted]}
                  className={`${classes.cell} ${actual === predicted ? classes.right : ''}`}
                  style={{ '--share': share ?? 0 } as CSSProperties}
                >
                  <Text size="sm" fw={actual === predicted ? 650 : 400}>
                    {share === null ? '–' : format.percent(share)}
                  </Text>
                  <Text size="xs">{format.number(count)}</Text>
                </Table.Td>
              );
            })}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

function Confusions({ matrix, classTitle }: Omit<ConfusionMatrixProps, 'title'>) {
  const { t } = useTranslation('models');
  const format = useFormat();
  return (
    <ScrollingTable label={t('confusions')} className="numbers" verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('actual')}</Table.Th>
          <Table.Th>{t('predicted')}</Table.Th>
          <Table.Th ta="end">{t('rows')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {mostFrequent(matrix.counts, MOST_CONFUSIONS).map(({ actual, predicted, count, share }) => (
          <Table.Tr key={`${actual} ${predicted}`}>
            <Table.Td>{classTitle(matrix.classes[actual]!)}</Table.Td>
            <Table.Td>{classTitle(matrix.classes[predicted]!)}</Table.Td>
            <Table.Td ta="end">
              {format.number(count)} ({format.percent(share)})
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}
