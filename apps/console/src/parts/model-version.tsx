import { Text } from '@mantine/core';
import { useTitles } from '../i18n/use-titles';

interface ModelVersionProps {
  readonly model: string;
  readonly version: string;
}

/** Which version of which model, in a line of a list. */
export function ModelVersion({ model, version }: ModelVersionProps) {
  const titles = useTitles();
  return (
    <Text size="sm" truncate>
      {titles.model(model)}{' '}
      <Text span c="dimmed" inherit>
        {version}
      </Text>
    </Text>
  );
}
