import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import './texts';

/** As the API has it. */
const LONGEST_SUBJECT = 200;

interface SubjectFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SubjectField({ value, onChange }: SubjectFieldProps) {
  const { t } = useTranslation(['try', 'common']);
  return (
    <TextInput
      label={`${t('subject')} (${t('common:optional')})`}
      description={t('subjectHint')}
      value={value}
      maxLength={LONGEST_SUBJECT}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
