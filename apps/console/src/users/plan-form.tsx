/** The limits of a plan as fields, each with its fault beside it. */
import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { LatidoProblem } from '../api/latido';
import type { Plan } from '../api/plans';
import { useFormat } from '../i18n/format';
import { ErrorNotice } from '../parts/states';
import {
  changedLimits,
  faultsOf,
  isAllowed,
  LIMITS,
  MOST,
  type Limit,
  type LimitFields,
  type Limits,
} from './plan-limits';
import './texts';
import { usePlanChange } from './use-plan-change';

interface PlanFormProps {
  readonly plan: Plan;
  readonly onClose: () => void;
}

export function PlanForm({ plan, onClose }: PlanFormProps) {
  const { t } = useTranslation(['users', 'common']);
  const format = useFormat();
  const change = usePlanChange(plan);
  const [fields, setFields] = useState<LimitFields>(plan);
  const [wasTried, setWasTried] = useState(false);
  const problem = change.error instanceof LatidoProblem ? change.error : undefined;
  const besideFields = (problem?.errors.length ?? 0) > 0;
  const changed: Partial<LimitFields> = changedLimits(plan, fields);

  const faultOf = (limit: Limit): string | undefined =>
    wasTried && !isAllowed(limit, fields[limit])
      ? t('limitFault', { most: format.number(MOST[limit]) })
      : problem?.at(`/${limit}`);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setWasTried(true);
    const [first] = faultsOf(fields);
    if (first !== undefined) event.currentTarget.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    else change.mutate(changed as Partial<Limits>, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm">{t('planFormHint', { plan: plan.name })}</Text>
        {LIMITS.map((limit, index) => (
          <NumberInput
            key={limit}
            name={limit}
            label={t(`limits.${limit}`)}
            description={t(`limitHints.${limit}`)}
            value={fields[limit]}
            onChange={(value) => setFields((before) => ({ ...before, [limit]: value }))}
            min={1}
            max={MOST[limit]}
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            error={faultOf(limit)}
            {...(index === 0 ? { 'data-autofocus': true } : {})}
          />
        ))}
        {change.isError && !besideFields && <ErrorNotice error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={Object.keys(changed).length === 0}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
