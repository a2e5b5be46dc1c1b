import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../parts/status-badge';
import { checkpointSignatureQuery, type Checkpoint } from './queries';

export interface Signer {
  readonly kid: string;
  readonly publicKey: string;
}

interface CheckpointSignatureProps {
  readonly checkpoint: Checkpoint;
  /** Null or undefined: no key is known here. */
  readonly signer: Signer | null | undefined;
}

/** Checked in the browser, by the public key that came with a proof. */
export function CheckpointSignature({ checkpoint, signer }: CheckpointSignatureProps) {
  const { t } = useTranslation('audit');
  const isSigners = signer?.kid === checkpoint.kid;
  const { data: holds } = useQuery({
    ...checkpointSignatureQuery(checkpoint, signer?.publicKey ?? ''),
    enabled: isSigners,
  });
  if (signer && !isSigners) return <StatusBadge tone="neutral">{t('otherKey')}</StatusBadge>;
  if (holds === undefined || holds === null) return <StatusBadge tone="neutral">{t('unchecked')}</StatusBadge>;
  return <StatusBadge tone={holds ? 'good' : 'bad'}>{t(holds ? 'signatureHolds' : 'signatureBroken')}</StatusBadge>;
}
