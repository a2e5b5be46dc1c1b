import { useTranslation } from 'react-i18next';
import { StatusBadge, type Tone } from '../parts/status-badge';
import type { BatchStatus } from './queries';
import './texts';

const TONES: Readonly<Record<BatchStatus, Tone>> = {
  queued: 'neutral',
  running: 'running',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'warning',
};

export function BatchStatusBadge({ status }: { readonly status: BatchStatus }) {
  const { t } = useTranslation('batches');
  return <StatusBadge tone={TONES[status]}>{t(`statuses.${status}`)}</StatusBadge>;
}
