/** The way back from a model or one of its versions. */
import { Breadcrumbs, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TextLink } from '../parts/links';
import './texts';

interface TrailProps {
  /** Left out on the model's own page. */
  readonly model?: { readonly name: string; readonly title: string };
  readonly here: string;
}

export function Trail({ model, here }: TrailProps) {
  const { t } = useTranslation('models');
  return (
    <nav aria-label={t('trail')}>
      <Breadcrumbs separatorMargin={6} style={{ flexWrap: 'wrap' }}>
        <TextLink to="/models">{t('title')}</TextLink>
        {model && (
          <TextLink size="sm" to="/models/$model" params={{ model: model.name }} search={{}}>
            {model.title}
          </TextLink>
        )}
        <Text size="sm" c="dimmed" aria-current="page">
          {here}
        </Text>
      </Breadcrumbs>
    </nav>
  );
}
