import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, their credentials, sessions, API keys and invitations. `*_key` columns hold the lower-cased form that must be unique. */
export class Accounts1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid NOT NULL,
        email text,
        email_key text,
        username text,
        username_key text,
        display_name text,
        role text NOT NULL DEFAULT 'user',
        status text NOT NULL DEFAULT 'active',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_users PRIMARY KEY (id),
        CONSTRAINT uq_users_email_key UNIQUE (email_key),
        CONSTRAINT uq_users_username_key UNIQUE (username_key),
        CONSTRAINT ck_users_role CHECK (role IN ('user', 'publisher', 'auditor', 'admin')),
        CONSTRAINT ck_users_status CHECK (status IN ('active', 'suspended')),
        CONSTRAINT ck_users_name CHECK (email_key IS NOT NULL OR username_key IS NOT NULL)
      )`);
    await runner.query(`
      CREATE TABLE credentials (
        user_id uuid NOT NULL,
        password_hash text NOT NULL,
        must_change boolean NOT NULL DEFAULT false,
        token_epoch integer NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_credentials PRIMARY KEY (user_id),
        CONSTRAINT fk_credentials_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE refresh_tokens (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        family_id uuid NOT NULL,
        token_hash text NOT NULL,
        issued_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
        CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash),
        CONSTRAINT fk_refresh_tokens_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX ix_refresh_tokens_user_id ON refresh_tokens (user_id)');
    await runner.query('CREATE INDEX ix_refresh_tokens_family_id ON refresh_tokens (family_id)');
    await runner.query('CREATE INDEX ix_refresh_tokens_expires_at ON refresh_tokens (expires_at)');
    await runner.query(`
      CREATE TABLE api_keys (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        name text NOT NULL,
        prefix text NOT NULL,
        key_hash text NOT NULL,
        scopes text array NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT pk_api_keys PRIMARY KEY (id),
        CONSTRAINT uq_api_keys_key_hash UNIQUE (key_hash),
        CONSTRAINT fk_api_keys_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX ix_api_keys_user_id ON api_keys (user_id)');
    await runner.query(`
      CREATE TABLE invitations (
        id uuid NOT NULL,
        code_hash text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_by uuid,
        used_at timestamptz,
        CONSTRAINT pk_invitations PRIMARY KEY (id),
        CONSTRAINT uq_invitations_code_hash UNIQUE (code_hash),
        CONSTRAINT fk_invitations_used_by FOREIGN KEY (used_by) REFERENCES users (id) ON DELETE SET NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE invitations, api_keys, refresh_tokens, credentials, users');
  }
}
