/** Probabilities of a model's classes as bars, with the threshold that decides where there is one. */
import { Box, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import classes from './class-probabilities.module.css';

export interface ClassProbability {
  readonly name: string;
  readonly title: string;
  /** 0 to 1. */
  readonly probability: number;
}

interface ClassProbabilitiesProps {
  readonly items: readonly ClassProbability[];
  /** The class that was answered. */
  readonly answered?: string;
  /** Of which class a threshold decides, and where it lies. */
  readonly threshold?: { readonly name: string; readonly value: number };
}

export function ClassProbabilities({ items, answered, threshold }: ClassProbabilitiesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {items.map(({ name, title, probability }) => (
        <li key={name}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Text size="sm" fw={name === answered ? 650 : 400}>
              {title}
            </Text>
            <Text size="sm" fw={name === answered ? 650 : 400} className="numbers">
              {format.percent(probability)}
            </Text>
          </Group>
          <Box className={classes.track} aria-hidden>
            <Box
              className={classes.bar}
              data-answered={name === answered || undefined}
              style={{ width: `${probability * 100}%` }}
            />
            {threshold?.name === name && (
              <Box className={classes.threshold} style={{ left: `${threshold.value * 100}%` }} />
            )}
          </Box>
          {threshold?.name === name && (
            <Text size="xs" c="dimmed" mt={2}>
              {t('thresholdAt', { value: format.percent(threshold.value) })}
            </Text>
          )}
        </li>
      ))}
    </Stack>
  );
}
