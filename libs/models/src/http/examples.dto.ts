import { ApiProperty } from '@nestjs/swagger';

export class ExampleDto {
  /**
   * Its own among the version's.
   * @example cardiogenic-shock
   */
  name: string;
  /** @example Cardiogenic shock */
  title: string;
  /**
   * The class that is answered; null: not stated.
   * @example shock_cardiogenico
   */
  label: string | null;
  /** One row as `input` of a prediction takes it; its schema is the version's. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  input: object;
}

/** Inputs of synthetic patients. */
export class VersionExamplesDto {
  /** @example haemodynamic-shock */
  model: string;
  /** @example 1.0.0 */
  version: string;
  /** @example Trained on synthetic data; not for clinical use */
  notice: string | null;
  data: ExampleDto[];
}
