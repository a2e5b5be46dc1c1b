/** What a model file is, as the API shows it. */
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class InspectQuery {
  /**
   * The model's name for the draft; left out: by the file's name.
   * @example penguins
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { message: 'name must be in kebab-case, such as cardiac-risk' })
  name?: string;

  /**
   * The version for the draft.
   * @example 1.0.0
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/, {
    message: 'version must be a version such as 1.0.0',
  })
  version?: string;
}

export class OpsetDto {
  /** @example ai.onnx.ml */
  domain: string;
  /** @example 3 */
  version: number;
}

export class ModelPartDto {
  /**
   * A layer's class, or an operator.
   * @example Dense
   */
  name: string;
  /** @example 3 */
  count: number;
}

/** An input or an output of a model. */
export class TensorDto {
  /** @example float_input */
  name: string;
  /** @example float32 */
  type: string;
  /** Of one row; null: an axis of any size. */
  @ApiProperty({ type: 'array', items: { type: 'integer', nullable: true }, example: [6] })
  shape: (number | null)[];
}

/** What a model file is. Nothing of it is kept. */
export class InspectionDto {
  /** @example onnx */
  format: 'keras' | 'h5' | 'onnx' | 'tfjs' | 'remote';
  /** @example 9694ee3b4a56e0f313b511f7fab18129618b18ea42e2d8c66fcec7ff1ffbfaad */
  sha256: string;
  sizeBytes: number;
  /**
   * What wrote the file, with its version.
   * @example skl2onnx 1.17.0
   */
  writtenBy: string;
  /** Of ONNX files. */
  opsets: OpsetDto[];
  /** Layers of Keras and TensorFlow.js, operators of ONNX, most frequent first. */
  parts: ModelPartDto[];
  /** Numbers that training has found. */
  parameters: number;
  inputs: TensorDto[];
  outputs: TensorDto[];
  /** In the order of the scores; null where the file does not name them. */
  classes: string[] | null;
  /** Why it would not serve, or what only its author can tell; empty where the draft can be published as it is. */
  problems: string[];
  /** A manifest as far as the file goes; null where it does not go far enough. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  manifest: object | null;
  /** The same as YAML, to be edited. */
  manifestYaml: string | null;
}
