/** The frame of the pages before one is signed in. */
import { Card, Center, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { LanguageChoice, ThemeChoice } from '../layout/appearance';
import { usePageTitle } from '../parts/use-page-title';

interface FrontDoorProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

export function FrontDoor({ title, hint, children }: FrontDoorProps) {
  usePageTitle(title);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={420} gap="lg">
        <Stack align="center" gap="xs">
          <img src="/icon.svg" alt="" width={56} height={56} />
          <Title order={1} ta="center">
            {title}
          </Title>
          {hint !== undefined && (
            <Text c="dimmed" ta="center">
              {hint}
            </Text>
          )}
        </Stack>
        <Card>{children}</Card>
        <Group justify="center" gap="xl">
          <LanguageChoice />
          <ThemeChoice />
        </Group>
      </Stack>
    </Center>
  );
}
