/** Where a request's time went in the server: a bar of its parts, with their numbers. */
import { Box, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import type { TimePart } from './answer-headers';
import classes from './trial.module.css';
import './texts';

const KNOWN = ['auth', 'quota', 'validate', 'infer', 'record'] as const;

export function TimeParts({ parts }: { readonly parts: readonly TimePart[] }) {
  const { t } = useTranslation('try');
  const format = useFormat();
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  if (total <= 0) return null;
  const titleOf = (name: string): string => {
    const known = KNOWN.find((one) => one === name);
    return known ? t(`timeParts.${known}`) : name;
  };
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {t('times')}
        </Text>
        <Text size="sm" c="dimmed" className="numbers">
          {t('timesTotal', { total: format.milliseconds(total) })}
        </Text>
      </Group>
      <div className={classes.parts} aria-hidden>
        {parts.map(({ name, ms }) => (
          <div key={name} className={classes.part} data-part={name} style={{ flexGrow: ms / total }} />
        ))}
      </div>
      <Group component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
        {parts.map(({ name, ms }) => (
          <Group key={name} component="li" gap={6} wrap="nowrap">
            <Box className={classes.dot} data-part={name} aria-hidden />
            <Text size="xs" className="numbers">
              {titleOf(name)} {format.milliseconds(ms)}
            </Text>
          </Group>
        ))}
      </Group>
    </Stack>
  );
}
