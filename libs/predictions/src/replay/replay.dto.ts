import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';

export const REPLAY_ENGINES = ['recorded', 'serving'] as const;
export type ReplayEngine = (typeof REPLAY_ENGINES)[number];

export class ReplayQuery {
  /**
   * On which engine: `recorded` (left out), the one that computed the prediction, whichever serves now; `serving`, the one
   * that serves the version now, to see what another engine makes of it.
   */
  @IsOptional() @IsIn(REPLAY_ENGINES) engine?: ReplayEngine;
}

/** An engine, its library and the processor: what decides the last bits of a score. */
export class EnvironmentDto {
  /** @example onnx */
  name: string;
  /** @example onnxruntime-node 1.27.0 */
  version: string;
  /** @example x64 AMD EPYC 7763 64-Core Processor */
  processor: string;
}

export class ReplayEnvironmentsDto {
  /** What computed the prediction. */
  recorded: EnvironmentDto;
  /** What computed it again. */
  replayed: EnvironmentDto;
  /** What would compute it if it were asked for here and now; null where nothing serves the version. */
  @ApiProperty({ type: EnvironmentDto, nullable: true }) serving: EnvironmentDto | null;
}

export class ReplayedRowDto {
  /** Counted from 0, in the order of the rows. */
  row: number;
  /** Whether all of its scores are the same to the last bit. */
  identical: boolean;
  /** What the model itself computed when it was asked. */
  @ApiProperty({ type: [Number] }) recorded: readonly number[];
  /** What it computes now. */
  @ApiProperty({ type: [Number] }) replayed: readonly number[];
  /** Of two scores, absolute; null where there are not as many now as there were. */
  @ApiProperty({ type: Number, nullable: true }) largestDifference: number | null;
}

export class ReplayDto {
  /** Of the prediction; a replay is none, and is not recorded as one. */
  @ApiProperty({ format: 'uuid' }) id: string;
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  /** What the model's maker says of its use. */
  @ApiProperty({ type: String, nullable: true, example: 'Trained on synthetic data; not for clinical use' })
  notice: string | null;
  replayedAt: Date;
  /** Whether every score of the rows that were compared is the same to the last bit. */
  identical: boolean;
  /** Whether engine, library and processor are those that computed the prediction: else the last bits may differ. */
  sameEnvironment: boolean;
  engine: ReplayEnvironmentsDto;
  /** Rows of the prediction. */
  rowCount: number;
  /** Rows that were compared: all that are not erased, or the one that was named. */
  comparedRows: number;
  /** Of these, how many are not identical. */
  differentRows: number;
  /** Of all rows that were compared; null where a row has not as many scores now as it had. */
  @ApiProperty({ type: Number, nullable: true }) largestDifference: number | null;
  /** Rows that were not compared because what they said of a patient was erased. */
  @ApiProperty({ type: [Number] }) erasedRows: readonly number[];
  /** Of at most 100 rows all; of more, those that are not identical, the first 100 of them. */
  @ApiProperty({ type: [ReplayedRowDto] }) rows: readonly ReplayedRowDto[];
}
