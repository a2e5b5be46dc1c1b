/** The way back from a model or one of its versions. */
import { Anchor, Breadcrumbs, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
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
        <Anchor component={Link} to="/models" size="sm">
          {t('title')}
        </Anchor>
        {model && (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link {...props} to="/models/$model" params={{ model: model.name }} search={{}} />}
          >
            {model.title}
          </Anchor>
        )}
        <Text size="sm" c="dimmed" aria-current="page">
          {here}
        </Text>
      </Breadcrumbs>
    </nav>
  );
}
