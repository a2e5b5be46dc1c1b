import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Plans and who has which. A user without a subscription has the plan FREEMIUM. */
export class Plans1763700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE plans (
        name text NOT NULL,
        requests_per_minute integer NOT NULL,
        rows_per_request integer NOT NULL,
        rows_per_day integer NOT NULL,
        concurrent_streams integer NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_plans PRIMARY KEY (name),
        CONSTRAINT ck_plans_positive CHECK (requests_per_minute > 0 AND rows_per_request > 0 AND rows_per_day > 0 AND concurrent_streams > 0)
      )`);
    await runner.query(`
      INSERT INTO plans (name, requests_per_minute, rows_per_request, rows_per_day, concurrent_streams) VALUES
        ('FREEMIUM', 5, 1000, 50000, 1),
        ('PREMIUM', 50, 1000, 5000000, 4)`);
    await runner.query(`
      CREATE TABLE subscriptions (
        user_id uuid NOT NULL,
        plan_name text NOT NULL,
        granted_by uuid,
        since timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_subscriptions PRIMARY KEY (user_id),
        CONSTRAINT fk_subscriptions_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT fk_subscriptions_plan_name FOREIGN KEY (plan_name) REFERENCES plans (name),
        CONSTRAINT fk_subscriptions_granted_by FOREIGN KEY (granted_by) REFERENCES users (id) ON DELETE SET NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE subscriptions, plans');
  }
}
