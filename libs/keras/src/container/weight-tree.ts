/** What the weights of a file are to those who look them up, whatever they are packed in: arrays in groups, by their paths. */

export interface WeightArray {
  readonly shape: readonly number[];
  /**
   * All values in row-major order, converted to float32. Throws `unsupported-dtype`, `too-large`, or what else is wrong
   * with them in their file.
   */
  read(): Float32Array;
}

export interface WeightGroup {
  /** A string attribute, or `undefined` where there is none. */
  text(attribute: string): string | undefined;
  /** A list of strings, put together from `name0`, `name1`, … where it exceeded HDF5's 64 KB per attribute. */
  texts(attribute: string): string[] | undefined;
}

export interface WeightTree {
  /** By path without a leading slash; `''` is the root. */
  readonly groups: ReadonlyMap<string, WeightGroup>;
  readonly datasets: ReadonlyMap<string, WeightArray>;
}
