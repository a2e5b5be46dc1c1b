import { Button, Group, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
import type { Example } from './queries';
import './texts';

interface ExamplesRowProps {
  readonly model: string;
  readonly examples: readonly Example[];
  readonly onChoose: (example: Example) => void;
}

/** Synthetic patients to start from. */
export function ExamplesRow({ model, examples, onChoose }: ExamplesRowProps) {
  const { t } = useTranslation('try');
  const terms = useTerms();
  const id = useId();
  return (
    <Group gap="xs" role="group" aria-labelledby={id}>
      <Text size="sm" c="dimmed" id={id} w={{ base: '100%', xs: 'auto' }}>
        {t('startFrom')}
      </Text>
      {examples.map((example) => (
        <Button key={example.name} size="compact-sm" variant="default" onClick={() => onChoose(example)}>
          {terms.exampleTitle(model, example)}
        </Button>
      ))}
    </Group>
  );
}
