/** The frame of the pages before one is signed in. */
import { Card, Center, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { LanguageChoice, ThemeChoice } from '../layout/appearance';

interface FrontDoorProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

export function FrontDoor({ title, hint, children }: FrontDoorProps) {
  useEffect(() => void (document.title = `${title} · Latido`), [title]);
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
