/** The older service's answer: its own names for the states, whatever a version calls its classes. */
import type { ModelManifest, PredictionResult } from '#inference';
import { DomainError } from '#platform';
import { legacyErrors } from '../shared/legacy.errors.js';

/** By the class in small letters: its name among the `inferences`, and as a `State`. */
const STATES = {
  arresto_cardiaco: { inference: 'Arresto_Cardiaco', state: 'Arresto_cardiaco' },
  bajo_gasto_cardiaco: { inference: 'Bajo_Gasto_Cardiaco', state: 'Bajo_gasto_cardiaco' },
  sano: { inference: 'Sano', state: 'Sano' },
  shock_cardiogenico: { inference: 'Shock_Cardiogenico', state: 'Shock_cardiogenico' },
} as const;

type StateClass = keyof typeof STATES;

export interface ShockAnswer {
  readonly idAtencion: number;
  /** Probabilities. */
  readonly inferences: Readonly<Record<(typeof STATES)[StateClass]['inference'], number>>;
  readonly State: (typeof STATES)[StateClass]['state'];
}

/** @throws LEGACY_MODEL_UNFIT for a version that does not tell these four states from observations */
export function requireFit({ model, manifest }: { readonly model: string; readonly manifest: ModelManifest }): void {
  const classes = new Set(manifest.output.classes?.map(({ name }) => name.toLowerCase()));
  const states = Object.keys(STATES);
  const fits =
    manifest.observations !== undefined &&
    manifest.inputs.length === 0 &&
    manifest.output.kind !== 'decision' &&
    classes.size === states.length &&
    states.every((state) => classes.has(state));
  if (fits) return;
  throw new DomainError(
    legacyErrors.LEGACY_MODEL_UNFIT,
    `The active version of ${model} does not tell ${states.join(', ')} from observations alone.`,
  );
}

/** @param result of a version that `requireFit` lets pass */
export function shockAnswer(idAtencion: number, result: PredictionResult): ShockAnswer {
  if (!('probabilities' in result)) throw new Error('a classifier answered no probabilities');
  const probabilities = new Map(
    Object.entries(result.probabilities).map(([name, probability]) => [name.toLowerCase(), probability]),
  );
  return {
    idAtencion,
    inferences: Object.fromEntries(
      Object.entries(STATES).map(([name, { inference }]) => [inference, probabilities.get(name)]),
    ) as ShockAnswer['inferences'],
    State: STATES[result.label.toLowerCase() as StateClass].state,
  };
}
