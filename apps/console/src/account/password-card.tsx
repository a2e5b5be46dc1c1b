import { Card, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { showDone } from '../parts/undo';
import { ChangePasswordForm } from '../session/change-password-form';
import './texts';

export function PasswordCard() {
  const { t } = useTranslation('account');
  return (
    <Card component="section" aria-label={t('password.title')}>
      <Stack>
        <div>
          <Title order={2}>{t('password.title')}</Title>
          <Text size="sm" c="dimmed" mt={4}>
            {t('password.hint')}
          </Text>
        </div>
        <ChangePasswordForm
          currentLabel={t('password.current')}
          submitLabel={t('password.change')}
          onChanged={() => showDone(t('password.changed'))}
        />
      </Stack>
    </Card>
  );
}
