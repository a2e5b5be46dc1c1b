import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people and administrators changed, and the timed log of requests on counted routes. Append-only for the application. */
export class Audit1763700000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_events (
        id uuid NOT NULL,
        occurred_at timestamptz NOT NULL,
        actor_kind text NOT NULL,
        actor_id uuid,
        action text NOT NULL,
        target_type text NOT NULL,
        target_id text NOT NULL,
        details jsonb NOT NULL DEFAULT '{}',
        request_id text,
        CONSTRAINT pk_audit_events PRIMARY KEY (id),
        CONSTRAINT ck_audit_events_actor_kind CHECK (actor_kind IN ('user', 'api-key', 'system', 'anonymous'))
      )`);
    await runner.query('CREATE INDEX ix_audit_events_actor_id_id ON audit_events (actor_id, id)');
    await runner.query(
      'CREATE INDEX ix_audit_events_target_type_target_id_id ON audit_events (target_type, target_id, id)',
    );
    await runner.query(`
      CREATE TABLE request_log (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        api_key_id uuid,
        request_id text NOT NULL,
        method text NOT NULL,
        route text NOT NULL,
        status smallint NOT NULL,
        counted boolean NOT NULL,
        admitted_at timestamptz NOT NULL,
        auth_ms real,
        quota_ms real,
        validate_ms real,
        infer_ms real,
        record_ms real,
        total_ms real NOT NULL,
        CONSTRAINT pk_request_log PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX ix_request_log_user_id_admitted_at ON request_log (user_id, admitted_at)');
    await runner.query('CREATE INDEX ix_request_log_admitted_at ON request_log (admitted_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE request_log, audit_events');
  }
}
