/** What a layer expects of a file's weights, and where each of them stands. */

/** A layer as its weights are looked up. */
export interface WeightOwner {
  readonly name: string;
  readonly className: string;
  /** The how-manieth layer it is in its model, from 0: `.h5` files list the weights of a nested model in this order. */
  readonly position: number;
  /** The how-manieth layer of its class it is in its model, from 0: `.keras` archives number layers per class. */
  readonly indexInClass: number;
  /** How many layers of its class its model has. */
  readonly layersOfClass: number;
}

/**
 * One step from a layer towards a weight in a `.keras` archive: an attribute (`cell`, or several spellings of which one is
 * there) or a layer of a nested model.
 */
export type PathStep = string | readonly string[] | WeightOwner;

export interface WeightSpec {
  /** Keras' own name: `kernel`, `bias`, `gamma`, … */
  readonly name: string;
  readonly shape: readonly number[];
  /** Where the weight stands below its layer; absent: it is the layer's own. */
  readonly path?: readonly PathStep[];
  /** False for statistics and for frozen layers: `.h5` lists them after all others of a layer. */
  readonly trainable?: boolean;
}

/** Row-major values. */
export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export function isOwner(step: PathStep): step is WeightOwner {
  return typeof step === 'object' && 'className' in step;
}

/** The same weights of a layer that is not trained. */
export function frozen(specs: readonly WeightSpec[]): WeightSpec[] {
  return specs.map((spec) => ({ ...spec, trainable: false }));
}

/** The same weights, seen from one or more steps further out. */
export function below(specs: readonly WeightSpec[], ...steps: PathStep[]): WeightSpec[] {
  return specs.map((spec) => ({ ...spec, path: [...steps, ...(spec.path ?? [])] }));
}
