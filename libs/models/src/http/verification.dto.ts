/** What was compared before a version was served, as the API shows it. */

export class EngineDto {
  name: 'onnx' | 'tfjs' | 'remote';
  /** @example onnxruntime-node 1.27.0 */
  version: string;
  processor: string;
}

export class UnavailableEngineDto {
  engine: 'onnx' | 'tfjs' | 'remote';
  reason: string;
}

export class ToleranceDto {
  absolute: number;
  relative: number;
}

export class RandomRowsDto {
  count: number;
  seed: number;
}

export class ComparisonDto {
  /** `golden`: against the training framework; `engines`: one against another; `alone`: a row alone against in a batch. */
  kind: 'golden' | 'engines' | 'alone';
  engine: 'onnx' | 'tfjs' | 'remote';
  /**
   * What the scores were compared with.
   * @example keras 3.15.1
   */
  against: string;
  rows: number;
  /** Scores compared. */
  values: number;
  maxAbsoluteDifference: number;
  maxRelativeDifference: number;
  /** Whether every score is the same to the last bit. */
  identical: boolean;
  passed: boolean;
  failure?: string;
}

/** Whether a row's scores depend on what else is in its batch. */
export class BatchInvarianceDto {
  engine: 'onnx' | 'tfjs' | 'remote';
  /** A row's scores were the same to the last bit alone and in each of `batchSizes`. */
  batchInvariant: boolean;
  /** @example [2, 7, 32, 256] */
  batchSizes: number[];
}

export class VerificationFaultDto {
  /** @example MODEL_DOES_NOT_FIT */
  code: string;
  errors?: ManifestFaultDto[];
}

export class ManifestFaultDto {
  /**
   * JSON Pointer into the manifest.
   * @example /output/classes
   */
  pointer: string;
  detail: string;
}

/** What was compared before the version was served, and by how much it differed. */
export class VerificationDto {
  verifiedAt: string;
  passed: boolean;
  reason?: string;
  /** What kind of fault that is, and where in the manifest; absent where scores differ. */
  fault?: VerificationFaultDto;
  /** A score may differ by `absolute + relative · |expected|`. */
  tolerance: ToleranceDto;
  /** Rows drawn within the declared ranges for the comparisons that are not `golden`. */
  randomRows: RandomRowsDto;
  /** Those that computed the model. */
  engines: EngineDto[];
  unavailable: UnavailableEngineDto[];
  /** True where no second engine could check the first. */
  singleEngine: boolean;
  comparisons: ComparisonDto[];
  /** Where it is not so, rows of several requests are never computed together. Absent in older records. */
  batchInvariance?: BatchInvarianceDto[];
}
