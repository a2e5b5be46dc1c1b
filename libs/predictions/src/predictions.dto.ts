/** What the prediction routes take and answer, for the OpenAPI document; class-validator checks the filters alone. */
import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsInstant, UNRECORDABLE, type PageQuery } from '#platform';
import { OutcomeDto } from './outcomes/outcomes.dto.js';

export class PredictionRequestDto {
  /**
   * One row: the model's inputs by name; of a model of windows `observations`, a list of `{signal, value, time, unit?}` of
   * one patient. `GET /v1/models/{model}/versions/{version}/schema` says which.
   */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { cholesterol: 2.45, systolicPressure: 1.35, glucose: 1.75, age: 68, overweight: 0, smoker: 0 },
  })
  input?: Record<string, unknown>;

  /** Several rows, 1 to 1,000, instead of `input`. */
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    minItems: 1,
    maxItems: 1000,
  })
  inputs?: Record<string, unknown>[];

  /**
   * The version to ask; left out, the active one. Users name versions that are or were active, administrators any
   * verified one.
   * @example 1.0.0
   */
  @ApiPropertyOptional({ type: String, maxLength: 64 })
  version?: string;

  /** Your own reference of the patient of `input`; it comes back in the answer and can be searched for. */
  @ApiPropertyOptional({ type: String, maxLength: 200, nullable: true })
  subject?: string | null;

  /** Your own references of the patients of `inputs`, in their order. */
  @ApiPropertyOptional({ type: 'array', items: { type: 'string', maxLength: 200, nullable: true }, nullable: true })
  subjects?: (string | null)[] | null;

  /** Not available yet: anything but `false` is refused. */
  @ApiPropertyOptional({ type: Boolean, enum: [false] })
  explain?: false;
}

export class PredictionResultDto {
  /**
   * The class answered.
   * @example risk
   */
  label?: string;

  /**
   * Probability of that class.
   * @example 0.93
   */
  probability?: number;

  /** Probability of each class, by name. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'number' },
    example: { 'no-risk': 0.07, risk: 0.93 },
  })
  probabilities?: Record<string, number>;

  /** Of a classifier whose scores are no probabilities, instead of one: the largest. */
  score?: number;

  /** Of such a classifier: the value of its decision function for each class, by name. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'number' } })
  scores?: Record<string, number>;

  /** Of a regression, instead of the others. */
  value?: number;
}

export class PredictionDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  /** With `input`: your own reference of the patient. */
  @ApiPropertyOptional({ type: String, nullable: true }) subject?: string | null;
  /** With `inputs`: your own references, in their order; null when none was sent. */
  @ApiPropertyOptional({ type: 'array', items: { type: 'string', nullable: true }, nullable: true })
  subjects?: readonly (string | null)[] | null;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: Date | string;
  /** What the model's maker says of its use. */
  @ApiProperty({ type: String, nullable: true, example: 'Trained on synthetic data; not for clinical use' }) notice:
    string | null;
  /** One a row, in the order of the rows. */
  @ApiProperty({ type: [PredictionResultDto] }) results: readonly PredictionResultDto[];
}

/** How a recorded prediction came about. */
export class PredictionProvenanceDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) userId: string;
  /** The API key it was asked with, or null for an access token. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) apiKeyId: string | null;
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  createdAt: Date;
  /** When the quota admitted the request. */
  admittedAt: Date;
  requestId: string;
  notice: string | null;
  /**
   * What computed it.
   * @example onnx
   */
  engine: string;
  /** @example onnxruntime-node 1.27.0 */
  engineVersion: string;
  processor: string;
  rowCount: number;
  /**
   * Of the request, which of a file made many predictions; of a batch, of the request that sent it. Null until its log is
   * written, some moments after the answer, and when the log's month is gone.
   */
  @ApiProperty({ type: () => PredictionTimingsDto, nullable: true }) timings: PredictionTimingsDto | null;
}

/** Where the time of a request went, in milliseconds; null for a part that it did not reach. */
export class PredictionTimingsDto {
  authMs: number | null;
  quotaMs: number | null;
  /** Reading and checking the rows. */
  validateMs: number | null;
  inferMs: number | null;
  /** Until the record was committed. */
  recordMs: number | null;
  /** Until the answer was out. */
  totalMs: number;
}

export class PredictionDetailDto extends PredictionProvenanceDto {
  /** Of a single row: the client's own reference of the patient. */
  @ApiPropertyOptional({ type: String, nullable: true }) subject?: string | null;
  /** Of several rows: the client's own references, in their order; null when none was sent. */
  @ApiPropertyOptional({ type: 'array', items: { type: 'string', nullable: true }, nullable: true })
  subjects?: (string | null)[] | null;
  /** The rows as they were sent; null for one that was erased. */
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true, nullable: true } })
  inputs: (Record<string, unknown> | null)[];
  /** What the model itself computed for each row. */
  @ApiProperty({ type: 'array', items: { type: 'array', items: { type: 'number' }, nullable: true } })
  scores: (number[] | null)[];
  @ApiProperty({ type: [PredictionResultDto] }) results: (PredictionResultDto | null)[];
  /** What really happened, of each row; null where nobody has said so yet. */
  @ApiProperty({ type: 'array', items: { oneOf: [{ $ref: getSchemaPath(OutcomeDto) }], nullable: true } })
  outcomes: (OutcomeDto | null)[];
  /** Whether what it says of a patient was erased. */
  erased: boolean;
}

export class PredictionRowDto extends PredictionProvenanceDto {
  /** Counted from 0, in the order of the rows. */
  row: number;
  /** The client's own reference of the patient. */
  subject: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true }) input: Record<string, unknown> | null;
  @ApiProperty({ type: 'array', items: { type: 'number' }, nullable: true }) scores: number[] | null;
  @ApiProperty({ type: PredictionResultDto, nullable: true }) result: PredictionResultDto | null;
  /** What really happened; null where nobody has said so yet. */
  @ApiProperty({ type: OutcomeDto, nullable: true }) outcome: OutcomeDto | null;
  /** Whether the row was erased. */
  erased: boolean;
}

export class PredictionSummaryDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) userId: string;
  /** @example cardiac-risk */
  model: string;
  /** @example 1.0.0 */
  version: string;
  createdAt: Date;
  rowCount: number;
  /** Of a single row; null in another user's prediction, which has to be opened (and that is audited). */
  subject: string | null;
  /** Of a single row; null in another user's prediction. */
  @ApiProperty({ type: PredictionResultDto, nullable: true }) result: PredictionResultDto | null;
  /** Rows by answered class; null for a regression and in another user's prediction. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, nullable: true, example: { risk: 1 } })
  labels: Record<string, number> | null;
}

export class PredictionPageDto {
  data: PredictionSummaryDto[];
  nextCursor: string | null;
}

/** Which predictions are meant. */
export class PredictionFilter {
  /**
   * Predictions of this model.
   * @example cardiac-risk
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(/^[a-z0-9-]+$/, { message: 'model must be the name of a model' })
  model?: string;

  /**
   * Predictions of this version.
   * @example 1.0.0
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(/^[0-9A-Za-z.-]+$/, { message: 'version must be a version such as 1.0.0' })
  version?: string;

  /**
   * Predictions with a row answered so. A list looks for them among 5,000 predictions a page: a page may hold fewer than
   * asked for, even none, and yet have a `nextCursor`.
   * @example risk
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(/^[^\p{C}]+$/u, { message: 'label must be the name of a class' })
  label?: string;

  /** Made at this moment or later. */
  @IsOptional() @IsInstant() from?: string;

  /** Made before this moment. */
  @IsOptional() @IsInstant() to?: string;

  /** Predictions of this user: for auditors and administrators, who otherwise see everybody's. */
  @IsOptional() @IsUUID() userId?: string;
}

/** A page of them: the fields of `PageQuery` once more, because a class extends but one. */
export class PredictionQuery extends PredictionFilter implements PageQuery {
  /**
   * How many to answer; left out, 50.
   * @example 50
   */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;

  /** `nextCursor` of the page before. */
  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
}

export class PredictionSearch extends PredictionQuery {
  /** Predictions with a row of this patient, by your own reference. It stands in the body, never in a URL. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(/^[^\0\p{Surrogate}]*$/u, { message: `subject ${UNRECORDABLE}` })
  subject?: string;
}

/** Which rows a file shall hold. */
export class PredictionExport extends PredictionFilter {
  /** Rows of this patient alone, by your own reference. It stands in the body, never in a URL. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(/^[^\0\p{Surrogate}]*$/u, { message: `subject ${UNRECORDABLE}` })
  subject?: string;
}
