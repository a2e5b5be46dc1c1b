/** The manifest, as a form and as the text that it is. */
import { Alert, Anchor, Button, FileButton, Group, List, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconFileCode } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MANIFEST_ENDINGS } from './documents';
import { fieldId } from './fields';
import { ManifestFormView } from './manifest-form';
import { lineOf } from './manifest-text';
import { pathOf, pointerOf } from './pointers';
import './texts';
import type { Draft } from './use-draft';
import type { ManifestFault, ManifestFaults } from './use-manifest-faults';
import { goToLine, YamlEditor } from './yaml-editor';

interface ManifestStepProps {
  readonly draft: Draft;
  readonly faults: ManifestFaults;
}

type View = 'form' | 'yaml';

export function ManifestStep({ draft, faults }: ManifestStepProps) {
  const { t } = useTranslation('publishing');
  const { text = '', reading } = draft;
  const [view, setView] = useState<View>(reading?.fault ? 'yaml' : 'form');
  const area = useRef<HTMLTextAreaElement>(null);
  /** Where to go once the text is shown. */
  const [line, setLine] = useState<number>();
  useEffect(() => {
    if (line === undefined || !area.current) return;
    goToLine(area.current, line);
    setLine(undefined);
  }, [line, view]);
  const shown: View = reading?.fault ? 'yaml' : view;

  const goTo = ({ pointer }: ManifestFault): void => {
    const field = shown === 'form' ? fieldOf(pointer) : undefined;
    if (field) return field.focus();
    setView('yaml');
    setLine(lineOf(text, pointer));
  };
  const faultyLines = reading?.fault
    ? [reading.fault.line]
    : shown === 'yaml'
      ? faults.all.map(({ pointer }) => lineOf(text, pointer))
      : [];
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end">
        <Stack gap={4} maw={680} flex="1 1 20rem">
          <Title order={2}>{t('manifestTitle')}</Title>
          <Text size="sm" c="dimmed">
            {t('manifestAbout')}
          </Text>
        </Stack>
        <Group gap="sm">
          <FileButton accept={MANIFEST_ENDINGS.join(',')} onChange={(file) => file && void draft.takeFile(file)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileCode size={16} aria-hidden />}>
                {t('dropManifest')}
              </Button>
            )}
          </FileButton>
          <SegmentedControl
            aria-label={t('view')}
            value={shown}
            onChange={(value) => setView(value as View)}
            disabled={reading?.fault !== undefined}
            data={[
              { value: 'form', label: t('form') },
              { value: 'yaml', label: t('yaml') },
            ]}
          />
        </Group>
      </Group>
      {reading?.fault && (
        <Alert
          color="alarm"
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
          title={t('yamlFault', { line: reading.fault.line })}
          role="alert"
        >
          {reading.fault.detail === undefined ? (
            <Text size="sm">{t('yamlNoMap')}</Text>
          ) : (
            <Text size="sm" lang="en">
              {reading.fault.detail}
            </Text>
          )}
          <Text size="sm">{t('yamlFirst')}</Text>
        </Alert>
      )}
      {faults.all.length > 0 && !reading?.fault && <FaultList faults={faults.all} onFault={goTo} />}
      {shown === 'form' && reading?.manifest ? (
        <ManifestFormView form={{ manifest: reading.manifest, faults, setValue: draft.setValue }} />
      ) : (
        <YamlEditor ref={area} text={text} onChange={draft.setText} faultyLines={faultyLines} />
      )}
    </Stack>
  );
}

interface FaultListProps {
  readonly faults: readonly ManifestFault[];
  readonly onFault: (fault: ManifestFault) => void;
}

function FaultList({ faults, onFault }: FaultListProps) {
  const { t } = useTranslation('publishing');
  return (
    <Alert
      color="alarm"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('faults', { count: faults.length })}
    >
      <List size="sm" spacing={4}>
        {faults.map((fault) => (
          <List.Item key={`${fault.pointer} ${fault.detail}`}>
            <Anchor component="button" type="button" size="sm" ff="monospace" onClick={() => onFault(fault)}>
              {fault.pointer || '/'}
            </Anchor>{' '}
            <span lang={fault.isForeign ? 'en' : undefined}>{fault.detail}</span>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** The form's field of a place, or of the nearest that contains it. */
function fieldOf(pointer: string): HTMLElement | undefined {
  const path = pathOf(pointer);
  for (let length = path.length; length > 0; length--) {
    const field = document.getElementById(fieldId(pointerOf(path.slice(0, length))));
    if (field) return field;
  }
  return undefined;
}
