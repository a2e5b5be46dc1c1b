/** Accounts as the older service's clients make and use them. */
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { authenticationRequired, presentedCredential } from '#auth';
import {
  DomainError,
  invalidRequest,
  platformErrors,
  pointerToken,
  type FieldError,
  type RequestOrigin,
} from '#platform';
import { LegacyAccounts } from '../shared/legacy-accounts.js';
import { looksLikeJwt } from './cardiac-refusals.js';

export interface Account {
  readonly id: string;
  readonly username: string | null;
  readonly email: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Faults that are listed, at most. */
const MOST_FAULTS = 100;

@Injectable()
export class CardiacAccounts {
  constructor(private readonly accounts: LegacyAccounts) {}

  /** @throws ACCOUNT_EXISTS, INVALID_REQUEST; LEGACY_PASSWORD_WEAK; what registering refuses */
  async register(body: unknown, origin: RequestOrigin): Promise<Account> {
    const { username, password, email } = fieldsOf(body, ['username', 'password'], ['email']);
    const user = await this.accounts.register({ username, password, email }, origin);
    return { id: user.id, username: user.username, email: user.email };
  }

  /** @throws OAuthError, TOO_MANY_ATTEMPTS, INVALID_REQUEST */
  async signIn(body: unknown, origin: RequestOrigin): Promise<{ access_token: string; refresh_token: string }> {
    const { username, password } = fieldsOf(body, ['username', 'password']);
    const { accessToken, refreshToken } = await this.accounts.signIn(username, password, origin);
    return { access_token: accessToken, refresh_token: refreshToken };
  }

  /**
   * A token that is not fresh, for the refresh token in place of an access token.
   * @throws AUTHENTICATION_REQUIRED; REQUEST_REFUSED (422) for what is no refresh token; OAuthError, TOO_MANY_ATTEMPTS
   */
  async refresh(
    { headers }: Pick<FastifyRequest, 'headers'>,
    origin: RequestOrigin,
  ): Promise<{ access_token: string }> {
    const shown = presentedCredential(headers);
    if (!shown) throw authenticationRequired('This route needs a refresh token.');
    if (shown.kind !== 'access-token' || looksLikeJwt(shown.value))
      throw new DomainError({ ...platformErrors.REQUEST_REFUSED, status: 422 }, 'Only refresh tokens are allowed');
    return { access_token: await this.accounts.refresh(shown.value, origin) };
  }

  /** @throws FORBIDDEN where plans are not the users' own choice; OAuthError, TOO_MANY_ATTEMPTS, INVALID_REQUEST */
  async switchTo(plan: 'FREEMIUM' | 'PREMIUM', body: unknown, origin: RequestOrigin): Promise<{ message: string }> {
    const { username, password } = fieldsOf(body, ['username', 'password']);
    await this.accounts.switchPlan(username, password, plan, origin);
    return { message: `The plan is ${plan} now.` };
  }
}

/** All of them texts, but for those that may be left out. @throws INVALID_REQUEST in marshmallow's words */
function fieldsOf(body: unknown, required: readonly string[], optional: readonly string[] = []): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidRequest([{ pointer: '', detail: 'Invalid input type.' }]);
  const fields = body as Fields;
  const faults = required.flatMap((name) => faultsOf(name, Object.hasOwn(fields, name) ? fields[name] : undefined));
  for (const name of optional)
    if (Object.hasOwn(fields, name) && fields[name] !== null) faults.push(...faultsOf(name, fields[name]));
  for (const name of Object.keys(fields)) {
    if (faults.length >= MOST_FAULTS) break;
    if (!required.includes(name) && !optional.includes(name))
      faults.push({ pointer: `/${pointerToken(name)}`, detail: 'Unknown field.' });
  }
  if (faults.length > 0) throw invalidRequest(faults);
  return fields;
}

function faultsOf(name: string, value: unknown): FieldError[] {
  if (typeof value === 'string') return [];
  if (value === undefined) return [{ pointer: `/${name}`, detail: 'Missing data for required field.' }];
  return [{ pointer: `/${name}`, detail: value === null ? 'Field may not be null.' : 'Not a valid string.' }];
}
