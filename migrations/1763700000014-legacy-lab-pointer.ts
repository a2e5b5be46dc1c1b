import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which model the older service lab answers by: one row at most. */
export class LegacyLabPointer1763700000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE legacy_lab_pointer (
        id integer NOT NULL,
        model_name text NOT NULL,
        pointed_by uuid,
        pointed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_legacy_lab_pointer PRIMARY KEY (id),
        CONSTRAINT fk_legacy_lab_pointer_model_name FOREIGN KEY (model_name) REFERENCES models (name),
        CONSTRAINT fk_legacy_lab_pointer_pointed_by FOREIGN KEY (pointed_by) REFERENCES users (id) ON DELETE SET NULL,
        CONSTRAINT ck_legacy_lab_pointer_id CHECK (id = 1)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE legacy_lab_pointer');
  }
}
