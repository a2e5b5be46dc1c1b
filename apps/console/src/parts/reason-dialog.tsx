/** Asks once more before something of weight, and for what the record shall say of it. */
import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog';
import { ErrorNotice } from './states';

interface ReasonDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly children?: ReactNode;
  readonly confirmLabel: string;
  readonly danger?: boolean;
  /** The record must say why: what is said where it does not. */
  readonly reasonFault?: string;
  /** Something of `children` has the focus first. */
  readonly focusesElsewhere?: boolean;
  readonly isPending: boolean;
  readonly error?: unknown;
  readonly onConfirm: (reason: string | undefined) => void;
  readonly onClose: () => void;
}

export function ReasonDialog(props: ReasonDialogProps) {
  const { opened, title, children, confirmLabel, danger = false, isPending, error, onConfirm, onClose } = props;
  const { reasonFault, focusesElsewhere = false } = props;
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const isMissing = reasonFault !== undefined && reason.trim() === '';
  const confirm = (): void => {
    setAsked(true);
    if (!isMissing) onConfirm(reason.trim() || undefined);
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Stack>
        {children}
        <Textarea
          label={reasonFault === undefined ? `${t('reason')} (${t('optional')})` : t('reason')}
          error={asked && isMissing ? reasonFault : undefined}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          autosize
          minRows={2}
          data-autofocus={focusesElsewhere ? undefined : true}
        />
        {error !== undefined && error !== null && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color={danger ? 'alarm' : undefined} loading={isPending} onClick={confirm}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
