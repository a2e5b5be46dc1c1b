import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNumber, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { IsInstant, PageQuery } from '#platform';

export class PutOutcomeDto {
  /**
   * What happened, as one of the model's classes. Of a regression left out.
   * @example risk
   */
  @ApiPropertyOptional({ type: String, maxLength: 200, nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  label?: string | null;

  /** Of a regression, instead of `label`: what was measured, in the unit of the model's output. */
  @ApiPropertyOptional({ type: Number, nullable: true })
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  value?: number | null;

  /**
   * When it was observed. Not in the future; it may lie before the prediction, which may be made of an earlier patient's
   * values.
   * @example 2026-01-31T10:00:00Z
   */
  @IsInstant() observedAt: string;

  /** In words, for whoever reads the outcome. */
  @ApiPropertyOptional({ type: String, maxLength: 2000, nullable: true })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(2000)
  note?: string | null;
}

export class OutcomeQuery extends PageQuery {
  /** Outcomes of this row, counted from 0; left out, of all rows. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(999_999_999) row?: number;
}

export class OutcomeDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  /** Counted from 0. */
  row: number;
  /** 1 for the first one of the row; a correction has the next number, and the highest one holds. */
  revision: number;
  /**
   * What happened, as one of the model's classes; not there for a regression, and where it was erased.
   * @example risk
   */
  label?: string;
  /** Of a regression, instead of `label`. */
  value?: number;
  /** When it was observed; null where it was erased. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) observedAt: string | null;
  note: string | null;
  /** When it was recorded. */
  createdAt: Date;
  /** Who said so. */
  @ApiProperty({ format: 'uuid' }) userId: string;
  /** Whether what it says of a patient was erased. */
  erased: boolean;
}

export class OutcomePageDto {
  data: OutcomeDto[];
  nextCursor: string | null;
}
