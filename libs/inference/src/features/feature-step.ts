/** A step of the feature pipeline: compiled once from its declaration, then applied to every batch. */

/** Where a column's values come from: what has to be named when one is missing. */
export interface FeatureSource {
  readonly kind: 'input' | 'signal';
  readonly name: string;
}

export interface FeatureColumn {
  readonly name: string;
  readonly source: FeatureSource;
  /** Whether a missing value has been replaced on the way. */
  readonly imputed: boolean;
  /** The only values there can be, while that is known; those of a column of texts are their positions in `texts`. */
  readonly values?: readonly number[];
  /** Whether its values are positions of texts. */
  readonly isText?: boolean;
  /** Whether it was scaled by the other values of its window, which a missing one spoils. */
  readonly scaledByWindow?: boolean;
}

/** Columns of a batch, in order. */
export interface FeatureLayout {
  readonly columns: readonly FeatureColumn[];
  /** Timesteps of each row's window; absent: a row is one line. */
  readonly samples?: number;
  /** The texts that the manifest declares, wherever it does: their positions are the values of columns of text. */
  readonly texts?: readonly string[];
}

/**
 * Values of a batch in double precision until the model takes them, `[lines, columns]`, row-major: a line is a row of a
 * table, or a timestep of a row's window. A missing value is NaN.
 */
export interface FeatureFrame {
  readonly lines: number;
  readonly values: Float64Array;
}

export interface CompiledStep {
  /** The columns that the step leaves. */
  readonly layout: FeatureLayout;
  /** Leaves its argument as it is. */
  readonly apply: (frame: FeatureFrame) => FeatureFrame;
}

/** Takes what is wrong with a step: a JSON Pointer below the step's declaration, and why. */
export type StepFault = (pointer: string, detail: string) => void;

/** Makes a step for the columns that the step before leaves. What is at fault is told, not thrown. */
export type CompileStep<Declaration> = (
  declaration: Declaration,
  incoming: FeatureLayout,
  fault: StepFault,
) => CompiledStep;

/** Positions of columns by name; -1, with a fault at `pointerOf(name, index)`, for a name that is not there. */
export function positionsOf(
  names: readonly string[],
  { columns }: FeatureLayout,
  pointerOf: (name: string, index: number) => string,
  fault: StepFault,
): number[] {
  return names.map((name, index) => {
    const position = columns.findIndex((column) => column.name === name);
    if (position === -1) fault(pointerOf(name, index), `names no column: ${name}`);
    return position;
  });
}

/** As `positionsOf`, of columns to be computed with. */
export function numericPositionsOf(
  names: readonly string[],
  layout: FeatureLayout,
  pointerOf: (name: string, index: number) => string,
  fault: StepFault,
): number[] {
  const positions = positionsOf(names, layout, pointerOf, fault);
  positions.forEach((position, index) => {
    const name = names[index] as string;
    if (layout.columns[position]?.isText) fault(pointerOf(name, index), `is a column of texts: ${name}`);
  });
  return positions;
}

/** A step that replaces each value of some columns by itself; `undefined` leaves a column as it is. */
export function columnwise(
  layout: FeatureLayout,
  functions: readonly (((value: number) => number) | undefined)[],
): CompiledStep {
  const width = layout.columns.length;
  return {
    layout,
    apply({ lines, values }) {
      const changed = values.slice();
      for (const [column, change] of functions.entries()) {
        if (!change) continue;
        for (let index = column; index < changed.length; index += width)
          changed[index] = change(changed[index] as number);
      }
      return { lines, values: changed };
    },
  };
}

/** The layout with some of its columns changed. */
export function withColumns(
  layout: FeatureLayout,
  positions: readonly number[],
  change: (column: FeatureColumn, index: number) => FeatureColumn,
): FeatureLayout {
  const columns = layout.columns.map((column, position) => {
    const index = positions.indexOf(position);
    return index === -1 ? column : change(column, index);
  });
  return { ...layout, columns };
}
