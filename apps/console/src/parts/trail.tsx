/** The way to a page that is one of several, and back. */
import { Breadcrumbs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './texts';

interface TrailProps {
  /** What this page is on the way, mostly its heading. */
  readonly here: string;
  /** Links to the pages above it, the outermost first. */
  readonly children: ReactNode;
}

export function Trail({ here, children }: TrailProps) {
  const { t } = useTranslation('parts');
  return (
    <nav aria-label={t('trail')}>
      <Breadcrumbs separatorMargin={6} style={{ flexWrap: 'wrap' }}>
        {children}
        <Text size="sm" c="dimmed" aria-current="page">
          {here}
        </Text>
      </Breadcrumbs>
    </nav>
  );
}
