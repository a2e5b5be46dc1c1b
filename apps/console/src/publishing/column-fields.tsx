/** Inputs or signals: their titles, units, ranges, and what their values mean. */
import { Button, Card, Stack, Text, Title } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './column-fields.module.css';
import { NumberField, TextField, fieldId, type ManifestForm } from './fields';
import { listAt, pointerOf, textAt, type Path } from './pointers';
import './texts';

/** A file may have a thousand columns. */
const FIRST_SHOWN = 40;

interface ColumnFieldsProps {
  readonly form: ManifestForm;
  readonly list: Path;
  readonly title: string;
  readonly hint: string;
}

export function ColumnFields({ form, list, title, hint }: ColumnFieldsProps) {
  const { t } = useTranslation('publishing');
  const [showsAll, setShowsAll] = useState(false);
  const columns = listAt(form.manifest, list);
  if (columns.length === 0) return null;
  // What is to be mended is never hidden.
  const shown = showsAll || form.faults.all.length > 0 ? columns : columns.slice(0, FIRST_SHOWN);
  return (
    <Card>
      <Stack gap="md">
        <div>
          <Title order={3}>{title}</Title>
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
        </div>
        {shown.map((_, index) => (
          <Column key={index} form={form} path={[...list, index]} />
        ))}
        {shown.length < columns.length && (
          <Button variant="default" onClick={() => setShowsAll(true)}>
            {t('showAll', { count: columns.length })}
          </Button>
        )}
      </Stack>
    </Card>
  );
}

const TYPES = ['number', 'integer', 'string'] as const;

function Column({ form, path }: { readonly form: ManifestForm; readonly path: Path }) {
  const { t } = useTranslation('publishing');
  const { manifest, faults } = form;
  const heading = useId();
  const pointer = pointerOf(path);
  const name = textAt(manifest, [...path, 'name']);
  const type = TYPES.find((one) => one === textAt(manifest, [...path, 'type']));
  const values = listAt(manifest, [...path, 'values']);
  const isNumber = type !== 'string' && values.length === 0;
  const ofWhole = faults.at(pointer) ?? faults.at(`${pointer}/range`);
  return (
    <div role="group" aria-labelledby={heading} className={classes.column} id={fieldId(pointer)} tabIndex={-1}>
      <Text id={heading} size="sm" mb={4}>
        <Text component="span" ff="monospace" fw={600} size="sm">
          {name}
        </Text>{' '}
        <Text component="span" c="dimmed" size="sm">
          {t(`types.${type ?? 'signal'}`)}
        </Text>
      </Text>
      <div className={classes.fields}>
        <TextField form={form} path={[...path, 'title']} label={t('columnTitle')} />
        {values.length === 0 && type !== 'string' && (
          <TextField form={form} path={[...path, 'unit']} label={t('unit')} />
        )}
        {isNumber && (
          <>
            <NumberField form={form} path={[...path, 'range', 'minimum']} label={t('minimum')} />
            <NumberField form={form} path={[...path, 'range', 'maximum']} label={t('maximum')} />
          </>
        )}
      </div>
      {values.length > 0 && (
        <div className={classes.values}>
          {values.map((_, index) => (
            <TextField
              key={index}
              form={form}
              path={[...path, 'values', index, 'title']}
              label={t('valueTitle', { value: textAt(manifest, [...path, 'values', index, 'value']) })}
            />
          ))}
        </div>
      )}
      {ofWhole && (
        <Text size="sm" c="red" lang={ofWhole.isForeign ? 'en' : undefined}>
          {ofWhole.detail}
        </Text>
      )}
    </div>
  );
}
