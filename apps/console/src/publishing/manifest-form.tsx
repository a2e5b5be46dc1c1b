/** What people fill in of a manifest. The rest stands in its text. */
import { Button, Card, Fieldset, Group, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { ColumnFields } from './column-fields';
import { LongTextField, NumberField, SwitchField, TextField, fieldId, type ManifestForm } from './fields';
import { listAt, textAt, type Path } from './pointers';
import './texts';
import { useExisting } from './use-existing';

const TASKS = ['binary-classification', 'multiclass-classification', 'regression'] as const;
const ORIGIN = ['author', 'license', 'framework', 'command'] as const;
const PROVENANCE: Path = ['provenance'];
const CLASSES: Path = ['output', 'classes'];

export function ManifestFormView({ form }: { readonly form: ManifestForm }) {
  const { t } = useTranslation('publishing');
  const { manifest } = form;
  return (
    <Stack gap="md">
      <Card>
        <Identity form={form} />
      </Card>
      <ColumnFields form={form} list={['inputs']} title={t('inputs')} hint={t('inputsHint')} />
      <ColumnFields form={form} list={['observations', 'signals']} title={t('signals')} hint={t('inputsHint')} />
      <Part title={t('output')}>
        <Output form={form} task={textAt(manifest, ['task'])} />
      </Part>
      <Part title={t('origin')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {ORIGIN.map((name) => (
            <TextField key={name} form={form} path={[...PROVENANCE, name]} label={t(name)} />
          ))}
        </SimpleGrid>
        <LongTextField form={form} path={[...PROVENANCE, 'data']} label={t('data')} />
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card>
      <Stack gap="md">
        <Title order={3}>{title}</Title>
        {children}
      </Stack>
    </Card>
  );
}

function Identity({ form }: { readonly form: ManifestForm }) {
  const { t } = useTranslation('publishing');
  const { exists, live } = useExisting(textAt(form.manifest, ['name']));
  const versionHint = exists
    ? live === undefined
      ? t('versionHint_none')
      : t('versionHint_next', { live })
    : t('versionHint_first');
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextField form={form} path={['name']} label={t('name')} description={t('nameHint')} />
        <TextField form={form} path={['version']} label={t('version')} description={versionHint} />
        <TextField form={form} path={['title']} label={t('titleField')} description={t('titleHint')} />
        <TextField form={form} path={['notice']} label={t('notice')} description={t('noticeHint')} />
      </SimpleGrid>
      <LongTextField form={form} path={['description']} label={t('description')} />
      <SwitchField form={form} path={['clinical']} usual label={t('clinical')} description={t('clinicalHint')} />
    </Stack>
  );
}

function Output({ form, task }: { readonly form: ManifestForm; readonly task: string }) {
  const { t } = useTranslation('publishing');
  const { manifest, faults, setValue } = form;
  const format = useFormat();
  const classes = listAt(manifest, CLASSES);
  const named = classes.map((_, index) => textAt(manifest, [...CLASSES, index, 'name']));
  const removeClasses = (): void => {
    setValue(CLASSES, undefined);
    // The button goes with them.
    document.getElementById(fieldId('/task'))?.focus();
  };
  const isBinary = task === 'binary-classification';
  const isDecision = textAt(manifest, ['output', 'kind']) === 'decision';
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          id={fieldId('/task')}
          label={t('task')}
          data={TASKS.map((value) => ({ value, label: t(`tasks.${value}`) }))}
          value={task}
          onChange={(value) => value !== null && setValue(['task'], value)}
          error={faults.at('/task')?.detail}
        />
        {task === 'regression' && <TextField form={form} path={['output', 'unit']} label={t('outputUnit')} />}
        {isBinary && !isDecision && (
          <NumberField
            form={form}
            path={['output', 'threshold']}
            label={t('threshold')}
            description={t('thresholdHint', { name: textAt(manifest, [...CLASSES, 1, 'title']) })}
          />
        )}
      </SimpleGrid>
      {faults.at('/output/classes') && (
        <Text size="sm" c="red" lang="en">
          {faults.at('/output/classes')?.detail}
        </Text>
      )}
      {classes.length > 0 && task === 'regression' && (
        <Group gap="sm">
          <Text size="sm">{t('numberHasNoClasses', { classes: format.list(named) })}</Text>
          <Button size="xs" variant="default" onClick={removeClasses}>
            {t('removeClasses')}
          </Button>
        </Group>
      )}
      {classes.length > 0 && task !== 'regression' && (
        <Fieldset legend={t('classes')}>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
            {classes.map((_, index) => (
              <TextField
                key={index}
                form={form}
                path={[...CLASSES, index, 'title']}
                label={t('classTitle', { name: textAt(manifest, [...CLASSES, index, 'name']) })}
              />
            ))}
          </SimpleGrid>
        </Fieldset>
      )}
    </Stack>
  );
}
