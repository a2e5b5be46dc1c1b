/** Changing limits of a plan, with a way back. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dataOf, latido } from '../api/latido';
import { plansQuery, type Plan } from '../api/plans';
import { useErrorText } from '../parts/states';
import { showDone, showFailed } from '../parts/undo';
import { formerLimits, LIMITS, type Limits } from './plan-limits';
import './texts';

const put = (name: string, limits: Partial<Limits>) =>
  dataOf(latido.PUT('/v1/plans/{name}', { params: { path: { name } }, body: limits }));

export function usePlanChange(plan: Plan) {
  const { t } = useTranslation('users');
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const { name } = plan;
  const refresh = () =>
    Promise.all([plansQuery.queryKey, ['me']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  const undo = async (limits: Partial<Limits>): Promise<void> => {
    try {
      const { data } = await dataOf(latido.GET('/v1/plans'));
      const now = data.find((one) => one.name === name);
      const isAsChanged = LIMITS.every((limit) => !(limit in limits) || now?.[limit] === limits[limit]);
      // Somebody else was faster: theirs is not undone.
      if (!isAsChanged) showFailed(t('undoTooLate', { name }));
      else {
        await put(name, formerLimits(plan, limits));
        showDone(t('planRestored', { plan: name }));
      }
    } catch (error) {
      showFailed(errorText(error));
    }
    await refresh();
  };
  return useMutation({
    mutationFn: (limits: Partial<Limits>) => put(name, limits),
    onSuccess: async (_, limits) => {
      showDone(t('planChanged', { plan: name }), () => undo(limits));
      await refresh();
    },
  });
}
