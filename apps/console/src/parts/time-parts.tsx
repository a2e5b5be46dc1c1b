/** Where the time of a request went in the server: a bar of its parts, with their numbers below. */
import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import './texts';
import classes from './time-parts.module.css';

const KNOWN = ['auth', 'quota', 'validate', 'infer', 'record', 'rest'] as const;

export interface TimePart {
  /** `auth`, `quota`, `validate`, `infer`, `record`; `rest` for what no part accounts for. Others are shown by this name. */
  readonly name: string;
  readonly ms: number;
}

export function TimeParts({ parts }: { readonly parts: readonly TimePart[] }) {
  const { t } = useTranslation('parts');
  const format = useFormat();
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  const titleOf = (name: string): string => {
    const known = KNOWN.find((one) => one === name);
    return known ? t(`timeParts.${known}`) : name;
  };
  return (
    <Stack gap="xs">
      {/* The list below says the same. */}
      <div className={classes.bar} aria-hidden>
        {parts.map(({ name, ms }) => (
          <div key={name} className={classes.part} data-part={name} style={{ flexGrow: total > 0 ? ms / total : 0 }} />
        ))}
      </div>
      <Stack gap={4} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {parts.map(({ name, ms }) => (
          <Group key={name} component="li" justify="space-between" gap="xs" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <div className={classes.dot} data-part={name} aria-hidden />
              <Text size="sm">{titleOf(name)}</Text>
            </Group>
            <Text size="sm" className="numbers">
              {format.milliseconds(ms)}{' '}
              <Text span inherit c="dimmed">
                {format.percent(total > 0 ? ms / total : 0, 0)}
              </Text>
            </Text>
          </Group>
        ))}
      </Stack>
    </Stack>
  );
}
