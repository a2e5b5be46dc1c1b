import { IsString, MaxLength } from 'class-validator';

export class ChangeSubscriptionDto {
  /**
   * The name of a plan.
   * @example PREMIUM
   */
  @IsString() @MaxLength(100) plan: string;
}

export class SubscriptionDto {
  userId: string;
  /** @example PREMIUM */
  plan: string;
  /** Since when the user has the plan. */
  since: Date;
  /** The administrator who gave it. */
  grantedBy: string | null;
}
