import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { FieldErrorDto } from '#platform';

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

export class BatchErrorDto {
  @ApiProperty({ description: 'As docs/errors.md lists them', example: 'BATCH_ROWS_REJECTED' }) code: string;
  @ApiProperty() detail: string;
  /** Rows at fault as `/rows/{n}`, from 1 below the header, or columns. */
  @ApiPropertyOptional({ type: [FieldErrorDto] }) errors?: FieldErrorDto[];
}

export class BatchDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ example: 'cardiac-risk' }) model: string;
  @ApiProperty({ example: '1.0.0' }) version: string;
  @ApiProperty({ enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled'] }) status: string;
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
