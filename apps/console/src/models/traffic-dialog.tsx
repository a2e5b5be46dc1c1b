/** Gives a version a part of those who ask, runs versions in shadow, or ends both. */
import { MultiSelect, NumberInput, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ReasonDialog } from '../parts/reason-dialog';
import { GateView, useGate } from './gate';
import type { Traffic } from './queries';
import './texts';
import { useService } from './use-service';

const MOST_SHADOWS = 3;
const FIRST_PERCENT = 10;
/** The server keeps six decimals of a share. */
const PERCENT_DECIMALS = 4;
const NONE = '';

interface TrafficDialogProps {
  readonly model: string;
  readonly traffic: Traffic;
  /** Verified ones that are not live. */
  readonly candidates: readonly string[];
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function TrafficDialog({ model, traffic, candidates, opened, onClose }: TrafficDialogProps) {
  const { t, i18n } = useTranslation('models');
  const { shareTraffic } = useService(model);
  const [canary, setCanary] = useState(traffic.canary?.version ?? NONE);
  const [percent, setPercent] = useState<number | string>(
    traffic.canary ? Number((traffic.canary.share * 100).toPrecision(6)) : FIRST_PERCENT,
  );
  const [shadows, setShadows] = useState<string[]>(traffic.shadows);
  const [wasTried, setWasTried] = useState(false);
  const gate = useGate(model, opened && canary !== NONE ? canary : undefined);
  const share = typeof percent === 'number' && percent > 0 && percent < 100 ? percent / 100 : undefined;

  const confirm = (reason: string | undefined): void => {
    setWasTried(true);
    if (canary !== NONE && (share === undefined || (gate.isRefused && !gate.override))) return;
    const body = {
      ...(canary === NONE || share === undefined
        ? {}
        : { canary: { version: canary, share: Number(share.toPrecision(6)) } }),
      shadows,
      reason,
      ...(gate.override ? { override: true } : {}),
    };
    shareTraffic.mutate({ body, former: traffic }, { onSuccess: onClose });
  };
  return (
    <ReasonDialog
      opened={opened}
      title={t('trafficTitle')}
      confirmLabel={t('applyTraffic')}
      reasonFault={gate.override ? t('overrideNeedsReason') : undefined}
      isPending={shareTraffic.isPending}
      error={shareTraffic.error}
      onConfirm={confirm}
      onClose={onClose}
      focusesElsewhere
    >
      <Stack gap="md">
        <Select
          label={t('canary')}
          data-autofocus
          data={[{ value: NONE, label: t('noCanary') }, ...candidates.filter((name) => !shadows.includes(name))]}
          value={canary}
          onChange={(version) => setCanary(version ?? NONE)}
        />
        {canary !== NONE && (
          <>
            <NumberInput
              label={t('share')}
              description={t('shareHint')}
              value={percent}
              onChange={setPercent}
              suffix={i18n.language === 'es' ? ' %' : '%'}
              decimalScale={PERCENT_DECIMALS}
              allowedDecimalSeparators={['.', ',']}
              decimalSeparator={i18n.language === 'es' ? ',' : '.'}
              allowNegative={false}
              clampBehavior="none"
              error={wasTried && share === undefined ? t('shareFault') : undefined}
            />
            {opened && <GateView model={model} version={canary} answer={gate} wasTried={wasTried} />}
          </>
        )}
        <MultiSelect
          label={t('shadows')}
          description={t('shadowsHint')}
          data={candidates.filter((name) => name !== canary)}
          value={shadows}
          onChange={setShadows}
          maxValues={MOST_SHADOWS}
          searchable
        />
      </Stack>
    </ReasonDialog>
  );
}
