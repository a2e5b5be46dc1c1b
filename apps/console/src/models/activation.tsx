/** Dialogs that put a version in service, or the former one back. */
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ReasonDialog } from '../parts/reason-dialog';
import { GateView, useGate } from './gate';
import { trafficQuery, type Activation } from './queries';
import './texts';
import { useService } from './use-service';

interface ActivationDialogProps {
  readonly model: string;
  readonly version: string;
  readonly opened: boolean;
  /** The version that is live now. */
  readonly former: string | null;
  readonly onClose: () => void;
  /** It is live: what it was opened from may be gone, and the focus with it. */
  readonly onActivated: () => void;
}

export function ActivationDialog({ model, version, opened, former, onClose, onActivated }: ActivationDialogProps) {
  const { t } = useTranslation('models');
  const { activate } = useService(model);
  const { data: traffic } = useQuery(trafficQuery(model));
  const gate = useGate(model, opened ? version : undefined);
  const [wasTried, setWasTried] = useState(false);
  const isOnTrial = traffic?.canary?.version === version || traffic?.shadows.includes(version);

  const confirm = (reason: string | undefined): void => {
    setWasTried(true);
    if (gate.isRefused && !gate.override) return;
    const body = { version, reason, ...(gate.override ? { override: true } : {}) };
    activate.mutate(body, {
      onSuccess: () => {
        onClose();
        onActivated();
      },
    });
  };
  return (
    <ReasonDialog
      opened={opened}
      title={t('activateTitle', { version })}
      confirmLabel={t('activate')}
      reasonFault={gate.override ? t('overrideNeedsReason') : undefined}
      isPending={activate.isPending}
      error={activate.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Stack gap="xs">
        <Text size="sm">{former === null ? t('activateWordsFirst') : t('activateWords', { former })}</Text>
        {isOnTrial && <Text size="sm">{t('activateLeavesTraffic')}</Text>}
        {opened && <GateView model={model} version={version} answer={gate} wasTried={wasTried} />}
      </Stack>
    </ReasonDialog>
  );
}

interface RollBackDialogProps {
  readonly model: string;
  /** How the live version came into service. */
  readonly latest: Activation;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function RollBackDialog({ model, latest, opened, onClose }: RollBackDialogProps) {
  const { t } = useTranslation('models');
  const { rollBack } = useService(model);
  const { version, kind, previousVersion: former } = latest;
  return (
    <ReasonDialog
      opened={opened}
      title={t('rollBackTitle')}
      confirmLabel={t('rollBack')}
      danger
      isPending={rollBack.isPending}
      error={rollBack.error}
      onConfirm={(reason) => rollBack.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Text size="sm">
        {
          // After a rollback the server goes back one more: to which, its history alone tells.
          kind === 'rollback' || former === null
            ? t('rollBackWords', { version })
            : t('rollBackTo', { former, version })
        }
      </Text>
    </ReasonDialog>
  );
}
