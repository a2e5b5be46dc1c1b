import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { CARD_FIELDS, type CardField } from './activation-policy.js';

/** Absent, but not null: what a policy says is compared with as it stands. */
const MayBeAbsent = (): PropertyDecorator => ValidateIf((_rule, value) => value !== undefined);

const FINITE = { allowNaN: false, allowInfinity: false } as const;

export class MetricRuleDto {
  /**
   * A metric of the versions.
   * @example auc
   */
  @IsString() @Matches(/^[a-z][A-Za-z0-9]*$/) @MaxLength(64) name: string;
  /**
   * What it was measured on.
   * @example held-out
   */
  @IsString() @Matches(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/) @MaxLength(64) dataset: string;
  /** @example 0.85 */
  @MayBeAbsent() @IsNumber(FINITE) minimum?: number;
  @MayBeAbsent() @IsNumber(FINITE) maximum?: number;
  /**
   * Below the active version's value, at most.
   * @example 0.02
   */
  @MayBeAbsent() @IsNumber(FINITE) @Min(0) maximalDrop?: number;
  /** Above the active version's value, at most: for what is better when it is small, such as `brier`. */
  @MayBeAbsent() @IsNumber(FINITE) @Min(0) maximalRise?: number;
}

export class VerificationRuleDto {
  /** The version was compared with golden rows. */
  @MayBeAbsent() @IsBoolean() golden?: boolean;
  /**
   * So many engines computed it, and agreed.
   * @example 2
   */
  @MayBeAbsent() @IsInt() @Min(1) @Max(3) engines?: number;
}

/** What a version must satisfy before it is activated or given a share of the traffic. */
export class PolicyDto {
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => MetricRuleDto)
  metrics?: MetricRuleDto[];

  @MayBeAbsent()
  @ValidateNested()
  @Type(() => VerificationRuleDto)
  verification?: VerificationRuleDto;

  /** What the model card must say. */
  @MayBeAbsent() @IsArray() @ArrayUnique() @IsIn(CARD_FIELDS, { each: true }) cardFields?: CardField[];
}

export class ObjectionDto {
  /**
   * JSON Pointer into the policy.
   * @example /metrics/0
   */
  pointer: string;
  /** @example auc on held-out is 0.81, at least 0.85 is asked for */
  detail: string;
}

/** What the gate would say of a version now. */
export class GateDto {
  /** @example cardiac-risk */
  model: string;
  /** @example 1.1.0 */
  version: string;
  /** The version it is compared with; null: none is active. */
  activeVersion: string | null;
  passed: boolean;
  /** What the policy has against it. */
  objections: ObjectionDto[];
}
