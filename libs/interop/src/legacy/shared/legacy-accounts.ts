/** Accounts as older services' clients make and use them: those of /v1, by other routes. */
import { Injectable } from '@nestjs/common';
import { authErrors, PasswordCheck, Registration, RegistrationDto, SessionsService, type ReusableSession } from '#auth';
import {
  createValidationPipe,
  DomainError,
  invalidRequest,
  isRecordableText,
  LatidoConfig,
  platformErrors,
  type FieldError,
  type RequestOrigin,
} from '#platform';
import { SubscriptionsService } from '#subscriptions';
import { UsersService, type UserDto } from '#users';
import { legacyAccountsErrors } from './legacy-accounts.errors.js';

/** As a client sends it, unchecked. */
export interface LegacyRegistration {
  readonly username: unknown;
  readonly password: unknown;
  readonly email?: unknown;
}

const MAX_WEAK_PASSWORD_LENGTH = 256;
const WEAK_PASSWORDS_RULE = `must be a text of 1 to ${MAX_WEAK_PASSWORD_LENGTH} characters without NUL or half surrogate pairs`;
/** Follows what is wrong with a password that would do if weak ones did. */
const ASK_FOR_WEAK_PASSWORDS =
  'Whoever runs this server may allow weaker ones with LEGACY_WEAK_PASSWORDS, or make the account in /docs.';
const ASK_FOR_PLAN =
  'Plans are given by the administrators of this server: ask them, or have them set LEGACY_SELF_SERVICE_PLAN.';
const CHANGE_PASSWORD_FIRST = 'Change the password first: PATCH /v1/me with currentPassword and newPassword.';

@Injectable()
export class LegacyAccounts {
  private readonly pipe = createValidationPipe();
  private readonly settings: LatidoConfig['legacy'];

  constructor(
    config: LatidoConfig,
    private readonly registration: Registration,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordCheck,
    private readonly subscriptions: SubscriptionsService,
    private readonly users: UsersService,
  ) {
    this.settings = config.legacy;
  }

  /**
   * An account of /v1: role `user`, plan FREEMIUM.
   * @throws LEGACY_PASSWORD_WEAK where nothing but the password's strength is at fault; INVALID_REQUEST with pointers to `/username`,
   *   `/password`, `/email`; ACCOUNT_EXISTS, REGISTRATION_CLOSED, INVITATION_INVALID, TOO_MANY_ATTEMPTS
   */
  async register(wanted: LegacyRegistration, origin: RequestOrigin): Promise<UserDto> {
    return this.registration.register(await this.checked(wanted), origin);
  }

  /** @throws OAuthError (WRONG_NAME_OR_PASSWORD), TOO_MANY_ATTEMPTS; INVALID_REQUEST where they are no texts */
  signIn(name: unknown, password: unknown, origin: RequestOrigin): Promise<ReusableSession> {
    const given = textsOf({ username: name, password });
    return this.sessions.signInReusably(given.username, given.password, origin);
  }

  /**
   * The access token of a session that is over with it, for clients that know no refresh tokens.
   * @throws OAuthError (WRONG_NAME_OR_PASSWORD), TOO_MANY_ATTEMPTS; INVALID_REQUEST where they are no texts
   */
  signInOnce(name: unknown, password: unknown, origin: RequestOrigin): Promise<string> {
    const given = textsOf({ username: name, password });
    return this.sessions.signInOnce(given.username, given.password, origin);
  }

  /** An access token that is not fresh. @throws OAuthError (REFRESH_TOKEN_OVER), TOO_MANY_ATTEMPTS */
  refresh(refreshToken: string, origin: RequestOrigin): Promise<string> {
    return this.sessions.renew(refreshToken, origin);
  }

  /**
   * The user's own plan, by name and password, where the operator lets users choose.
   * @throws FORBIDDEN where not, whoever asks; PASSWORD_CHANGE_REQUIRED; OAuthError (WRONG_NAME_OR_PASSWORD), TOO_MANY_ATTEMPTS, INVALID_REQUEST
   */
  async switchPlan(
    name: unknown,
    password: unknown,
    plan: 'FREEMIUM' | 'PREMIUM',
    origin: RequestOrigin,
  ): Promise<void> {
    if (!this.settings.selfServicePlan) throw new DomainError(platformErrors.FORBIDDEN, ASK_FOR_PLAN);
    const given = textsOf({ username: name, password });
    const { user, mustChange } = await this.passwords.check(given.username, given.password, origin);
    if (mustChange) throw new DomainError(authErrors.PASSWORD_CHANGE_REQUIRED, CHANGE_PASSWORD_FIRST);
    const principal = { userId: user.id, role: user.role, apiKeyId: null, mustChangePassword: false };
    await this.subscriptions.change(user.id, { plan }, principal, origin);
  }

  /** What people call the account: its user name, or its e-mail address where it has none. */
  async nameOf(userId: string): Promise<string> {
    const { username, email } = await this.users.get(userId);
    return username ?? email ?? userId;
  }

  /** The rules of /v1, but for those of passwords where the operator says so. @throws LEGACY_PASSWORD_WEAK, INVALID_REQUEST */
  private async checked({ username, password, email }: LegacyRegistration): Promise<RegistrationDto> {
    const ofTexts = faultsOfTexts({ username, password });
    const ofRules = (
      await this.faultsOfRules({ username, password, ...(email === undefined ? {} : { email }) })
    ).filter(
      // /v1 lets an e-mail address stand for a name; here nobody asked for one.
      ({ pointer }) =>
        !ofTexts.some((fault) => fault.pointer === pointer) && (pointer !== '/email' || email !== undefined),
    );
    const others = [...ofTexts, ...ofRules.filter(({ pointer }) => pointer !== '/password')];
    const ofPassword = this.faultsOfPassword(
      password,
      ofRules.filter(({ pointer }) => pointer === '/password'),
      others.length === 0,
    );
    if (others.length + ofPassword.length > 0) throw invalidRequest([...others, ...ofPassword]);
    return Object.assign(new RegistrationDto(), { username, password, email });
  }

  private async faultsOfRules(wanted: object): Promise<readonly FieldError[]> {
    try {
      await this.pipe.transform(wanted, { type: 'body', metatype: RegistrationDto });
      return [];
    } catch (error) {
      if (!(error instanceof DomainError) || !error.extra.errors) throw error;
      return error.extra.errors;
    }
  }

  /**
   * What is left of the faults that /v1 finds in a password.
   * @param alone whether nothing else is at fault
   * @throws LEGACY_PASSWORD_WEAK where it would do if weak ones did, and nothing else is at fault
   */
  private faultsOfPassword(password: unknown, faults: readonly FieldError[], alone: boolean): readonly FieldError[] {
    if (faults.length === 0) return faults;
    const weak = isWeakPassword(password);
    if (this.settings.weakPasswords) return weak ? [] : [{ pointer: '/password', detail: WEAK_PASSWORDS_RULE }];
    if (!weak) return faults;
    if (!alone) return faults.map((fault) => ({ ...fault, detail: `${fault.detail}. ${ASK_FOR_WEAK_PASSWORDS}` }));
    const sentence = `The password ${faults.map(({ detail }) => detail).join(', ')}.`;
    throw new DomainError(legacyAccountsErrors.LEGACY_PASSWORD_WEAK, `${sentence} ${ASK_FOR_WEAK_PASSWORDS}`);
  }
}

/** Text that can be hashed; nothing else is asked of it. */
function isWeakPassword(password: unknown): boolean {
  return (
    typeof password === 'string' &&
    password !== '' &&
    password.length <= MAX_WEAK_PASSWORD_LENGTH &&
    isRecordableText(password)
  );
}

const MAX_TEXT_LENGTH = 4_096;

/** @throws INVALID_REQUEST naming what is missing or no text */
function textsOf<Name extends string>(values: Readonly<Record<Name, unknown>>): Record<Name, string> {
  const faults = faultsOfTexts(values);
  if (faults.length > 0) throw invalidRequest(faults);
  return values as Record<Name, string>;
}

function faultsOfTexts(values: Readonly<Record<string, unknown>>): FieldError[] {
  return Object.entries(values).flatMap(([name, value]): FieldError[] => {
    if (value === undefined || value === null || value === '') return [{ pointer: `/${name}`, detail: 'is missing' }];
    if (typeof value !== 'string') return [{ pointer: `/${name}`, detail: 'must be a text' }];
    return value.length > MAX_TEXT_LENGTH ? [{ pointer: `/${name}`, detail: 'is too long' }] : [];
  });
}
