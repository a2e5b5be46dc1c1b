/** Putting versions in service and sharing the traffic, each with a way back. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dataOf, latido, type Schemas } from '../api/latido';
import { useErrorText } from '../parts/states';
import { showDone, showFailed } from '../parts/undo';
import type { Activation, Traffic } from './queries';
import './texts';

type Activate = Schemas['ActivateDto'];
type SetTraffic = Schemas['SetTrafficDto'];

const putActive = (model: string, body: Activate) =>
  dataOf(latido.PUT('/v1/models/{model}/active', { params: { path: { model } }, body }));
const postRollBack = (model: string, reason: string | undefined) =>
  dataOf(
    latido.POST('/v1/models/{model}/rollback', {
      params: { path: { model } },
      body: reason === undefined ? {} : { reason },
    }),
  );
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
  /** The way back of a rollback is an activation, of which the policy is asked. */
  const reactivate = (former: string | null) =>
    former === null ? undefined : undoing(() => putActive(model, { version: former, reason }));
  /** The policy let the former version in once: going back to it is not refused. */
  const takeBack = ({ version, previousVersion }: Activation) =>
    previousVersion === null
      ? undefined
      : undoing(async () => {
          const { activeVersion } = await dataOf(latido.GET('/v1/models/{model}', { params: { path: { model } } }));
          // Somebody else was faster: their activation is not undone.
          if (activeVersion === version) await postRollBack(model, reason);
          else showFailed(t('undoTooLate', { version: activeVersion ?? '–' }));
        });

  const activate = useMutation({
    mutationFn: (body: Activate) => putActive(model, body),
    onSuccess: async (activation) => {
      await refresh();
      showDone(t('activated', { version: activation.version }), takeBack(activation));
    },
  });
  const rollBack = useMutation({
    mutationFn: (why: string | undefined) => postRollBack(model, why),
    onSuccess: async ({ version, previousVersion }) => {
      await refresh();
      showDone(t('rolledBack', { version }), reactivate(previousVersion));
    },
  });
  const shareTraffic = useMutation({
    mutationFn: ({ body }: { readonly body: SetTraffic; readonly former: Traffic }) => putTraffic(model, body),
    onSuccess: async ({ canary, shadows }, { former }) => {
      await refresh();
      showDone(
        canary === null && shadows.length === 0 ? t('trafficEnded') : t('trafficChanged'),
        undoing(() => putTraffic(model, { canary: former.canary ?? undefined, shadows: former.shadows, reason })),
      );
    },
  });
  return { activate, rollBack, shareTraffic };
}
