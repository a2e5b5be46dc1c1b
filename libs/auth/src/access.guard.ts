/** Asserts that the hook has applied a rule: should it ever not run for a route, the route stays closed. */
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError, platformErrors } from '#platform';

@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Partial<Pick<FastifyRequest, 'state'>>>();
    if (request.state?.ruleApplied !== true)
      throw new DomainError(platformErrors.ROUTE_CLOSED, 'No access rule was applied to this route.');
    return true;
  }
}
