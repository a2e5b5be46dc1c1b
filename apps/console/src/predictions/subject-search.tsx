import { Button, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import './texts';

/** @param onSearch undefined: nothing is searched for any more */
export function SubjectSearch({ onSearch }: { readonly onSearch: (subject: string | undefined) => void }) {
  const { t } = useTranslation('predictions');
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSearch(text === '' ? undefined : text);
  };
  return (
    <form onSubmit={submit} role="search" autoComplete="off">
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t('subject')}
          description={t('subjectHint')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={200}
          w={{ base: '100%', xs: 320 }}
        />
        <Button type="submit" variant="default" leftSection={<IconSearch size={16} aria-hidden />}>
          {t('search')}
        </Button>
      </Group>
    </form>
  );
}
