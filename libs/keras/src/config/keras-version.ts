/** Which Keras saved a file: some answers depend on it, as the file alone does not say what `hard_sigmoid` meant. */
import { KerasImportError } from '../errors.js';

export interface KerasVersion {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Whether it ran on Theano, a back end of Keras until 2.3 that differs from all others where windows move. */
  readonly onTheano: boolean;
  /** Whether it is that of TensorFlow 2.1, which has the version of that of 2.2 and computes some masked steps otherwise. */
  readonly ofTensorFlow21: boolean;
}

/** Masked steps of recurrent layers answer their state, as they did until Keras 2.2. */
const kerasOfTensorFlowJs = '2.2.4';

/**
 * Reads `2.15.0`, `2.2.4-tf`, `3.15.1`; the back end and the names of the weights tell apart what has one version. Throws
 * `keras-1` for Keras 1 and `invalid-config` for anything else.
 */
export function parseKerasVersion(
  text: string,
  backend?: string,
  weightNames: () => readonly string[] = () => [],
): KerasVersion {
  // TensorFlow.js computes as the Keras of its day did, with the options that it writes down itself.
  const numbered = text.startsWith('tfjs-layers ') ? kerasOfTensorFlowJs : text;
  const [, major, minor, patch = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(numbered) ?? [];
  if (major === undefined || minor === undefined) {
    throw new KerasImportError('invalid-config', `"${text}" is no Keras version; save the model again.`);
  }
  if (Number(major) < 2) {
    const message = `The file was written by Keras ${text}, whose layers mean something else; load it there and save it again with Keras 2 or later.`;
    throw new KerasImportError('keras-1', message);
  }
  return {
    text,
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    onTheano: backend === 'theano',
    ofTensorFlow21: text === '2.3.0-tf' && weightNames().some(isOfLayerWithoutCell),
  };
}

/** TensorFlow 2.2 and later name the weights of recurrent layers below the cell: `both/forward_lstm/lstm_cell_1/kernel:0`. */
function isOfLayerWithoutCell(weightName: string): boolean {
  return /(^|\/)forward_[^/]+\/recurrent_kernel:0$/.test(weightName);
}

/** Whether a Keras is of the given version or a later one. */
export function isAtLeast(keras: KerasVersion, major: number, minor: number, patch = 0): boolean {
  if (keras.major !== major) return keras.major > major;
  return keras.minor > minor || (keras.minor === minor && keras.patch >= patch);
}

/** Keras 2.0 to 2.3 of its own, beside which TensorFlow carried a Keras of the same numbers with `-tf` behind them. */
export function isMultiBackend({ text, major, minor }: KerasVersion): boolean {
  return major === 2 && minor <= 3 && !text.includes('-tf');
}

/**
 * Whether recurrent layers carry masked steps as Keras of its own did: that of TensorFlow did so, too, until its 2.1 (TensorFlow
 * 1.12).
 */
export function carriesMasksAsMultiBackend(keras: KerasVersion): boolean {
  return isMultiBackend(keras) || (keras.major === 2 && keras.minor < 2);
}
