import { Text } from '@mantine/core';
import { useTitles } from '../i18n/use-titles';
import { TextLink } from './links';

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

/** The same as a way to the version's page. */
export function ModelVersionLink({ model, version }: ModelVersionProps) {
  const titles = useTitles();
  return (
    <TextLink to="/models/$model/versions/$version" params={{ model, version }}>
      {titles.model(model)} {version}
    </TextLink>
  );
}
