import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function Logo() {
  const { t } = useTranslation();
  return (
    <Link to="/" style={{ textDecoration: 'none', color: 'inherit' }}>
      <Group gap={8} wrap="nowrap">
        <img src="/icon.svg" alt="" width={28} height={28} />
        <Text component="span" fw={700} fz="lg" lts={-0.3}>
          {t('appName')}
        </Text>
      </Group>
    </Link>
  );
}
