import { Card, SimpleGrid, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LanguageChoice, ThemeChoice } from '../layout/appearance';
import './texts';

export function AppearanceCard() {
  const { t } = useTranslation('account');
  return (
    <Card component="section" aria-label={t('appearance')}>
      <Stack>
        <Title order={2}>{t('appearance')}</Title>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <LanguageChoice />
          <ThemeChoice />
        </SimpleGrid>
      </Stack>
    </Card>
  );
}
