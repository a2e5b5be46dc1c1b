import { Module, type OnModuleInit } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Housekeeping, LatidoConfig, RedisConnection } from '#platform';
import { UsersModule } from '#users';
import { AccessGuard } from './access.guard.js';
import { AnonymousAccount } from './anonymous-account.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { Accounts } from './accounts/accounts.service.js';
import { FirstAdministrator } from './accounts/first-administrator.js';
import { Invitation } from './accounts/invitation.entity.js';
import { Invitations } from './accounts/invitations.js';
import { PasswordFile } from './accounts/password-file.js';
import { RegistrationPolicy } from './accounts/registration-policy.js';
import { Registration } from './accounts/registration.js';
import { ApiKey } from './api-keys/api-key.entity.js';
import { ApiKeyRepository } from './api-keys/api-key.repository.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { ApiKeyUse } from './api-keys/api-key-use.js';
import { Authenticator } from './authenticator.js';
import { AttemptLimits } from './limits/attempt-limits.js';
import { AttemptStore } from './limits/attempt-store.js';
import { LocalAttempts } from './limits/local-attempts.js';
import { SharedAttempts } from './limits/shared-attempts.js';
import { Credentials } from './passwords/credentials.entity.js';
import { CredentialsRepository } from './passwords/credentials.repository.js';
import { PasswordCheck } from './passwords/password-check.js';
import { PasswordHashing } from './passwords/password-hashing.js';
import { PasswordReplacement } from './passwords/password-replacement.js';
import { Principals } from './principals.js';
import { AccessTokenStrategy, TOKEN_AUDIENCE } from './tokens/access-token.strategy.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { RefreshToken } from './tokens/refresh-token.entity.js';
import { RefreshTokenRepository } from './tokens/refresh-token.repository.js';
import { SessionsService } from './tokens/sessions.service.js';
import { SigningKey } from './tokens/signing-key.js';
import { TokenController } from './tokens/token.controller.js';

function tokenSigner({ privateKey, jwk }: SigningKey, config: LatidoConfig): JwtService {
  return new JwtService({
    privateKey,
    signOptions: { algorithm: 'ES256', keyid: jwk.kid, issuer: config.auth.issuer, audience: TOKEN_AUDIENCE },
  });
}

/**
 * Accounts' credentials: passwords, sessions, API keys, and what enforces access rules: the application calls
 * `Authenticator.register` and makes `AccessGuard` its global guard.
 */
@Module({
  imports: [UsersModule, TypeOrmModule.forFeature([ApiKey, Credentials, Invitation, RefreshToken])],
  controllers: [AccountsController, ApiKeysController, TokenController],
  providers: [
    AccessGuard,
    AccessTokens,
    AccessTokenStrategy,
    Accounts,
    AnonymousAccount,
    ApiKeyRepository,
    ApiKeysService,
    ApiKeyUse,
    AttemptLimits,
    Authenticator,
    CredentialsRepository,
    FirstAdministrator,
    Invitations,
    PasswordCheck,
    PasswordFile,
    PasswordHashing,
    PasswordReplacement,
    Principals,
    RefreshTokenRepository,
    Registration,
    RegistrationPolicy,
    SessionsService,
    SigningKey,
    {
      provide: AttemptStore,
      inject: [RedisConnection],
      useFactory: (redis: RedisConnection) => (redis.configured ? new SharedAttempts(redis) : new LocalAttempts()),
    },
    { provide: JwtService, inject: [SigningKey, LatidoConfig], useFactory: tokenSigner },
  ],
  exports: [
    AccessGuard,
    Accounts,
    AnonymousAccount,
    Authenticator,
    FirstAdministrator,
    Invitations,
    PasswordCheck,
    Registration,
    SessionsService,
    SigningKey,
  ],
})
export class AuthModule implements OnModuleInit {
  constructor(
    private readonly housekeeping: Housekeeping,
    private readonly refreshTokens: RefreshTokenRepository,
    private readonly invitations: Invitations,
  ) {}

  onModuleInit(): void {
    this.housekeeping.add('expired refresh tokens', () => this.refreshTokens.deleteExpired(new Date()));
    this.housekeeping.add('expired invitations', () => this.invitations.deleteExpired(new Date()));
  }
}
