import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCopy } from './use-copy';

interface CopyButtonProps {
  readonly value: string;
  /** Beside the icon; without it the icon stands alone, with a name for those who do not see it. */
  readonly label?: string;
  /** What is copied, said with the name of an icon that stands alone: several on a page are told apart. */
  readonly what?: string;
}

export function CopyButton({ value, label, what }: CopyButtonProps) {
  const { t } = useTranslation();
  const { state, copy } = useCopy(value);
  const said = { idle: label ?? t('copy'), copied: t('copied'), failed: t('copyFailed') }[state];
  const icon = state === 'copied' ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  if (label !== undefined)
    return (
      <Button variant="default" size="xs" leftSection={icon} onClick={() => void copy()}>
        <span aria-live="polite">{said}</span>
      </Button>
    );
  return (
    <Tooltip label={said}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={what === undefined ? said : `${said}: ${what}`}
        onClick={() => void copy()}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
