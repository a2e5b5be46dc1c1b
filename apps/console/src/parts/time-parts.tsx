/** Where the time of a request went in the server: a bar of its parts, with their numbers below. */
import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import './texts';
import classes from './time-parts.module.css';

/** Of milliseconds: all the same, so that they can be compared by looking. */
const DIGITS = 2;
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
  // What took time is never said to have taken none.
  const shareText = (share: number): string =>
    share > 0 && share < 0.01 ? `< ${format.percent(0.01, 0)}` : format.percent(share, 0);
  return (
    <Stack gap="xs">
      {/* The list below says the same. */}
      <div className={classes.bar} aria-hidden>
        {parts.map(({ name, ms }) => (
          <div key={name} className={classes.part} data-part={name} style={{ flexGrow: total > 0 ? ms / total : 0 }} />
        ))}
      </div>
      <ul className={`numbers ${classes.parts}`}>
        {parts.map(({ name, ms }) => (
          <li key={name}>
            <Group gap="xs" wrap="nowrap">
              <div className={classes.dot} data-part={name} aria-hidden />
              <Text size="sm">{titleOf(name)}</Text>
            </Group>
            <Text size="sm" ta="end">
              {format.fixed(ms, DIGITS)} ms
            </Text>
            <Text size="sm" c="dimmed" ta="end">
              {shareText(total > 0 ? ms / total : 0)}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
