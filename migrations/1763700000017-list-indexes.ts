import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists that look for few among many: requests that were refused or failed, and events of one action. */
export class ListIndexes1763700000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The status is in it so that those of one kind are found without reading the others' rows.
    await runner.query('CREATE INDEX ix_request_log_id_status ON request_log (id, status) WHERE status >= 400');
    await runner.query('CREATE INDEX ix_audit_events_action_id ON audit_events (action, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_request_log_id_status, ix_audit_events_action_id');
  }
}
