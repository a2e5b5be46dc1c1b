/** A version's feature pipeline as it is told: what each step does, with its numbers. */
import type { Schemas } from '../api/latido';

type Step = Schemas['FeatureStepDto'];
export type Window = Schemas['WindowDto'];

interface Columns<T> {
  readonly columns: Readonly<Record<string, T>>;
}

export interface MinMax {
  readonly minimum: number;
  readonly maximum: number;
}
export interface Moments {
  readonly mean: number;
  readonly deviation: number;
}
export interface Imputed {
  readonly constant?: number | string;
  readonly median?: number;
}

/** The API describes the numbers of a step no further than as an object; their form is docs/schemas/manifest.schema.json. */
export type FeatureStep =
  | { readonly kind: 'window'; readonly window: Window }
  | { readonly kind: 'select'; readonly columns: readonly string[] }
  | { readonly kind: 'minMax'; readonly columns: readonly (readonly [string, MinMax])[] }
  | { readonly kind: 'standardize'; readonly columns: readonly (readonly [string, Moments])[] }
  /** Undefined: all columns. */
  | { readonly kind: 'standardizeWindow'; readonly columns: readonly string[] | undefined }
  | { readonly kind: 'oneHot'; readonly column: string; readonly values: readonly (string | number)[] }
  | { readonly kind: 'impute'; readonly columns: readonly (readonly [string, Imputed])[] };

function entries<T>(step: object): [string, T][] {
  return Object.entries((step as Columns<T>).columns);
}

export function stepOf(step: Step): FeatureStep {
  if (step.window) return { kind: 'window', window: step.window };
  if (step.select) return { kind: 'select', columns: step.select };
  if (step.minMax) return { kind: 'minMax', columns: entries<MinMax>(step.minMax) };
  if (step.standardize) return { kind: 'standardize', columns: entries<Moments>(step.standardize) };
  if (step.standardizeWindow) {
    const { columns } = step.standardizeWindow as { columns?: string[] };
    return { kind: 'standardizeWindow', columns };
  }
  if (step.oneHot) return { kind: 'oneHot', ...(step.oneHot as { column: string; values: (string | number)[] }) };
  return { kind: 'impute', columns: entries<Imputed>(step.impute ?? { columns: {} }) };
}

export interface Pipeline {
  /** Null: the model has one input. */
  readonly input: string | null;
  readonly steps: readonly FeatureStep[];
}

/** One pipeline, or one for each input of the model; empty where values go to it as they come. */
export function pipelinesOf(features: Schemas['ModelVersionDto']['features']): Pipeline[] {
  if (Array.isArray(features)) return features.length === 0 ? [] : [{ input: null, steps: features.map(stepOf) }];
  return Object.entries(features).map(([input, steps]) => ({ input, steps: steps.map(stepOf) }));
}
