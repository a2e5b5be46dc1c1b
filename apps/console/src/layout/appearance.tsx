/** Language and theme, as rows of two small choices. */
import { SegmentedControl, Stack, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { changeLanguage, type Language } from '../i18n/texts';

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };
const SCHEMES: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500} id="language-choice">
        {t('language')}
      </Text>
      <SegmentedControl
        aria-labelledby="language-choice"
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
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500} id="theme-choice">
        {t('theme')}
      </Text>
      <SegmentedControl
        aria-labelledby="theme-choice"
        size="xs"
        value={colorScheme}
        onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
        data={SCHEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
      />
    </Stack>
  );
}
