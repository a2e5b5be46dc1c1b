/** Language and theme, as rows of two small choices. */
import { SegmentedControl, Stack, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage, type Language } from '../i18n/texts';

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };
const SCHEMES: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  const id = useId();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500} id={id}>
        {t('language')}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        size="xs"
        value={i18n.language}
        onChange={(language) => changeLanguage(language as Language)}
        data={Object.entries(LANGUAGE_NAMES).map(([value, label]) => ({ value, label }))}
      />
    </Stack>
  );
}

export function ThemeChoice() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const id = useId();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500} id={id}>
        {t('theme')}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        size="xs"
        value={colorScheme}
        onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
        data={SCHEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
      />
    </Stack>
  );
}
