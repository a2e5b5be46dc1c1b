/** The request that is sent, as a program would send it. */
import { Card, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../parts/code-block';
import { CopyButton } from '../parts/copy-button';
import { codeSamples, type PredictionRequest } from './code-samples';
import './texts';

const LANGUAGES = [
  ['curl', 'curl'],
  ['typescript', 'TypeScript'],
  ['python', 'Python'],
] as const;

export function CodeSamplesCard({ model, request }: { readonly model: string; readonly request: PredictionRequest }) {
  const { t } = useTranslation('try');
  const samples = codeSamples(window.location.origin, model, request);
  return (
    <Card component="section" aria-labelledby="program-title">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <div>
            <Title order={2} id="program-title">
              {t('program')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('programHint')} {samples.file !== undefined && t('programFile')}
            </Text>
          </div>
          {samples.file !== undefined && <CopyButton value={samples.file} label={t('copyFile')} />}
        </Group>
        <Tabs defaultValue="curl" keepMounted={false}>
          <Tabs.List mb="sm">
            {LANGUAGES.map(([language, title]) => (
              <Tabs.Tab key={language} value={language}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {LANGUAGES.map(([language, title]) => (
            <Tabs.Panel key={language} value={language}>
              <CodeBlock code={samples[language]} label={t('sampleOf', { language: title })} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </Stack>
    </Card>
  );
}
