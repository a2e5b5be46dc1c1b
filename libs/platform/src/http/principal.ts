/** Who is calling: what authentication hands to everything after it. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export const ROLES = ['user', 'publisher', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface Principal {
  readonly userId: string;
  /** An API key acts with its owner's role only if it was made with scope `admin`; else as `user`. */
  readonly role: Role;
  /** The API key used, or null when signed in with an access token. */
  readonly apiKeyId: string | null;
  readonly mustChangePassword: boolean;
  /** The session (family of refresh tokens) that the access token came with; absent with an API key. */
  readonly sessionId?: string;
  /** Whether the access token came from a password, not from a refresh token; absent with an API key. */
  readonly fresh?: boolean;
  /** The request showed no credential and counts for the account kept for such; absent otherwise. */
  readonly anonymous?: true;
}

/** The caller of an authenticated route. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>().state;
  if (!principal) throw new Error('@Caller() on a route that is public');
  return principal;
});

/** What an audit event and a record say about the request they came from. */
export interface RequestOrigin {
  readonly requestId: string;
  readonly address: string;
}

export const Origin = createParamDecorator((_: unknown, context: ExecutionContext): RequestOrigin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { requestId: request.id, address: request.ip };
});
