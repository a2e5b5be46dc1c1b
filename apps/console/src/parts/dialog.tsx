/** A dialog over the page. The library's own header would count as a second banner of the page, and its close button has no name. */
import { Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './dialog.module.css';

interface DialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly onClose: () => void;
  /** Goes away by its buttons alone: what it shows is not shown again. */
  readonly persistent?: boolean;
  readonly children: ReactNode;
}

export function Dialog({ opened, title, onClose, persistent = false, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    // The library would lock the page's scrolling by a style element without a nonce, which the page's policy blocks: the style sheet does.
    <Modal.Root
      opened={opened}
      onClose={onClose}
      centered
      lockScroll={false}
      closeOnClickOutside={!persistent}
      closeOnEscape={!persistent}
    >
      <Modal.Overlay />
      <Modal.Content className={classes.content}>
        <Group justify="space-between" wrap="nowrap" className={classes.head}>
          <Modal.Title fw={650} lh={1.3}>
            {title}
          </Modal.Title>
          {!persistent && <Modal.CloseButton aria-label={t('close')} />}
        </Group>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
