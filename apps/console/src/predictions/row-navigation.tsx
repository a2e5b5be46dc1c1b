import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconList } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../parts/links';
import { useFormat } from '../i18n/format';
import './texts';

/** @param row counted from 0 */
export function RowNavigation({ row, rowCount }: { readonly row: number; readonly rowCount: number }) {
  const { t } = useTranslation('predictions');
  const format = useFormat();
  return (
    <Group justify="space-between" component="nav" aria-label={t('rowsTitle')}>
      <ButtonLink
        variant="default"
        size="xs"
        leftSection={<IconList size={14} aria-hidden />}
        from="/predictions/$id"
        search={{}}
      >
        {t('allRows')}
      </ButtonLink>
      <Group gap="xs">
        <ToRow
          row={row - 1}
          rowCount={rowCount}
          label={t('previousRow')}
          icon={<IconChevronLeft size={14} aria-hidden />}
        />
        <Text size="sm" className="numbers" role="status">
          {t('rowOf', { row: format.number(row + 1), rows: format.number(rowCount) })}
        </Text>
        <ToRow
          row={row + 1}
          rowCount={rowCount}
          label={t('nextRow')}
          icon={<IconChevronRight size={14} aria-hidden />}
        />
      </Group>
    </Group>
  );
}

interface ToRowProps {
  readonly row: number;
  readonly rowCount: number;
  readonly label: string;
  readonly icon: React.ReactNode;
}

function ToRow({ row, rowCount, label, icon }: ToRowProps) {
  const common = { variant: 'default', size: 'xs', 'aria-label': label, title: label } as const;
  if (row < 0 || row >= rowCount)
    return (
      <Button {...common} disabled>
        {icon}
      </Button>
    );
  return (
    <ButtonLink {...common} from="/predictions/$id" search={{ row }} replace resetScroll={false}>
      {icon}
    </ButtonLink>
  );
}
