/** The steps to one input of the model, compiled. */
import type { FeatureDeclaration, FeatureStep, InputRow, WindowStep } from '../manifest.js';
import { compileImpute } from './impute.js';
import { compileMinMax } from './min-max.js';
import { compileOneHot } from './one-hot.js';
import { compileSelect } from './select.js';
import { compileStandardize } from './standardize.js';
import { compileStandardizeWindow } from './standardize-window.js';
import type { CompiledStep, FeatureColumn, FeatureFrame, FeatureLayout, StepFault } from './feature-step.js';
import { BatchTexts, declaredTexts } from './texts.js';
import { addContradictions } from './window-rules.js';

/** Values of a branch for all rows, `[rows, columns]` or `[rows, samples, columns]`. */
export interface BranchValues {
  readonly values: Float32Array;
  /** What the values are positions in, where the branch leaves columns of text. */
  readonly texts?: readonly string[];
}

export interface FeatureBranch {
  /** Name of the model's input; absent where it has one only. */
  readonly name?: string;
  readonly window?: WindowStep;
  /** What the branch leaves. */
  readonly layout: FeatureLayout;
  /** @param windows each row's `[samples, signals]`; not looked at without a window */
  readonly build: (rows: readonly InputRow[], windows: readonly Float64Array[]) => BranchValues;
}

/** Compiles steps one after the other; each sees what the one before leaves. @param pointer of the list of steps */
export function compileBranch(
  declaration: FeatureDeclaration,
  { name, steps }: { readonly name?: string; readonly steps: readonly FeatureStep[] },
  pointer: string,
  fault: StepFault,
): FeatureBranch {
  const [first] = steps;
  const window = first && 'window' in first ? first.window : undefined;
  if (window && !declaration.observations) fault(`${pointer}/0/window`, 'needs observations');
  if (window) addContradictions(window, (below, detail) => fault(`${pointer}/0/window${below}`, detail));
  const start = startLayout(declaration, window);
  const others = window ? steps.slice(1) : steps;

  // A leading selection only decides which values are read; most pipelines are nothing else and need no step at run
  // time.
  const selects = others[0] && 'select' in others[0];
  const compiled: CompiledStep[] = [];
  others.forEach((step, index) => {
    const at = `${pointer}/${window ? index + 1 : index}`;
    compiled.push(compileStep(step, compiled.at(-1)?.layout ?? start, (below, detail) => fault(at + below, detail)));
  });
  const read = (selects && compiled[0]?.layout) || start;
  const applied = selects ? compiled.slice(1) : compiled;
  const layout = compiled.at(-1)?.layout ?? start;
  const reader = window ? windowReader(declaration, read) : tableReader(read);
  const positions = new Map((start.texts ?? []).map((text, position) => [text, position]));
  const leavesText = layout.columns.some(({ isText }) => isText);
  return {
    ...(name !== undefined && { name }),
    ...(window && { window }),
    layout,
    build(rows, windows) {
      const texts = new BatchTexts(positions, leavesText);
      const size = rows.length * (window?.samples ?? 1) * read.columns.length;
      if (applied.length === 0) return withTexts(reader(rows, windows, new Float32Array(size), texts), texts);
      let frame: FeatureFrame = {
        lines: rows.length * (window?.samples ?? 1),
        values: reader(rows, windows, new Float64Array(size), texts),
      };
      for (const { apply } of applied) frame = apply(frame);
      return withTexts(new Float32Array(frame.values), texts);
    },
  };
}

function withTexts(values: Float32Array, { list }: BatchTexts): BranchValues {
  return list ? { values, texts: list } : { values };
}

function compileStep(step: FeatureStep, incoming: FeatureLayout, fault: StepFault): CompiledStep {
  const below =
    (name: string): StepFault =>
    (pointer, detail) =>
      fault(`/${name}${pointer}`, detail);
  if ('select' in step) return compileSelect(step.select, incoming, below('select'));
  if ('minMax' in step) return compileMinMax(step.minMax, incoming, below('minMax'));
  if ('standardize' in step) return compileStandardize(step.standardize, incoming, below('standardize'));
  if ('standardizeWindow' in step)
    return compileStandardizeWindow(step.standardizeWindow, incoming, below('standardizeWindow'));
  if ('oneHot' in step) return compileOneHot(step.oneHot, incoming, below('oneHot'));
  if ('impute' in step) return compileImpute(step.impute, incoming, below('impute'));
  if ('window' in step) fault('/window', 'must be the first step');
  else fault('', `is an unknown step: ${Object.keys(step).join(', ')}`);
  return { layout: incoming, apply: (frame) => frame };
}

/** The inputs; with a window the signals, then the inputs, which are repeated at each of its timesteps. */
function startLayout(declaration: FeatureDeclaration, window: WindowStep | undefined): FeatureLayout {
  const { inputs, observations } = declaration;
  const texts = declaredTexts(declaration);
  const ofInputs = inputs.map(({ name, type, values }): FeatureColumn => ({
    name,
    source: { kind: 'input', name },
    imputed: false,
    ...(type === 'string' && { isText: true }),
    ...(values && {
      values: values.map(({ value }) => (typeof value === 'string' ? texts.indexOf(value) : value)),
    }),
  }));
  if (!window) return { columns: ofInputs, texts };
  const ofSignals = (observations?.signals ?? []).map(({ name }): FeatureColumn => ({
    name,
    source: { kind: 'signal', name },
    imputed: false,
  }));
  return { columns: [...ofSignals, ...ofInputs], samples: window.samples, texts };
}

type Reader = <T extends Float32Array | Float64Array>(
  rows: readonly InputRow[],
  windows: readonly Float64Array[],
  target: T,
  texts: BatchTexts,
) => T;

/** A value that is not there is NaN. */
function valueOf(row: InputRow, name: string, texts: BatchTexts): number {
  const value = row[name];
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? texts.positionOf(value) : NaN;
}

function tableReader({ columns }: FeatureLayout): Reader {
  const names = columns.map(({ name }) => name);
  return (rows, _, target, texts) => {
    let index = 0;
    for (const row of rows) {
      for (const name of names) target[index++] = valueOf(row, name, texts);
    }
    return target;
  };
}

function windowReader({ observations }: FeatureDeclaration, { columns, samples = 0 }: FeatureLayout): Reader {
  const signals = (observations?.signals ?? []).map(({ name }) => name);
  const read = columns.map(({ source: { kind, name } }) => ({
    name,
    signal: kind === 'signal' ? signals.indexOf(name) : -1,
  }));
  return (rows, windows, target, texts) => {
    let index = 0;
    rows.forEach((row, number) => {
      const window = windows[number] as Float64Array;
      for (let line = 0; line < samples; line++) {
        for (const { name, signal } of read)
          target[index++] =
            signal === -1 ? valueOf(row, name, texts) : (window[line * signals.length + signal] as number);
      }
    });
    return target;
  };
}
