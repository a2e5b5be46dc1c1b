/** From the values of rows to the tensors that the model takes, as the manifest declares; compiled once per version. */
import { DomainError, invalidRequest, pointerToken, type FieldError } from '#platform';
import { inferenceErrors } from '../inference.errors.js';
import type { FeatureDeclaration, FeatureStep, InputRow, Observation } from '../manifest.js';
import type { TensorBatch } from '../tensor-batch.js';
import { FaultList, type FaultSink } from './fault-sink.js';
import { compileBranch, type FeatureBranch } from './feature-branch.js';
import type { StepFault } from './feature-step.js';
import type { TensorRow } from './tensor-row.js';
import { DEFAULT_MAX_OBSERVATIONS } from './observation-reader.js';
import { compileWindowing, type Windowing } from './windowing.js';
import { sameRules } from './window-rules.js';

const NO_WINDOWS: readonly never[] = [];

/** What the pipeline makes for one input of the model. */
export interface FeatureInput {
  /** Absent where the manifest has one list of steps, for a model of one input. */
  readonly name?: string;
  /** Of one row: `[columns]` or `[samples, columns]`. */
  readonly shape: readonly number[];
  readonly columns: readonly string[];
  /** Whether the columns are texts. */
  readonly isText?: boolean;
}

/** A row whose observations have been checked and made into windows, so that it is done once. */
export class WindowedRow {
  constructor(
    readonly values: InputRow,
    /** `[samples, signals]` for each window that the pipeline declares. */
    readonly windows: readonly Float64Array[],
  ) {}
}

/** A valid row that goes through the pipeline: as it came, or with its windows made. */
export type PipelineRow = InputRow | WindowedRow;

/** A valid row, or one as the engine takes it, which goes past the pipeline. */
export type FeatureRow = PipelineRow | TensorRow;

export interface FeaturePipeline {
  /** In the model's order. */
  readonly inputs: readonly FeatureInput[];
  /**
   * The row as `build` takes it, or undefined where faults were added, all of them at once. Looks at observations
   * only: the values of inputs must be valid. Rows without observations come back as they are.
   */
  read(row: InputRow, pointer: string, faults: FaultSink): PipelineRow | undefined;
  /** Float32. Rows must be valid. @throws INVALID_REQUEST for observations that `read` has not seen and refuses */
  build(rows: readonly PipelineRow[]): TensorBatch;
}

/**
 * Without steps all inputs are taken in their order; a model of several inputs that have the names of the manifest's, as those
 * of a table's columns have, takes each by its name.
 * @param modelInputs names of the model's inputs in their order, where `features` names them; else in its own order
 * @throws MODEL_DOES_NOT_FIT for steps that do not fit together
 */
export function compileFeatures(declaration: FeatureDeclaration, modelInputs?: readonly string[]): FeaturePipeline {
  const { branches, faults } = compileBranches(withNamedInputs(declaration, modelInputs));
  const [first] = faults;
  if (first)
    throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, `${first.pointer} ${first.detail}.`, { errors: [first] });
  const ordered = inOrder(branches, modelInputs);
  const inputs = ordered.map(({ name, layout: { columns, samples } }): FeatureInput => ({
    ...(name !== undefined && { name }),
    shape: samples === undefined ? [columns.length] : [samples, columns.length],
    columns: columns.map((column) => column.name),
    ...(columns.some(({ isText }) => isText) && { isText: true }),
  }));
  const mixed = inputs.findIndex((_, index) => isMixed(ordered[index] as FeatureBranch));
  if (mixed !== -1) throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, `features ${MIXED}.`);
  const windowing = compileWindowing(declaration, ordered);
  return windowing ? withWindows(inputs, ordered, windowing) : ofTables(inputs, ordered);
}

function withNamedInputs(declaration: FeatureDeclaration, modelInputs: readonly string[] = []): FeatureDeclaration {
  const { features, observations, inputs } = declaration;
  const isColumns = modelInputs.every((name) => inputs.some((input) => input.name === name));
  if (features || observations || modelInputs.length < 2 || !isColumns) return declaration;
  return { ...declaration, features: Object.fromEntries(modelInputs.map((name) => [name, [{ select: [name] }]])) };
}

const MIXED = 'leaves texts and numbers for one input of the model: encode the texts with oneHot, or select';

function isMixed({ layout: { columns } }: FeatureBranch): boolean {
  return columns.some(({ isText }) => isText) && !columns.every(({ isText }) => isText);
}

/** What is at fault in a manifest's `features`: pointers into the manifest. */
export function featureFaults(declaration: FeatureDeclaration): readonly FieldError[] {
  return compileBranches(declaration).faults;
}

/** Names of the inputs that a row may leave out, or give as null: those that are imputed wherever they go. */
export function optionalInputs(declaration: FeatureDeclaration): ReadonlySet<string> {
  const columns = compileBranches(declaration).branches.flatMap(({ layout }) => layout.columns);
  const reaching = columns.filter(({ source }) => source.kind === 'input');
  const needed = new Set(reaching.filter(({ imputed }) => !imputed).map(({ source }) => source.name));
  return new Set(reaching.map(({ source }) => source.name).filter((name) => !needed.has(name)));
}

function compileBranches(declaration: FeatureDeclaration): { branches: FeatureBranch[]; faults: FieldError[] } {
  const faults: FieldError[] = [];
  const fault: StepFault = (pointer, detail) => faults.push({ pointer, detail });
  const { features = [], observations } = declaration;
  const lists = isList(features)
    ? [{ steps: features, pointer: '/features' }]
    : Object.entries(features).map(([name, steps]) => ({ name, steps, pointer: `/features/${pointerToken(name)}` }));
  const branches = lists.map(({ pointer, ...list }) => compileBranch(declaration, list, pointer, fault));
  // Without steps the model's own inputs may tell which column goes where.
  if (declaration.features)
    branches.forEach((branch, index) => {
      if (isMixed(branch)) fault(lists[index]?.pointer ?? '/features', MIXED);
    });
  const [window, ...others] = branches.flatMap((branch) => branch.window ?? []);
  if (observations && !window) fault('/features', 'must have a window: observations are declared');
  if (window && others.some((other) => !sameRules(window, other)))
    fault('/features', 'has windows that differ in more than their samples');
  if (observations && window) addMaximumFault(observations, branches, fault);
  return { branches, faults };
}

/** Every signal at every sample is what a client has; a bound below it would refuse the usual request. */
function addMaximumFault(
  { signals, maximum = DEFAULT_MAX_OBSERVATIONS }: NonNullable<FeatureDeclaration['observations']>,
  branches: readonly FeatureBranch[],
  fault: StepFault,
): void {
  const samples = Math.max(...branches.map(({ window }) => window?.samples ?? 0));
  if (samples * signals.length > maximum)
    fault('/observations/maximum', `must be at least ${samples * signals.length}: every signal at every sample`);
}

function isList(features: NonNullable<FeatureDeclaration['features']>): features is readonly FeatureStep[] {
  return Array.isArray(features);
}

/** The branches in the order of the model's inputs. */
function inOrder(branches: readonly FeatureBranch[], modelInputs: readonly string[] | undefined): FeatureBranch[] {
  if (!modelInputs || branches.every(({ name }) => name === undefined)) return [...branches];
  const ordered = modelInputs.flatMap((input) => branches.find(({ name }) => name === input) ?? []);
  if (ordered.length === modelInputs.length && ordered.length === branches.length) return ordered;
  const named = branches.map(({ name }) => name).join(', ');
  const message = `The model takes ${modelInputs.join(', ')}; features has steps to ${named}.`;
  throw new DomainError(inferenceErrors.MODEL_DOES_NOT_FIT, message);
}

function ofTables(inputs: readonly FeatureInput[], branches: readonly FeatureBranch[]): FeaturePipeline {
  return {
    inputs,
    read: (row) => row,
    build: (rows) => tensorsOf(inputs, branches, rows as readonly InputRow[], NO_WINDOWS),
  };
}

function withWindows(
  inputs: readonly FeatureInput[],
  branches: readonly FeatureBranch[],
  { read: readWindows, windowOf }: Windowing,
): FeaturePipeline {
  const read = (row: InputRow, pointer: string, faults: FaultSink): WindowedRow | undefined => {
    const windows = readWindows(
      row.observations as readonly Observation[] | undefined,
      `${pointer}/observations`,
      faults,
    );
    return windows && new WindowedRow(row, windows);
  };
  const windowed = (row: PipelineRow, index: number): WindowedRow => {
    if (row instanceof WindowedRow) return row;
    const faults = new FaultList();
    const made = read(row, `/inputs/${index}`, faults);
    if (!made) throw invalidRequest(faults.list);
    return made;
  };
  return {
    inputs,
    read,
    build(rows) {
      const all = rows.map(windowed);
      const values = all.map((row) => row.values);
      const windows = branches.map((branch) => all.map((row) => row.windows[windowOf(branch)] as Float64Array));
      return tensorsOf(inputs, branches, values, windows);
    },
  };
}

function tensorsOf(
  inputs: readonly FeatureInput[],
  branches: readonly FeatureBranch[],
  rows: readonly InputRow[],
  windows: readonly (readonly Float64Array[])[],
): TensorBatch {
  const tensors = branches.map((branch, index) => ({
    shape: (inputs[index] as FeatureInput).shape,
    ...branch.build(rows, windows[index] ?? NO_WINDOWS),
  }));
  return { rows: rows.length, tensors };
}
