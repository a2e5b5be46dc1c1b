/** Observations by pasting or by a file, with the place of whatever cannot be read. */
import { Alert, List, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { FileDrop } from '../parts/file-drop';
import { showFailed } from '../parts/undo';
import type { ObservationsDeclaration } from './observations';
import type { ReadText, TextFault } from './observations-text';
import './texts';

interface ObservationsInputProps {
  readonly text: string;
  readonly read: ReadText;
  readonly declaration: ObservationsDeclaration;
  readonly onChange: (text: string) => void;
}

/** Far more than a patient's observations take. */
const MOST_BYTES = 5_000_000;
const MOST_LISTED = 20;

export function ObservationsInput({ text, read, declaration, onChange }: ObservationsInputProps) {
  const { t } = useTranslation(['try', 'common']);
  const faultText = useTextFaultText(declaration);
  const faults = 'faults' in read ? read.faults : [];
  const take = (file: File): void => void file.text().then(onChange, () => showFailed(t('common:errors.unexpected')));

  return (
    <>
      <FileDrop accept={['.json', '.csv', '.txt', '.tsv']} maxBytes={MOST_BYTES} hint={t('dropHint')} onFile={take} />
      <Textarea
        label={t('observationsLabel')}
        description={t('observationsHint')}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={text !== '' && faults.length > 0}
        rows={8}
        spellCheck={false}
        autoComplete="off"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      />
      {text !== '' && faults.length > 0 && (
        <Alert
          color="alarm"
          variant="light"
          role="alert"
          icon={<IconAlertTriangle aria-hidden />}
          title={t('observationFaults')}
        >
          <List size="sm" spacing={2}>
            {faults.map((fault, index) => (
              <List.Item key={index}>{faultText(fault)}</List.Item>
            ))}
          </List>
          {faults.length >= MOST_LISTED && (
            <Text size="xs" mt={4}>
              {t('tooManyFaults')}
            </Text>
          )}
        </Alert>
      )}
    </>
  );
}

function useTextFaultText({ signals }: ObservationsDeclaration): (fault: TextFault) => string {
  const { t } = useTranslation('try');
  const terms = useTerms();
  const format = useFormat();
  return ({ code, line, column, entry, found, limit }) => {
    const what = t(`textFaults.${code}`, {
      found,
      limit: limit === undefined ? '' : format.number(limit, 6),
      signals: format.list(signals.map((signal) => terms.signalTitle(signal))),
    });
    if (entry !== undefined) return `${t('atEntry', { entry })}: ${what}`;
    if (line === undefined) return what;
    return `${column === undefined ? t('atLine', { line }) : t('atCell', { line, column })}: ${what}`;
  };
}
