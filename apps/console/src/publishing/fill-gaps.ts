/** A draft of a manifest by the file, and where the file says nothing, by the version of the model that is live. */
import type { ModelVersion } from '../api/models';
import type { Schemas } from '../api/latido';

export type Inspection = Schemas['InspectionDto'];
type Input = Schemas['ModelInputDto'];
type Signal = Schemas['SignalDto'];

/** What of a manifest the console knows by name. */
export interface Manifest {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description?: string;
  readonly inferred?: boolean;
  readonly task: ModelVersion['task'];
  readonly notice?: string;
  readonly artifact: { readonly file: string; readonly format: Inspection['format'] };
  readonly inputs?: readonly Input[];
  readonly observations?: Partial<Schemas['ObservationsDto']> & { readonly signals: readonly Signal[] };
  readonly features?: ModelVersion['features'];
  readonly output: Schemas['ModelOutputDto'];
  readonly provenance?: Schemas['ProvenanceDto'];
}

export interface FilledDraft {
  readonly manifest: Manifest;
  /** What the live version had to say, in the order of the manifest. */
  readonly taken: readonly ('words' | 'inputs' | 'classes')[];
}

interface Sources {
  readonly inspection: Pick<Inspection, 'manifest' | 'classes' | 'format' | 'writtenBy'>;
  readonly fileName: string;
  readonly name: string;
  readonly version: string;
  /** The model's live version; undefined: none. */
  readonly live?: ModelVersion;
}

/** As the server names columns of which the file says nothing. */
const UNNAMED = /^x\d+$/;

export function fillGaps({ inspection, fileName, name, version, live }: Sources): FilledDraft {
  const drafted = (inspection.manifest ?? undefined) as Manifest | undefined;
  const own: Manifest = {
    ...(drafted ?? skeleton(inspection, fileName)),
    name,
    version,
    ...(drafted && drafted.name !== name ? { title: titleOf(name) } : {}),
  };
  if (!live) return { manifest: own, taken: [] };
  const columns = filledColumns(drafted, live);
  const output = filledOutput(drafted, inspection.classes, live);
  const { title, description, notice } = live;
  // Not `inferred`: somebody wrote what is taken over.
  const { schemaVersion, artifact, provenance } = own;
  const manifest: Manifest = {
    schemaVersion,
    name,
    version,
    title,
    ...(description === null ? {} : { description }),
    task: output.task,
    ...(notice === null ? {} : { notice }),
    artifact,
    ...columns.declared,
    output: output.output,
    ...(provenance === undefined ? {} : { provenance }),
  };
  const taken = [
    'words' as const,
    ...(columns.isTaken ? ['inputs' as const] : []),
    ...(output.isTaken ? ['classes' as const] : []),
  ];
  return { manifest, taken };
}

type Columns = Pick<Manifest, 'inputs' | 'observations' | 'features'>;

function filledColumns(drafted: Manifest | undefined, live: ModelVersion): { declared: Columns; isTaken: boolean } {
  const inputs = drafted?.inputs ?? [];
  const signals = drafted?.observations?.signals ?? [];
  const names = [...inputs, ...signals].map((column) => column.name);
  const known = new Map([...live.inputs, ...(live.observations?.signals ?? [])].map((column) => [column.name, column]));
  const isSame = names.length === known.size && names.every((name) => known.has(name));
  if (isSame || names.every((name) => UNNAMED.test(name))) return { declared: columnsOf(live), isTaken: true };
  const described = <T extends Input | Signal>(column: T): T => {
    const before = known.get(column.name);
    const isText = (one: Input | Signal): boolean => 'type' in one && one.type === 'string';
    return before && isText(before) === isText(column) && 'type' in before === 'type' in column
      ? inOrder(before as T)
      : column;
  };
  const declared: Columns = {
    inputs: inputs.map(described),
    ...(drafted?.observations ? { observations: { ...drafted.observations, signals: signals.map(described) } } : {}),
    ...(drafted?.features ? { features: drafted.features } : {}),
  };
  return { declared, isTaken: names.some((name) => known.has(name)) };
}

function columnsOf({ inputs, observations, features }: ModelVersion): Columns {
  const isPlain = Array.isArray(features) && features.length === 0;
  return {
    inputs: inputs.map(inOrder),
    ...(observations ? { observations: { ...observations, signals: observations.signals.map(inOrder) } } : {}),
    ...(isPlain ? {} : { features }),
  };
}

/** As one writes it: the database answers names in an order of its own. */
const ORDER = ['name', 'title', 'description', 'type', 'unit', 'ucum', 'range', 'values', 'code', 'codes', 'example'];

function inOrder<T extends Input | Signal>(column: T): T {
  const { range } = column;
  const entries = Object.entries(column).sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const bounds = range && { range: { minimum: range.minimum, maximum: range.maximum } };
  const values = 'values' in column && column.values?.map(({ value, title }) => ({ value, title }));
  return { ...(Object.fromEntries(entries) as unknown as T), ...bounds, ...(values ? { values } : {}) };
}

function filledOutput(
  drafted: Manifest | undefined,
  namedByFile: readonly string[] | null,
  live: ModelVersion,
): Pick<Manifest, 'task' | 'output'> & { isTaken: boolean } {
  const before = live.output.classes ?? [];
  const classes = drafted?.output.classes ?? [];
  const isSame = namedByFile
    ? namedByFile.join('\0') === before.map(({ name }) => name).join('\0')
    : classes.length === before.length;
  if (!drafted || isSame) {
    const score = drafted?.output.score;
    return { task: live.task, output: { ...live.output, ...(score === undefined ? {} : { score }) }, isTaken: true };
  }
  const titles = new Map(before.map(({ name, title }) => [name, title]));
  const titled = classes.map(({ name, title }) => ({ name, title: titles.get(name) ?? title }));
  return {
    task: drafted.task,
    output: { ...drafted.output, ...(classes.length > 0 ? { classes: titled } : {}) },
    isTaken: classes.some(({ name }) => titles.has(name)),
  };
}

/** Of a file that leaves open what goes in or comes out: the rest is its author's to write. */
function skeleton({ format, writtenBy }: Sources['inspection'], fileName: string): Manifest {
  return {
    schemaVersion: 1,
    name: 'model',
    version: '1.0.0',
    title: '',
    task: 'binary-classification',
    artifact: { file: plainFileName(fileName), format },
    inputs: [],
    output: {},
    provenance: { framework: writtenBy },
  };
}

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** As the manifest's schema takes it. */
function plainFileName(given: string): string {
  const name = given.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'model' : name.slice(-100).replace(/^[^A-Za-z0-9]+/, '');
}
