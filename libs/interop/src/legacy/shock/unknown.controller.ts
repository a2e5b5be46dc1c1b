import { All, Controller, Delete, Patch, Post, Put, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AlsoWithSlash, DomainError, platformErrors, Public } from '#platform';
import { legacyErrors } from '../shared/legacy.errors.js';
import { RefusesAsShock } from './shock-refusal.js';
import { SHOCK_METHODS, SHOCK_PATH } from './shock-routes.js';

/** Paths that the older service has not, and its own with another method: told in its own shape. */
@ApiExcludeController()
@Controller('legacy/shock')
export class UnknownShockController {
  @All('*')
  @Public()
  @RefusesAsShock()
  unknown(@Req() request: FastifyRequest): never {
    throw unknownRoute(request.url);
  }

  @Post()
  @AlsoWithSlash()
  @Public()
  @RefusesAsShock()
  post(@Req() request: FastifyRequest): never {
    throw unknownRoute(request.url);
  }

  @Put()
  @AlsoWithSlash()
  @Public()
  @RefusesAsShock()
  put(@Req() request: FastifyRequest): never {
    throw unknownRoute(request.url);
  }

  @Patch()
  @AlsoWithSlash()
  @Public()
  @RefusesAsShock()
  patch(@Req() request: FastifyRequest): never {
    throw unknownRoute(request.url);
  }

  @Delete()
  @AlsoWithSlash()
  @Public()
  @RefusesAsShock()
  delete(@Req() request: FastifyRequest): never {
    throw unknownRoute(request.url);
  }
}

/** In FastAPI's words. */
function unknownRoute(url: string): DomainError {
  const path = url.replace(/\?.*$/s, '').slice(SHOCK_PATH.length) || '/';
  const allow = SHOCK_METHODS.get(path);
  if (allow === undefined) return new DomainError(platformErrors.NOT_FOUND, 'Not Found');
  return new DomainError(legacyErrors.LEGACY_METHOD_NOT_ALLOWED, 'Method Not Allowed', { headers: { allow } });
}
