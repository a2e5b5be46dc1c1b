/** A file by dropping it or by choosing it, which is a button and works by keyboard. */
import { Group, Paper, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useId, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import classes from './file-drop.module.css';

interface FileDropProps {
  /** Endings, as `.csv`. */
  readonly accept: readonly string[];
  readonly maxBytes?: number;
  readonly label?: string;
  readonly hint?: string;
  /** Several at once; each is handed on by itself. */
  readonly multiple?: boolean;
  readonly onFile: (file: File) => void;
}

export function FileDrop({ accept, maxBytes, label, hint, multiple = false, onFile }: FileDropProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [over, setOver] = useState(false);
  const [fault, setFault] = useState<string>();
  const id = useId();

  const take = (files: FileList | null): void => {
    setFault(undefined);
    for (const file of [...(files ?? [])].slice(0, multiple ? undefined : 1)) takeOne(file);
  };
  const takeOne = (file: File): void => {
    const fits = accept.some((ending) => file.name.toLowerCase().endsWith(ending));
    if (!fits) return setFault(t('fileWrongType', { types: format.list(accept) }));
    if (maxBytes !== undefined && file.size > maxBytes)
      return setFault(t('fileTooLarge', { size: format.bytes(maxBytes) }));
    onFile(file);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };

  return (
    <Stack gap={4}>
      <Paper
        component="label"
        htmlFor={id}
        withBorder
        radius="lg"
        p="lg"
        className={classes.place}
        data-over={over || undefined}
        onDragOver={(event: DragEvent) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Group justify="center" gap="md" wrap="nowrap">
          <ThemeIcon variant="light" size={40} radius="xl" flex="none" aria-hidden>
            <IconUpload size={22} />
          </ThemeIcon>
          <div>
            <Text fw={500}>{label ?? t('dropFile')}</Text>
            {hint !== undefined && (
              <Text size="sm" c="dimmed">
                {hint}
              </Text>
            )}
          </div>
        </Group>
        <input
          id={id}
          type="file"
          className={classes.input}
          accept={accept.join(',')}
          multiple={multiple}
          onChange={(event) => {
            take(event.currentTarget.files);
            // The same file can be chosen again after it was changed.
            event.currentTarget.value = '';
          }}
        />
      </Paper>
      <Text size="sm" c="red" role="alert">
        {fault}
      </Text>
    </Stack>
  );
}
