/** What was done, with a way back for a while. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import i18next from 'i18next';

const UNDO_SHOWN_MS = 12_000;

/** @param undo puts it back; left out where there is no way back */
export function showDone(message: string, undo?: () => Promise<void> | void): void {
  const id = notifications.show({
    color: 'teal',
    closeButtonProps: { 'aria-label': i18next.t('close') },
    icon: <IconCheck size={18} aria-hidden />,
    autoClose: undo ? UNDO_SHOWN_MS : undefined,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={14} aria-hidden />}
            onClick={() => {
              notifications.hide(id);
              void undo();
            }}
          >
            {i18next.t('undo')}
          </Button>
        )}
      </Group>
    ),
  });
}

export function showFailed(message: string): void {
  notifications.show({
    color: 'alarm',
    message,
    autoClose: UNDO_SHOWN_MS,
    closeButtonProps: { 'aria-label': i18next.t('close') },
  });
}
