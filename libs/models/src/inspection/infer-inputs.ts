/** The inputs that a model file declares, column by column. */
import type {
  DescribedInput,
  FeatureStep,
  GoldenFile,
  ManifestInput,
  ManifestSignal,
  ModelDescription,
  ModelManifest,
} from '#inference';
import { DomainError } from '#platform';
import { modelErrors } from '../models.errors.js';

type Declared = Pick<ModelManifest, 'inputs' | 'observations' | 'features'>;

const LONGEST_NAME = 64;
const LONGEST_TITLE = 120;
const MOST_VALUES = 100;

/**
 * A table's columns, named by the file or by the golden rows, else x1, x2, …; a sequence becomes observations of as many
 * signals.
 * @throws MANIFEST_NOT_INFERRED for tensors that no row has
 */
export function inferInputs(description: ModelDescription, golden: GoldenFile | undefined): Declared {
  const names = new UniqueNames();
  const inputs: ManifestInput[] = [];
  const signals: ManifestSignal[] = [];
  const features: Record<string, FeatureStep[]> = {};
  for (const input of description.inputs) {
    const titles = columnTitles(input, description, golden);
    const columns = titles.map((title) => ({ name: names.of(title), title: title.slice(0, LONGEST_TITLE) }));
    const select = { select: columns.map(({ name }) => name) };
    const [samples] = input.shape;
    if (input.shape.length === 2) {
      signals.push(...columns.map((column) => ({ ...column, unit: '1' })));
      features[input.name] = [{ window: { samples: samples as number } }, select];
    } else {
      inputs.push(...columns.map((column, index) => inputOf(column, input, index)));
      features[input.name] = [select];
    }
  }
  return {
    inputs,
    ...(signals.length > 0 && { observations: { signals } }),
    ...featuresOf(features, inputs, signals),
  };
}

/** As few steps as say the same. */
function featuresOf(
  features: Readonly<Record<string, FeatureStep[]>>,
  inputs: readonly ManifestInput[],
  signals: readonly ManifestSignal[],
): Pick<ModelManifest, 'features'> {
  const [only, ...others] = Object.values(features);
  if (only && others.length === 0) return signals.length > 0 ? { features: only.slice(0, 1) } : {};
  const byName =
    signals.length === 0 && Object.keys(features).every((name) => inputs.some((input) => input.name === name));
  return byName && inputs.length === Object.keys(features).length ? {} : { features };
}

function columnTitles(
  { name, type, shape }: DescribedInput,
  { inputs, featureNames }: ModelDescription,
  golden: GoldenFile | undefined,
): readonly string[] {
  const width = shape.at(-1);
  if (shape.length === 0 || shape.length > 2 || (shape.length === 2 && type === 'string'))
    throw open(`input ${name} takes tensors of ${shape.length} axes a row, and a row of inputs is a table's`);
  if (shape.length === 2 && shape[0] === null) throw open(`input ${name} takes sequences of any length`);
  const alone = inputs.length === 1;
  const given = alone ? (golden?.columns ?? featureNames) : undefined;
  const count = width ?? given?.length;
  if (count === undefined) throw open(`input ${name} takes any number of columns`);
  if (given?.length === count) return given;
  // One input a column, as exports of scikit-learn's ColumnTransformer have it.
  if (!alone && count === 1) return [name];
  const prefix = alone ? 'x' : `${name}_`;
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

function inputOf(
  column: Pick<ManifestInput, 'name' | 'title'>,
  { type, texts }: DescribedInput,
  index: number,
): ManifestInput {
  const yesOrNo = [0, 1].map((value) => ({ value, title: value === 1 ? 'Yes' : 'No' }));
  if (type === 'bool') return { ...column, type: 'integer', values: yesOrNo };
  if (type !== 'string') return { ...column, type: type.startsWith('float') ? 'number' : 'integer' };
  const known = texts?.[index] ?? [];
  // More than a manifest may list, or one that alone would be no choice, are left open.
  const listed = known.length >= 2 && known.length <= MOST_VALUES;
  const values = known.map((value) => ({ value, title: value.slice(0, LONGEST_TITLE) || 'empty' }));
  const [first] = known;
  return { ...column, type: 'string', ...(listed ? { values } : first !== undefined && { example: first }) };
}

/** Names as a manifest allows them, each once. */
class UniqueNames {
  private readonly taken = new Set<string>();

  of(title: string): string {
    const plain = title.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/^_+/, '');
    const stem = (/^[A-Za-z]/.test(plain) ? plain : `x${plain}`).slice(0, LONGEST_NAME - 5);
    let name = stem;
    for (let number = 2; this.taken.has(name); number++) name = `${stem}_${number}`;
    this.taken.add(name);
    return name;
  }
}

function open(what: string): DomainError {
  return new DomainError(
    modelErrors.MANIFEST_NOT_INFERRED,
    `The file does not say what goes in: ${what}. Write a manifest.`,
  );
}
