import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { FieldErrorDto, PageQuery } from '#platform';
import { SEEN_STATUSES, type SeenStatus } from './batch.entities.js';

export class BatchQuery {
  /** `continue`: rows at fault are answered in the column `error`; `abort`: the results have all rows or there are none. */
  @ApiPropertyOptional({ enum: ['continue', 'abort'], default: 'continue' })
  @IsOptional()
  @IsIn(['continue', 'abort'])
  onError?: 'continue' | 'abort';

  /** The version to ask; left out, the one that is active now. The whole file is scored by it. */
  @ApiPropertyOptional({ example: '1.0.0' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  version?: string;
}

export class BatchFilter extends PageQuery {
  /**
   * Batches scored by this model.
   * @example cardiac-risk
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(/^[a-z0-9-]+$/, { message: 'model must be the name of a model' })
  model?: string;

  /** Batches that are in this state now. */
  @ApiPropertyOptional({ enum: SEEN_STATUSES })
  @IsOptional()
  @IsIn(SEEN_STATUSES)
  status?: SeenStatus;
}

export class BatchErrorDto {
  @ApiProperty({ description: 'As docs/errors.md lists them', example: 'BATCH_ROWS_REJECTED' }) code: string;
  @ApiProperty() detail: string;
  /** Rows at fault as `/rows/{n}`, from 1 below the header, or columns. */
  @ApiPropertyOptional({ type: [FieldErrorDto] }) errors?: FieldErrorDto[];
}

export class BatchDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid', description: 'Who sent the file' }) userId: string;
  @ApiProperty({ example: 'cardiac-risk' }) model: string;
  @ApiProperty({ example: '1.0.0' }) version: string;
  @ApiProperty({ enum: SEEN_STATUSES }) status: string;
  @ApiProperty({ enum: ['continue', 'abort'] }) onError: string;
  /** Rows that are done, those at fault included. */
  @ApiProperty() rowsDone: number;
  @ApiProperty({ description: 'Rows at fault: answered with an error' }) rowsRejected: number;
  @ApiProperty({ type: Number, nullable: true, description: 'While it runs' }) rowsPerSecond: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'While it runs, by the part of the file that is read' })
  secondsLeft: number | null;
  @ApiProperty({ description: 'Part of the file that is done, 0 to 1', example: 0.42 }) progress: number;
  @ApiProperty() inputBytes: number;
  @ApiProperty() createdAt: Date;
  @ApiProperty({ type: Date, nullable: true }) startedAt: Date | null;
  @ApiProperty({ type: Date, nullable: true }) finishedAt: Date | null;
  @ApiProperty({ description: 'The batch and its results are kept until then' }) expiresAt: Date;
  @ApiProperty({ type: BatchErrorDto, nullable: true, description: 'Why it failed' }) error: BatchErrorDto | null;
}

export class BatchPageDto {
  @ApiProperty({ type: [BatchDto] }) data: BatchDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
