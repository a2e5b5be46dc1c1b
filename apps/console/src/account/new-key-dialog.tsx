/** Makes a key, and shows it once. */
import { Alert, Button, Checkbox, Code, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { dataOf, latido, LatidoProblem, type Schemas } from '../api/latido';
import { toDayField } from '../i18n/local-time';
import { CopyButton } from '../parts/copy-button';
import { Dialog } from '../parts/dialog';
import { ErrorNotice } from '../parts/states';
import { meQuery } from '../session/session';
import { expiryOf, KEY_SPANS, type KeySpan } from './key-expiry';
import { apiKeysQuery, type NewApiKey } from './queries';
import './texts';

const LONGEST_NAME = 100;

interface NewKeyDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function NewKeyDialog({ opened, onClose }: NewKeyDialogProps) {
  const { t } = useTranslation(['account', 'common']);
  const [made, setMade] = useState<NewApiKey>();
  const close = (): void => {
    onClose();
    setMade(undefined);
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={made ? t('keys.made') : t('keys.create')}
      persistent={made !== undefined}
    >
      {made ? <MadeKey made={made} onClose={close} /> : <NewKeyForm onMade={setMade} onClose={close} />}
    </Dialog>
  );
}

interface NewKeyFormProps {
  readonly onMade: (key: NewApiKey) => void;
  readonly onClose: () => void;
}

function NewKeyForm({ onMade, onClose }: NewKeyFormProps) {
  const { t } = useTranslation(['account', 'common']);
  const queryClient = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [span, setSpan] = useState<KeySpan>('90');
  const [day, setDay] = useState('');
  const [faults, setFaults] = useState<{ readonly name?: string; readonly day?: string }>({});
  const make = useMutation({
    mutationFn: (body: Schemas['CreateApiKeyDto']) => dataOf(latido.POST('/v1/me/api-keys', { body })),
    onSuccess: (key) => {
      onMade(key);
      return queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  const problem = make.error instanceof LatidoProblem ? make.error : undefined;
  const besideFields = (problem?.errors.length ?? 0) > 0;

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name')).trim();
    const expiresAt = expiryOf(span, day, Date.now());
    setFaults({
      ...(name === '' ? { name: t('keys.nameNeeded') } : {}),
      ...(expiresAt === undefined ? { day: t('keys.dayNeeded') } : {}),
    });
    if (name === '' || expiresAt === undefined) return;
    make.mutate({ name, expiresAt, ...(form.has('admin') ? { scopes: ['admin'] } : {}) });
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          name="name"
          label={t('keys.name')}
          description={t('keys.nameHint')}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          data-autofocus
          error={faults.name ?? problem?.at('/name')}
        />
        <Select
          label={t('keys.expires')}
          value={span}
          onChange={(value) => setSpan(value as KeySpan)}
          data={KEY_SPANS.map((value) => ({ value, label: t(`keys.spans.${value}`) }))}
        />
        {span === 'date' && (
          <TextInput
            type="date"
            label={t('keys.lastDay')}
            min={toDayField(new Date())}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
            error={faults.day ?? problem?.at('/expiresAt')}
          />
        )}
        {me?.role === 'admin' && (
          <Checkbox name="admin" label={t('keys.adminLabel')} description={t('keys.adminHint')} />
        )}
        {make.isError && !besideFields && <ErrorNotice error={make.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {t('keys.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function MadeKey({ made, onClose }: { readonly made: NewApiKey; readonly onClose: () => void }) {
  const { t } = useTranslation(['account', 'common']);
  return (
    <Stack>
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} role="alert">
        {t('keys.onlyNow')}
      </Alert>
      <div>
        <Text size="sm" fw={500} mb={4}>
          {made.name}
        </Text>
        <Code
          block
          tabIndex={0}
          aria-label={t('keys.theKey')}
          role="textbox"
          aria-readonly
          style={{ whiteSpace: 'pre-wrap' }}
        >
          {made.key}
        </Code>
      </div>
      <Text size="sm" c="dimmed">
        {t('keys.howToUse')}
      </Text>
      <Group justify="space-between">
        <CopyButton value={made.key} label={t('common:copy')} />
        <Button onClick={onClose}>{t('keys.stored')}</Button>
      </Group>
    </Stack>
  );
}
