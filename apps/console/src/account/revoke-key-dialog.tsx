import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { latido } from '../api/latido';
import { Dialog } from '../parts/dialog';
import { ErrorNotice } from '../parts/states';
import { showDone } from '../parts/undo';
import { apiKeysQuery, type ApiKey } from './queries';
import './texts';

interface RevokeKeyDialogProps {
  /** Left out: nothing is asked. */
  readonly apiKey: ApiKey | undefined;
  readonly onClose: () => void;
}

/** There is no way back: a revoked key is gone. */
export function RevokeKeyDialog({ apiKey, onClose }: RevokeKeyDialogProps) {
  const { t } = useTranslation(['account', 'common']);
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: ({ id }: ApiKey) => latido.DELETE('/v1/me/api-keys/{id}', { params: { path: { id } } }),
    onSuccess: (_, { name }) => {
      showDone(t('keys.revoked', { name }));
      close();
      return queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  const close = (): void => {
    revoke.reset();
    onClose();
  };
  return (
    <Dialog opened={apiKey !== undefined} onClose={close} title={t('keys.revokeAsk', { name: apiKey?.name ?? '' })}>
      <Stack>
        <Text size="sm">{t('keys.revokeConsequence')}</Text>
        {revoke.isError && <ErrorNotice error={revoke.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {t('common:cancel')}
          </Button>
          <Button color="alarm" loading={revoke.isPending} onClick={() => apiKey && revoke.mutate(apiKey)}>
            {t('keys.revoke')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
