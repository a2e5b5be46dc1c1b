/** What a model file says of itself. */
import type { ArtifactFormat } from '../manifest.js';

/** `softmax` and `sigmoid`: what computes an output last, where it is one of them. */
export type OutputEnding = 'softmax' | 'sigmoid' | 'other';

export interface DescribedInput {
  readonly name: string;
  /** `float32`, `int64`, `string`, … */
  readonly type: string;
  /** Of one row, without the batch; an axis of `null` takes any size. */
  readonly shape: readonly (number | null)[];
  /** Of inputs of text: the texts that each column may be, where the file knows them. */
  readonly texts?: readonly (readonly string[] | undefined)[];
}

export interface DescribedOutput {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | null)[];
  readonly ending: OutputEnding;
}

/** Layers of a Keras model, operators of an ONNX graph. */
export interface PartCount {
  readonly name: string;
  readonly count: number;
}

/** What is in a file, read without running it. */
export interface FileContents {
  readonly format: ArtifactFormat;
  /** What wrote the file, with its version: `keras 3.15.1`, `skl2onnx 1.17.0`. */
  readonly writtenBy: string;
  /** Of ONNX files; empty for others. */
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly parts: readonly PartCount[];
  /** Numbers that training has found, as far as they are told from others. */
  readonly parameters: number;
  readonly inputs: readonly DescribedInput[];
  readonly outputs: readonly DescribedOutput[];
  /** Names of the columns, where the file's metadata has them (`feature_names`). */
  readonly featureNames?: readonly string[];
}

/** What the scores of an output were seen to be. */
export interface SeenScores {
  readonly output: string;
  /** Of one row. */
  readonly width: number;
  readonly ending: OutputEnding;
  /** Between 0 and 1 in every row that was tried. */
  readonly withinProbabilities: boolean;
  /** Of more than one: they add up to 1 in every row that was tried. */
  readonly sumToOne: boolean;
}

/** A file and what it did when it was loaded and run on random rows. */
export interface ModelDescription extends FileContents {
  /** In the order of the scores, where the file carries them; integers as text. */
  readonly classes?: readonly string[];
  /** True where the operators say that the scores are values of a decision function. */
  readonly isDecision: boolean;
  /** Each output of numbers; empty where the model could not be run. */
  readonly scores: readonly SeenScores[];
  /** Why the model would not serve, or what nobody can tell of it. */
  readonly problems: readonly string[];
}
