import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { latido } from '../api/latido';
import { Dialog } from '../parts/dialog';
import { ErrorNotice } from '../parts/states';
import { showDone } from '../parts/undo';
import './texts';

export function CancelBatch({ id }: { readonly id: string }) {
  const { t } = useTranslation('batches');
  const client = useQueryClient();
  const [opened, dialog] = useDisclosure(false);
  const cancel = useMutation({
    mutationFn: () => latido.DELETE('/v1/batches/{id}', { params: { path: { id } } }),
    onSuccess: () => {
      showDone(t('cancelled'));
      dialog.close();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['batches'] }),
  });
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('cancelBatch')}
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title={t('cancelTitle')}>
        <Stack>
          <Text size="sm">{t('cancelAbout')}</Text>
          {cancel.isError && <ErrorNotice error={cancel.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close} data-autofocus>
              {t('goOn')}
            </Button>
            <Button color="alarm" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {t('cancelBatch')}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
