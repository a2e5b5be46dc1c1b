/**
 * Texts in a pipeline of numbers: a text is its position in a list, which goes to the model beside the values. What the
 * manifest declares has the same position in every batch, so that steps can be compiled for it; other texts follow.
 */
import type { FeatureDeclaration, FeatureStep } from '../manifest.js';

/** The texts that the manifest names anywhere: values of inputs, and what is imputed. */
export function declaredTexts({ inputs, features = [] }: FeatureDeclaration): string[] {
  const values = inputs.flatMap((input) => (input.values ?? []).map(({ value }) => value));
  const lists: readonly (readonly FeatureStep[])[] = Array.isArray(features) ? [features] : Object.values(features);
  const imputed = lists
    .flat()
    .flatMap((step) => ('impute' in step ? Object.values(step.impute.columns) : []))
    .map((by) => ('constant' in by ? by.constant : by.median));
  return [...new Set([...values, ...imputed].filter((value) => typeof value === 'string'))];
}

/** The texts of one batch: those declared, then those that came. */
export class BatchTexts {
  private positions: Map<string, number> | undefined;

  /** @param declared each text's position, of the manifest's; never changed */
  constructor(
    private readonly declared: ReadonlyMap<string, number>,
    private readonly isUsed: boolean,
  ) {}

  positionOf(text: string): number {
    const known = (this.positions ?? this.declared).get(text);
    if (known !== undefined) return known;
    this.positions ??= new Map(this.declared);
    const position = this.positions.size;
    this.positions.set(text, position);
    return position;
  }

  /** In the order of their positions; undefined for a pipeline without texts. */
  get list(): readonly string[] | undefined {
    return this.isUsed ? [...(this.positions ?? this.declared).keys()] : undefined;
  }
}
