/** What a model says of itself: stands wherever its answers are shown. */
import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Notices of the shipped models, for those who read another language. The words of a model of one's own are shown as they are. */
const KNOWN: Readonly<Record<string, 'syntheticData' | 'publicData' | 'penguins'>> = {
  'Trained on synthetic data; not for clinical use': 'syntheticData',
  'Trained on a small public data set; not for clinical use': 'publicData',
  'A demonstration on penguins; trained on a small public data set': 'penguins',
};

export function ModelNotice({ notice }: { readonly notice: string | null | undefined }) {
  const { t } = useTranslation();
  if (!notice) return null;
  const known = KNOWN[notice];
  return (
    <Alert color="yellow" variant="light" icon={<IconInfoCircle aria-hidden />} py="xs">
      {known ? t(`notices.${known}`) : notice}
    </Alert>
  );
}
