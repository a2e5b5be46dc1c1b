import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How a version comes into service: each model's activation policy, activations that were rolled back or override the policy, shares
 * of the traffic, what versions in shadow would have answered, and which version stands in which hot folder.
 */
export class ModelGovernance1763700000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE models ADD COLUMN policy jsonb');
    await runner.query(`
      ALTER TABLE activations
        ADD COLUMN kind text NOT NULL DEFAULT 'activation',
        ADD COLUMN overridden text array,
        ADD CONSTRAINT ck_activations_kind CHECK (kind IN ('activation', 'rollback'))`);
    await runner.query(`
      ALTER TABLE model_versions
        ADD COLUMN hot_folder text,
        ADD COLUMN retirement text,
        ADD CONSTRAINT ck_model_versions_retirement CHECK (retirement IN ('requested', 'removed-from-folder'))`);
    await runner.query(`
      CREATE TABLE traffic_changes (
        id uuid NOT NULL,
        model_name text NOT NULL,
        canary_version_id uuid,
        canary_share double precision,
        shadow_version_ids uuid array NOT NULL,
        reason text,
        overridden text array,
        changed_by uuid,
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_traffic_changes PRIMARY KEY (id),
        CONSTRAINT fk_traffic_changes_model_name FOREIGN KEY (model_name) REFERENCES models (name),
        CONSTRAINT fk_traffic_changes_canary_version_id FOREIGN KEY (canary_version_id) REFERENCES model_versions (id),
        CONSTRAINT fk_traffic_changes_changed_by FOREIGN KEY (changed_by) REFERENCES users (id) ON DELETE SET NULL,
        CONSTRAINT ck_traffic_changes_canary CHECK (
          (canary_version_id IS NULL AND canary_share IS NULL) OR (canary_share > 0 AND canary_share < 1))
      )`);
    await runner.query('CREATE INDEX ix_traffic_changes_model_name_id ON traffic_changes (model_name, id)');
    await runner.query(`
      CREATE TABLE shadow_predictions (
        prediction_id uuid NOT NULL,
        version_id uuid NOT NULL,
        served_version_id uuid NOT NULL,
        rows integer NOT NULL,
        failed boolean NOT NULL,
        agreed integer NOT NULL,
        difference_sum double precision NOT NULL,
        largest_difference double precision NOT NULL,
        duration_ms real NOT NULL,
        served_duration_ms real NOT NULL,
        scores bytea,
        labels text array,
        CONSTRAINT pk_shadow_predictions PRIMARY KEY (prediction_id, version_id),
        CONSTRAINT fk_shadow_predictions_version_id FOREIGN KEY (version_id) REFERENCES model_versions (id),
        CONSTRAINT fk_shadow_predictions_served_version_id FOREIGN KEY (served_version_id) REFERENCES model_versions (id)
      )`);
    await runner.query(
      'CREATE INDEX ix_shadow_predictions_version_id_prediction_id ON shadow_predictions (version_id, prediction_id)',
    );
    await runner.query(
      'CREATE INDEX ix_shadow_predictions_served_version_id_prediction_id ON shadow_predictions (served_version_id, prediction_id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shadow_predictions, traffic_changes');
    await runner.query('ALTER TABLE model_versions DROP COLUMN hot_folder, DROP COLUMN retirement');
    await runner.query('ALTER TABLE activations DROP COLUMN kind, DROP COLUMN overridden');
    await runner.query('ALTER TABLE models DROP COLUMN policy');
  }
}
