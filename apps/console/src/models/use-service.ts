/** Putting versions in service and sharing the traffic, each with a way back. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dataOf, latido, type Schemas } from '../api/latido';
import { useErrorText } from '../parts/states';
import { showDone, showFailed } from '../parts/undo';
import type { Traffic } from './queries';
import './texts';

type Activate = Schemas['ActivateDto'];
type SetTraffic = Schemas['SetTrafficDto'];

const putActive = (model: string, body: Activate) =>
  dataOf(latido.PUT('/v1/models/{model}/active', { params: { path: { model } }, body }));
const putTraffic = (model: string, body: SetTraffic) =>
  dataOf(latido.PUT('/v1/models/{model}/traffic', { params: { path: { model } }, body }));

export function useService(model: string) {
  const { t } = useTranslation('models');
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['models'] });
  /** Puts back what was; where that is refused, says so. */
  const undoing = (undo: () => Promise<unknown>) => async (): Promise<void> => {
    try {
      await undo();
    } catch (error) {
      showFailed(errorText(error));
    }
    await refresh();
  };
  const reason = t('undoReason');
  const backTo = (former: string | null) =>
    former === null ? undefined : undoing(() => putActive(model, { version: former, reason }));

  const activate = useMutation({
    mutationFn: (body: Activate) => putActive(model, body),
    onSuccess: async ({ version, previousVersion }) => {
      await refresh();
      showDone(t('activated', { version }), backTo(previousVersion));
    },
  });
  const rollBack = useMutation({
    mutationFn: (why: string | undefined) =>
      dataOf(
        latido.POST('/v1/models/{model}/rollback', { params: { path: { model } }, body: why ? { reason: why } : {} }),
      ),
    onSuccess: async ({ version, previousVersion }) => {
      await refresh();
      showDone(t('rolledBack', { version }), backTo(previousVersion));
    },
  });
  const shareTraffic = useMutation({
    mutationFn: ({ body }: { readonly body: SetTraffic; readonly former: Traffic }) => putTraffic(model, body),
    onSuccess: async ({ canary, shadows }, { former }) => {
      await refresh();
      showDone(
        canary === null && shadows.length === 0 ? t('trafficEnded') : t('trafficChanged'),
        undoing(() =>
          putTraffic(model, { canary: former.canary ?? undefined, shadows: former.shadows, reason }),
        ),
      );
    },
  });
  return { activate, rollBack, shareTraffic };
}
