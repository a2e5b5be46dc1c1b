import { Button, Group, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { dataOf, latido, LatidoProblem, type Schemas } from '../api/latido';
import type { ModelVersion } from '../api/models';
import { useTerms } from '../i18n/clinical-terms';
import { instantOf, toTimeField } from '../i18n/local-time';
import { ErrorNotice } from '../parts/states';
import { showDone } from '../parts/undo';
import { PREDICTION, type Outcome } from './queries';
import './texts';

interface OutcomeFormProps {
  readonly id: string;
  readonly row: number;
  readonly modelVersion: ModelVersion;
  /** What holds so far. */
  readonly before: Outcome | undefined;
  readonly onEnd: () => void;
}

const FIELDS = ['label', 'value', 'observedAt', 'note'] as const;
type Faults = { readonly [Field in (typeof FIELDS)[number]]?: string };

export function OutcomeForm({ id, row, modelVersion, before, onEnd }: OutcomeFormProps) {
  const { t } = useTranslation('predictions');
  const { t: common } = useTranslation();
  const terms = useTerms();
  const client = useQueryClient();
  const [label, setLabel] = useState<string | null>(before?.label ?? null);
  const [value, setValue] = useState<number | string>(before?.value ?? '');
  const [observedAt, setObservedAt] = useState(() =>
    toTimeField(before?.observedAt ? new Date(before.observedAt) : new Date()),
  );
  const [note, setNote] = useState(before?.note ?? '');
  const [own, setOwn] = useState<Faults>({});
  const save = useMutation({
    mutationFn: (body: Schemas['PutOutcomeDto']) =>
      dataOf(latido.PUT('/v1/predictions/{id}/rows/{row}/outcome', { params: { path: { id, row } }, body })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [...PREDICTION, id] });
      showDone(t('saved'));
      onEnd();
    },
  });
  const { task, output, model } = modelVersion;
  const isValue = task === 'regression';
  const refused = save.error instanceof LatidoProblem ? save.error : undefined;
  const faultOf = (field: (typeof FIELDS)[number]): string | undefined => own[field] ?? refused?.at(`/${field}`);
  const beside = FIELDS.some((field) => refused?.at(`/${field}`) !== undefined);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const observed = instantOf(observedAt);
    const faults: Faults = {
      ...(!isValue && label === null ? { label: t('needed') } : {}),
      ...(isValue && typeof value !== 'number' ? { value: t('needed') } : {}),
      ...(observed ? {} : { observedAt: t('needed') }),
      ...(observed && observed.getTime() > Date.now() ? { observedAt: t('inFuture') } : {}),
    };
    setOwn(faults);
    if (!observed || Object.keys(faults).length > 0) return;
    save.mutate({
      ...(isValue ? { value: value as number } : { label }),
      observedAt: observed.toISOString(),
      note: note.trim() || null,
    });
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm" maw={480}>
        {isValue ? (
          <NumberInput
            label={output.unit === undefined ? t('measured') : `${t('measured')} (${terms.unitTitle(output.unit)})`}
            value={value}
            onChange={setValue}
            autoFocus
            error={faultOf('value')}
            hideControls
          />
        ) : (
          <Select
            label={t('happened')}
            data={(output.classes ?? []).map((one) => ({ value: one.name, label: terms.classTitle(model, one) }))}
            value={label}
            onChange={setLabel}
            autoFocus
            error={faultOf('label')}
          />
        )}
        <TextInput
          type="datetime-local"
          label={t('observedAt')}
          value={observedAt}
          max={toTimeField(new Date())}
          onChange={(event) => setObservedAt(event.currentTarget.value)}
          error={faultOf('observedAt')}
        />
        <Textarea
          label={`${t('note')} (${common('optional')})`}
          description={t('noteHint')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={2}
          error={faultOf('note')}
        />
        {save.isError && !beside && <ErrorNotice error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {common('save')}
          </Button>
          <Button variant="default" onClick={onEnd}>
            {common('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
