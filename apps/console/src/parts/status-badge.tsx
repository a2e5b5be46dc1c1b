/** A state by word, sign and colour: any one of them is enough. */
import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleDot, IconClock, IconX, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export type Tone = 'good' | 'bad' | 'warning' | 'running' | 'neutral';

const LOOKS: Readonly<Record<Tone, { readonly color: string; readonly Icon: Icon }>> = {
  good: { color: 'teal', Icon: IconCheck },
  bad: { color: 'alarm', Icon: IconX },
  warning: { color: 'yellow', Icon: IconAlertTriangle },
  running: { color: 'brand', Icon: IconClock },
  neutral: { color: 'gray', Icon: IconCircleDot },
};

export function StatusBadge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const { color, Icon } = LOOKS[tone];
  return (
    <Badge color={color} variant="light" tt="none" leftSection={<Icon size={13} aria-hidden />}>
      {children}
    </Badge>
  );
}
