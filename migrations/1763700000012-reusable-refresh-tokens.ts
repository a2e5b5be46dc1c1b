import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions of older services' clients, whose refresh token is not replaced when it is used. */
export class ReusableRefreshTokens1763700000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refresh_tokens ADD COLUMN reusable boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refresh_tokens DROP COLUMN reusable');
  }
}
