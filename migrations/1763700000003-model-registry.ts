import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Models, their immutable versions with artifact and verification, and what was active when. */
export class ModelRegistry1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE artifacts (
        sha256 text NOT NULL,
        size_bytes integer NOT NULL,
        content bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_artifacts PRIMARY KEY (sha256)
      )`);
    // Compressed once at training or not at all: spare the attempt.
    await runner.query('ALTER TABLE artifacts ALTER COLUMN content SET STORAGE EXTERNAL');
    await runner.query(`
      CREATE TABLE models (
        name text NOT NULL,
        active_version_id uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_models PRIMARY KEY (name)
      )`);
    await runner.query(`
      CREATE TABLE model_versions (
        id uuid NOT NULL,
        model_name text NOT NULL,
        version text NOT NULL,
        status text NOT NULL,
        rejection text,
        manifest jsonb NOT NULL,
        card text,
        golden jsonb,
        evaluation jsonb,
        verifications jsonb NOT NULL,
        artifact_sha256 text NOT NULL,
        content_sha256 text NOT NULL,
        created_by uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_model_versions PRIMARY KEY (id),
        CONSTRAINT uq_model_versions_model_name_version UNIQUE (model_name, version),
        CONSTRAINT fk_model_versions_model_name FOREIGN KEY (model_name) REFERENCES models (name),
        CONSTRAINT fk_model_versions_artifact_sha256 FOREIGN KEY (artifact_sha256) REFERENCES artifacts (sha256),
        CONSTRAINT fk_model_versions_created_by FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL,
        CONSTRAINT ck_model_versions_status CHECK (status IN ('verified', 'rejected', 'retired'))
      )`);
    await runner.query(`
      ALTER TABLE models ADD CONSTRAINT fk_models_active_version_id
        FOREIGN KEY (active_version_id) REFERENCES model_versions (id)`);
    await runner.query(`
      CREATE TABLE activations (
        id uuid NOT NULL,
        model_name text NOT NULL,
        version_id uuid NOT NULL,
        previous_version_id uuid,
        reason text,
        activated_by uuid,
        activated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_activations PRIMARY KEY (id),
        CONSTRAINT fk_activations_model_name FOREIGN KEY (model_name) REFERENCES models (name),
        CONSTRAINT fk_activations_version_id FOREIGN KEY (version_id) REFERENCES model_versions (id),
        CONSTRAINT fk_activations_previous_version_id FOREIGN KEY (previous_version_id) REFERENCES model_versions (id),
        CONSTRAINT fk_activations_activated_by FOREIGN KEY (activated_by) REFERENCES users (id) ON DELETE SET NULL
      )`);
    await runner.query('CREATE INDEX ix_activations_model_name_id ON activations (model_name, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE models DROP CONSTRAINT fk_models_active_version_id');
    await runner.query('DROP TABLE activations, model_versions, models, artifacts');
  }
}
