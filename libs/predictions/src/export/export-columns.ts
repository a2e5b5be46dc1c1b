/** What a file of predictions says of each row, column by column. */
import type { ModelManifest, PredictionResult } from '#inference';
import { isoTime } from '#platform';
import type { OutcomeDto } from '../outcomes/outcomes.dto.js';
import type { RecordedRow } from '../record/prediction-record.js';
import type { RecordedPrediction } from '../record/prediction.repository.js';

/** A row of a prediction with what came of it. */
export interface ExportedRow {
  readonly prediction: RecordedPrediction;
  /** Counted from 0. */
  readonly row: number;
  /** Null where it was erased. */
  readonly content: RecordedRow | null;
  readonly result: PredictionResult | null;
  readonly outcome: OutcomeDto | undefined;
}

/** Numbers are written as they are; texts may be anybody's. Null is an empty cell. */
export type Cell = string | number | null;

export interface ExportColumn {
  readonly name: string;
  readonly cell: (row: ExportedRow) => Cell;
}

/** Of predictions of any model. */
const OF_ANY_MODEL: readonly ExportColumn[] = [
  { name: 'id', cell: ({ prediction }) => prediction.id },
  { name: 'row', cell: ({ row }) => row },
  { name: 'createdAt', cell: ({ prediction }) => isoTime(prediction.createdAt.getTime()) },
  { name: 'userId', cell: ({ prediction }) => prediction.userId },
  { name: 'model', cell: ({ prediction }) => prediction.modelName },
  { name: 'version', cell: ({ prediction }) => prediction.version },
  { name: 'subject', cell: ({ content }) => content?.subject ?? null },
  { name: 'label', cell: ({ result }) => (result && 'label' in result ? result.label : null) },
  { name: 'probability', cell: ({ result }) => (result && 'probability' in result ? result.probability : null) },
  { name: 'score', cell: ({ result }) => (result && 'score' in result ? result.score : null) },
  { name: 'value', cell: ({ result }) => (result && 'value' in result ? result.value : null) },
  { name: 'outcomeLabel', cell: ({ outcome }) => outcome?.label ?? null },
  { name: 'outcomeValue', cell: ({ outcome }) => outcome?.value ?? null },
  { name: 'outcomeObservedAt', cell: ({ outcome }) => outcome?.observedAt ?? null },
  { name: 'notice', cell: ({ prediction }) => prediction.notice },
  { name: 'erased', cell: ({ content }) => String(content === null) },
];

/**
 * The columns of a file: those that every prediction has; then, where all are of one model, one per class and one per input that any
 * of its versions knows, in the order of the versions. What a row's version does not know is an empty cell.
 */
export function exportColumns(manifests: readonly ModelManifest[]): ExportColumn[] {
  const columns = new Map<string, ExportColumn>();
  for (const column of [...OF_ANY_MODEL, ...manifests.flatMap(classColumns), ...manifests.flatMap(inputColumns)])
    if (!columns.has(column.name)) columns.set(column.name, column);
  return [...columns.values()];
}

function classColumns({ task, output }: ModelManifest): ExportColumn[] {
  if (task === 'regression') return [];
  const classes = (output.classes ?? []).map(({ name }) => name);
  if (output.kind === 'decision') {
    return classes.map((name) => ({
      name: `score.${name}`,
      cell: ({ result }) => (result && 'scores' in result ? ownOf(result.scores, name) : null),
    }));
  }
  return classes.map((name) => ({
    name: `probability.${name}`,
    cell: ({ result }) => (result && 'probabilities' in result ? ownOf(result.probabilities, name) : null),
  }));
}

/** A series of observations is no cell. */
function inputColumns({ inputs, observations }: ModelManifest): ExportColumn[] {
  if (observations) return [];
  return inputs.map(({ name }) => ({
    name: `input.${name}`,
    cell: ({ content }) => (content ? inputCell(ownOf(content.input, name)) : null),
  }));
}

function inputCell(value: unknown): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** What is recorded was JSON: a name such as `constructor` is no property of it. */
function ownOf<Value>(object: Readonly<Record<string, Value>>, name: string): Value | null {
  return Object.hasOwn(object, name) ? object[name]! : null;
}
