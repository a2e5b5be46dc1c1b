/** What a version takes, with units and ranges, and how often values occurred in its data. */
import { Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/latido';
import type { ModelVersion } from '../api/models';
import { Histogram } from '../charts/histogram';
import { useTerms } from '../i18n/clinical-terms';
import { useFormat } from '../i18n/format';
import { ScrollingTable } from '../parts/scrolling-table';
import './texts';
import { useMetricWords } from './words';

type ModelInput = Schemas['ModelInputDto'];
type Signal = Schemas['SignalDto'];
type HistogramData = Schemas['HistogramDto'];

/** Long lists of allowed texts are cut. */
const MOST_VALUES = 12;
const BOUND_DIGITS = 6;

interface InputsViewProps {
  readonly version: Pick<ModelVersion, 'inputs' | 'observations'>;
  /** Of which data the histograms are; undefined: there are none. */
  readonly seen: Schemas['DatasetEvaluationDto'] | undefined;
}

export function InputsView({ version, seen }: InputsViewProps) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const { inputs, observations } = version;
  return (
    <Stack gap="lg">
      {inputs.length > 0 && <InputTable label={t('inputs')} first={t('input')} rows={inputs} seen={seen} />}
      {observations && (
        <Stack gap="xs">
          <Text size="sm">
            {observations.description} {t('signalsHint', { maximum: format.number(observations.maximum) })}{' '}
            {t(`otherSignals.${observations.otherSignals}`)}
          </Text>
          <InputTable label={t('signals')} first={t('signal')} rows={observations.signals} seen={seen} />
        </Stack>
      )}
    </Stack>
  );
}

interface InputTableProps {
  readonly label: string;
  readonly first: string;
  readonly rows: readonly (ModelInput | Signal)[];
  readonly seen: InputsViewProps['seen'];
}

function InputTable({ label, first, rows, seen }: InputTableProps) {
  const { t } = useTranslation('models');
  const { datasetName } = useMetricWords();
  const terms = useTerms();
  const histograms = new Map(seen?.histograms?.map((histogram) => [histogram.name, histogram]));
  return (
    <ScrollingTable label={label} className="numbers" verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{first}</Table.Th>
          <Table.Th>{t('allowed')}</Table.Th>
          <Table.Th>{t('unit')}</Table.Th>
          <Table.Th visibleFrom="md">{t('codes')}</Table.Th>
          {histograms.size > 0 && (
            <Table.Th visibleFrom="sm">{t('seen', { dataset: datasetName(seen!.name) })}</Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.name}>
            <Table.Th scope="row" fw={500} miw={150} maw={320}>
              {terms.inputTitle(row)}
              <Text size="xs" c="dimmed" ff="monospace" fw={400}>
                {row.name}
              </Text>
              {row.description !== undefined && (
                <Text size="xs" c="dimmed" fw={400} visibleFrom="sm">
                  {terms.inputDescription(row)}
                </Text>
              )}
            </Table.Th>
            <Table.Td>
              <Allowed input={row} />
            </Table.Td>
            <Table.Td>{row.unit === undefined ? '–' : terms.unitTitle(row.unit)}</Table.Td>
            <Table.Td visibleFrom="md">
              <Codes input={row} />
            </Table.Td>
            {histograms.size > 0 && (
              <Table.Td visibleFrom="sm" w={150} miw={120}>
                <Occurred title={terms.inputTitle(row)} histogram={histograms.get(row.name)} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

function Allowed({ input }: { readonly input: ModelInput | Signal }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const terms = useTerms();
  const { range } = input;
  if ('values' in input && input.values) {
    const values = input.values.map((allowed) => {
      const title = terms.valueTitle(allowed);
      return String(allowed.value) === title ? title : `${allowed.value} (${title})`;
    });
    const shown = values.slice(0, MOST_VALUES).join(', ');
    return <>{values.length > MOST_VALUES ? `${shown}, …` : shown}</>;
  }
  if ('type' in input && input.type === 'string') return <>{t('anyText')}</>;
  if (!range) return <>{t('anyNumber')}</>;
  return (
    <>
      {t('rangeOf', {
        from: format.number(range.minimum, BOUND_DIGITS),
        to: format.number(range.maximum, BOUND_DIGITS),
      })}
    </>
  );
}

function Codes({ input }: { readonly input: ModelInput | Signal }) {
  const found = 'codes' in input ? (input.codes ?? []) : 'code' in input && input.code ? [input.code] : [];
  if (found.length === 0) return <>–</>;
  return (
    <>
      {found.map(({ system, code, display }) => (
        <Text key={`${system} ${code}`} size="xs" title={display}>
          {SYSTEMS[system] ?? system} {code}
        </Text>
      ))}
    </>
  );
}

/** Names of the terminologies that codes come from, by their URI. */
const SYSTEMS: Readonly<Record<string, string>> = {
  'http://loinc.org': 'LOINC',
  'http://snomed.info/sct': 'SNOMED CT',
  'urn:iso:std:iso:11073:10101': 'ISO/IEEE 11073',
};

function Occurred({ title, histogram }: { readonly title: string; readonly histogram: HistogramData | undefined }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const ends = histogram?.edges ?? histogram?.values;
  if (!histogram || !ends) return <>–</>;
  const [from, to] = [format.number(ends[0]!, BOUND_DIGITS), format.number(ends.at(-1)!, BOUND_DIGITS)];
  return (
    <>
      <Histogram counts={histogram.counts} height={28} label={t('histogram', { input: title, from, to })} />
      <Text size="xs" c="dimmed" aria-hidden>
        {t('rangeOf', { from, to })}
      </Text>
    </>
  );
}
