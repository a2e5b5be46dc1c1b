import { Box, Button, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import './texts';

interface SubjectSearchProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSearch: () => void;
}

export function SubjectSearch({ text, onChange, onSearch }: SubjectSearchProps) {
  const { t } = useTranslation('predictions');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSearch();
  };
  return (
    <Box component="form" w={{ base: '100%', xs: 'auto' }} onSubmit={submit} role="search" autoComplete="off">
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          label={t('subject')}
          description={t('subjectHint')}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
          maxLength={200}
          w={{ base: '100%', xs: 320 }}
        />
        <Button type="submit" variant="default" flex="none" leftSection={<IconSearch size={16} aria-hidden />}>
          {t('search')}
        </Button>
      </Group>
    </Box>
  );
}
