/** Fields of the form, each for one place of the manifest: what stands there, what is wrong with it, and how it is changed. */
import { Switch, Textarea, TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pointerOf, textAt, valueAt, type Path } from './pointers';
import type { Draft } from './use-draft';
import type { ManifestFault, ManifestFaults } from './use-manifest-faults';

export interface ManifestForm {
  readonly manifest: object;
  readonly faults: ManifestFaults;
  readonly setValue: Draft['setValue'];
}

interface FieldProps {
  readonly form: ManifestForm;
  readonly path: Path;
  readonly label: string;
  readonly description?: string;
}

/** By which a fault in the list leads to its field. */
export function fieldId(pointer: string): string {
  return `manifest${pointer}`;
}

function faultText(fault: ManifestFault | undefined) {
  if (!fault) return undefined;
  return fault.isForeign ? <span lang="en">{fault.detail}</span> : fault.detail;
}

/** Without a text the place is left out. */
export function TextField({ form, path, ...rest }: FieldProps & Pick<TextInputProps, 'maw' | 'ff' | 'maxLength'>) {
  const pointer = pointerOf(path);
  return (
    <TextInput
      id={fieldId(pointer)}
      value={textAt(form.manifest, path)}
      onChange={(event) => form.setValue(path, event.currentTarget.value || undefined)}
      error={faultText(form.faults.at(pointer))}
      {...rest}
    />
  );
}

export function LongTextField({ form, path, ...rest }: FieldProps) {
  const pointer = pointerOf(path);
  return (
    <Textarea
      id={fieldId(pointer)}
      value={textAt(form.manifest, path)}
      onChange={(event) => form.setValue(path, event.currentTarget.value || undefined)}
      error={faultText(form.faults.at(pointer))}
      autosize
      minRows={2}
      maxRows={8}
      {...rest}
    />
  );
}

/** With the comma or the point. What is no number is kept as it was typed, and told. */
export function NumberField({ form, path, ...rest }: FieldProps) {
  const { i18n } = useTranslation();
  const [typed, setTyped] = useState('');
  const pointer = pointerOf(path);
  const value = valueAt(form.manifest, path);
  const comma = i18n.language === 'es';
  const written = value === undefined ? '' : comma ? String(value).replace('.', ',') : String(value);
  return (
    <TextInput
      id={fieldId(pointer)}
      inputMode="decimal"
      className="numbers"
      // While one types it is theirs: 1. and 1.0 are the same number.
      value={numberOf(typed) === value ? typed : written}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        form.setValue(path, numberOf(event.currentTarget.value));
      }}
      error={faultText(form.faults.at(pointer))}
      {...rest}
    />
  );
}

export function numberOf(typed: string): number | string | undefined {
  const text = typed.trim().replace(',', '.').replace('−', '-');
  if (text === '') return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : typed.trim();
}

interface SwitchFieldProps extends FieldProps {
  /** What holds where the manifest says nothing. */
  readonly usual: boolean;
}

export function SwitchField({ form, path, usual, ...rest }: SwitchFieldProps) {
  const value = valueAt(form.manifest, path);
  return (
    <Switch
      id={fieldId(pointerOf(path))}
      checked={typeof value === 'boolean' ? value : usual}
      onChange={(event) => form.setValue(path, event.currentTarget.checked === usual ? undefined : !usual)}
      {...rest}
    />
  );
}
