import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page.module.css';
import { usePageTitle } from './use-page-title';

interface PageProps {
  /** Heading, and the browser tab's title. */
  readonly title: string;
  /** One sentence of what the page is for. */
  readonly description?: ReactNode;
  /** Buttons beside the heading. */
  readonly actions?: ReactNode;
  /** The way back from a page that is one of several. */
  readonly trail?: ReactNode;
  readonly children: ReactNode;
}

/** A page's frame: one heading of the first level, said to the browser too. */
export function Page({ title, description, actions, trail, children }: PageProps) {
  usePageTitle(title);
  return (
    <Stack gap="lg">
      {trail}
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} maw={720} className={classes.words}>
          <Title order={1}>{title}</Title>
          {description !== undefined && <Text c="dimmed">{description}</Text>}
        </Stack>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
