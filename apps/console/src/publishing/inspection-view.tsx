/** What a model file is. */
import { Alert, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import type { Inspection } from './fill-gaps';
import classes from './inspection-view.module.css';
import './texts';

type Tensor = Inspection['inputs'][number];

interface InspectionViewProps {
  readonly inspection: Inspection;
  readonly fileName: string;
}

export function InspectionView({ inspection, fileName }: InspectionViewProps) {
  const { t } = useTranslation('publishing');
  const format = useFormat();
  const { problems, parts, opsets, inputs, outputs, classes: named } = inspection;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('format'), t(`formats.${inspection.format}`)],
    [t('writtenBy'), inspection.writtenBy],
    [t('size'), format.bytes(inspection.sizeBytes)],
    [t('parameters'), format.number(inspection.parameters)],
    [t('takes'), <Tensors key="in" tensors={inputs} />],
    [t('gives'), <Tensors key="out" tensors={outputs} />],
    [t('classes'), named ? format.list(named) : t('classesUnnamed')],
    [
      inspection.format === 'onnx' ? t('operators') : t('layers'),
      format.list(parts.map(({ name, count }) => (count === 1 ? name : `${format.number(count)} × ${name}`))),
    ],
    ...(opsets.length === 0
      ? []
      : [
          [
            t('opsets'),
            format.list([...new Set(opsets.map(({ domain, version }) => `${domain} ${version}`))]),
          ] as const,
        ]),
  ];
  return (
    <Card>
      <Stack gap="md">
        <Group justify="space-between" gap="xs">
          <Title order={3}>{t('whatItIs')}</Title>
          <Text size="sm" c="dimmed" ff="monospace">
            {fileName}
          </Text>
        </Group>
        {problems.length === 0 ? (
          <Alert color="teal" variant="light" icon={<IconCheck aria-hidden />} py="xs">
            {t('noProblems')}
          </Alert>
        ) : (
          <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('problems')}>
            <Stack gap="xs">
              <List size="sm" lang="en">
                {problems.map((problem) => (
                  <List.Item key={problem}>{problem}</List.Item>
                ))}
              </List>
              <Text size="sm">{t('problemsHint')}</Text>
            </Stack>
          </Alert>
        )}
        <dl className={classes.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <Text component="dt" size="sm" c="dimmed">
                {name}
              </Text>
              <Text component="dd" size="sm" className="numbers">
                {value}
              </Text>
            </div>
          ))}
        </dl>
        <Text size="xs" c="dimmed">
          {t('perRow')} SHA-256: <span className="numbers">{inspection.sha256}</span>
        </Text>
      </Stack>
    </Card>
  );
}

function Tensors({ tensors }: { readonly tensors: readonly Tensor[] }) {
  const { t } = useTranslation('publishing');
  return tensors.map(({ name, type, shape }) => (
    <Text key={name} component="span" display="block" size="sm">
      <Text component="span" ff="monospace" size="sm">
        {name}
      </Text>
      {` · ${type} · ${shape.length === 0 ? t('scalar') : shape.map((axis) => axis ?? t('any')).join(' × ')}`}
    </Text>
  ));
}
