/** Routes that both plans have, each for its own users. */
import { applyDecorators, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { Authenticated, Costs, FreshTokens, Public, ReadsUpTo } from '#platform';
import type { Tier } from './cardiac-predictions.service.js';
import { RefusesAsCardiac } from './cardiac-refusals.js';
import {
  AcceptsCredentials,
  AcceptsPatient,
  MESSAGE,
  PATIENT,
  PATIENTS,
  Refuses,
  RefusesTokens,
} from './cardiac.openapi.js';

/** One patient, or one account. */
export const LARGEST_BODY_BYTES = 16 * 1024;
export const EXHAUSTED = 'The plan admits no more for now: see `Retry-After`';
export const TOO_MANY_ATTEMPTS = 'Too many attempts: see `Retry-After`';
const TOO_MANY_READS = 'Too many reads for now: see `Retry-After`';
const OTHER_PLAN = "The other plan's route";

export function PredictionRoute(tier: Tier): MethodDecorator {
  return applyDecorators(
    Post(`${tier}/predict`),
    HttpCode(200),
    Authenticated(),
    FreshTokens(),
    Costs('request'),
    ReadsUpTo(LARGEST_BODY_BYTES),
    RefusesAsCardiac(),
    AcceptsPatient(),
    ApiOkResponse(PATIENT),
    RefusesTokens(),
    Refuses({ 403: OTHER_PLAN, 429: EXHAUSTED }),
  );
}

export function ListRoute(tier: Tier): MethodDecorator {
  return applyDecorators(
    Get(`${tier}/predict`),
    Authenticated(),
    FreshTokens(),
    RefusesAsCardiac(),
    ApiOkResponse(PATIENTS),
    RefusesTokens(),
    Refuses({ 403: OTHER_PLAN, 429: TOO_MANY_READS }),
  );
}

export function NumberRoute(tier: Tier): MethodDecorator {
  return applyDecorators(
    Get(`${tier}/predictById/:id`),
    Authenticated(),
    FreshTokens(),
    RefusesAsCardiac(),
    ApiParam({ name: 'id', example: '1' }),
    ApiOkResponse(PATIENT),
    RefusesTokens(),
    Refuses({ 403: OTHER_PLAN, 404: 'There is none of this number, or it was erased', 429: TOO_MANY_READS }),
  );
}

export function SwitchRoute(path: 'SwitchToPremium' | 'SwitchToFreemium'): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(200),
    Public(),
    ReadsUpTo(LARGEST_BODY_BYTES),
    RefusesAsCardiac(),
    AcceptsCredentials(),
    ApiOkResponse(MESSAGE),
    Refuses({
      401: 'The name or the password is not right',
      403: 'Plans are given by administrators',
      429: TOO_MANY_ATTEMPTS,
    }),
  );
}
