/** The manifest's text with numbered lines. A plain text area: the keys that leave it stay what they are everywhere. */
import { useId, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { Text } from '@mantine/core';
import './texts';
import classes from './yaml-editor.module.css';

const FEWEST_LINES = 12;

interface YamlEditorProps {
  readonly ref: Ref<HTMLTextAreaElement>;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Lines on which something is wrong, from 1. */
  readonly faultyLines: readonly number[];
}

export function YamlEditor({ ref, text, onChange, faultyLines }: YamlEditorProps) {
  const { t } = useTranslation('publishing');
  const hint = useId();
  const count = Math.max(FEWEST_LINES, text.split('\n').length);
  const faulty = new Set(faultyLines);
  return (
    <div>
      <div className={classes.frame}>
        <div className={classes.numbers} aria-hidden>
          {Array.from({ length: count }, (_, index) => (
            <div key={index} data-fault={faulty.has(index + 1) || undefined}>
              {index + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={ref}
          className={classes.text}
          aria-label={t('yamlLabel')}
          aria-describedby={hint}
          aria-invalid={faultyLines.length > 0 || undefined}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          rows={count + 1}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </div>
      <Text id={hint} size="xs" c="dimmed" mt={4}>
        {t('yamlHint')}
      </Text>
    </div>
  );
}

/** Puts the cursor on a line. */
export function goToLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
