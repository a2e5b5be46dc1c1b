/** A model card in Markdown from what the manifest declares, for versions that come without one of their own. */
import type { ManifestInput, ManifestObservations, ManifestSignal, ModelManifest } from '#inference';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

function allowed({ type, range, values }: Partial<Pick<ManifestInput, 'type' | 'range' | 'values'>>): string {
  if (values) return values.map(({ value, title }) => (value === title ? title : `${value} (${title})`)).join(', ');
  if (type === 'string') return 'any text';
  return range ? `${range.minimum} to ${range.maximum}` : 'any number';
}

function metricRows({ metrics = [] }: ModelManifest): { datasets: string[]; rows: string[][] } {
  const datasets = [...new Set(metrics.map(({ dataset }) => dataset))];
  const names = [...new Set(metrics.map(({ name }) => name))];
  const valueOf = (name: string, dataset: string): string =>
    String(metrics.find((metric) => metric.name === name && metric.dataset === dataset)?.value ?? '–');
  return { datasets, rows: names.map((name) => [name, ...datasets.map((dataset) => valueOf(name, dataset))]) };
}

function observationsSection({ description, signals }: ManifestObservations): string[] {
  const codesOf = ({ codes = [] }: ManifestSignal): string =>
    codes.map(({ system, code }) => `${code} (${system})`).join(', ');
  return [
    '## Observations',
    '',
    ...(description === undefined ? [] : [description, '']),
    ...table(
      ['Signal', 'Title', 'Unit', 'Allowed', 'Codes'],
      signals.map((signal) => [signal.name, signal.title, signal.unit, allowed(signal), codesOf(signal)]),
    ),
  ];
}

/** Title, notice, inputs, answers, metrics and provenance, as tables. */
export function cardFromManifest(manifest: ModelManifest): string {
  const { inputs, observations, output, provenance } = manifest;
  const metrics = metricRows(manifest);
  const known = Object.entries(provenance ?? {}).map(([name, value]) => [name, String(value)]);
  return [
    `# ${manifest.title} ${manifest.version}`,
    '',
    ...(manifest.notice === undefined ? [] : [`**${manifest.notice}**`, '']),
    ...(manifest.description === undefined ? [] : [manifest.description, '']),
    ...(inputs.length === 0
      ? []
      : [
          '## Inputs',
          '',
          ...table(
            ['Name', 'Title', 'Unit', 'Allowed'],
            inputs.map((input) => [input.name, input.title, input.unit ?? '', allowed(input)]),
          ),
        ]),
    ...(observations ? observationsSection(observations) : []),
    '## Answer',
    '',
    ...(output.classes
      ? table(
          ['Class', 'Title'],
          output.classes.map(({ name, title }) => [name, title]),
        )
      : [`A number${output.unit === undefined ? '' : ` in ${output.unit}`}.`, '']),
    ...(metrics.rows.length > 0 ? ['## Metrics', '', ...table(['Metric', ...metrics.datasets], metrics.rows)] : []),
    ...(known.length > 0 ? ['## Provenance', '', ...table(['', ''], known)] : []),
  ].join('\n');
}
