/** Why a batch has failed: rows at fault by their numbers, anything else as the server says it. */
import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LatidoProblem } from '../api/latido';
import { useFormat } from '../i18n/format';
import { ErrorNotice } from '../parts/states';
import type { Batch } from './queries';
import './texts';

/** Of the file's rows, as the server points at them. */
const ROW_POINTER = /^\/rows\/(\d+)$/;

export function BatchFailure({
  error: { code, detail, errors = [] },
}: {
  readonly error: NonNullable<Batch['error']>;
}) {
  const { t } = useTranslation('batches');
  const format = useFormat();
  if (code !== 'BATCH_ROWS_REJECTED')
    return (
      <ErrorNotice
        title={t('failedTitle')}
        error={new LatidoProblem(422, code, detail, errors, undefined, undefined)}
      />
    );
  const place = (pointer: string): string => {
    const row = ROW_POINTER.exec(pointer)?.[1];
    return row === undefined ? pointer : t('rowNamed', { row: format.number(Number(row)) });
  };
  return (
    <Alert color="alarm" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('failedTitle')} role="alert">
      <Stack gap="xs">
        <Text size="sm">{t('failedRows')}</Text>
        <List size="sm" spacing={2} className="numbers">
          {errors.map((one) => (
            <List.Item key={`${one.pointer} ${one.detail}`}>
              {place(one.pointer)}: <span lang="en">{one.detail}</span>
            </List.Item>
          ))}
        </List>
      </Stack>
    </Alert>
  );
}
