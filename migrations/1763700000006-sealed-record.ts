import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The record as a sealed log. A prediction's row says who asked for what and where it is sealed; what it says of a patient stands
 * in a table of its own, from which it can be erased without breaking a proof. What computed it (model, version, engine, processor)
 * is written once and named by its hash. Predictions and the request log are partitioned by month: their ids are UUIDv7, so a range
 * of ids is a range of time, and a month can be dropped as a whole.
 *
 * `prediction_contents.content` holds for each row of the prediction: its length (int32), 16 bytes of salt and so many bytes of
 * JSON; or, where the row was erased, the length 0 and the 32 bytes of SHA-256(salt ‖ JSON). Integers are big-endian.
 *
 * Rows from before are kept, readable as all others, but outside the chains: no proof can be made of what was not sealed.
 */
export class SealedRecord1763700000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createChains(runner);
    await setAside(runner, 'predictions', ['ix_predictions_user_id_id', 'ix_predictions_version_id_id']);
    await setAside(runner, 'request_log', ['ix_request_log_user_id_admitted_at', 'ix_request_log_admitted_at']);
    await createPredictions(runner);
    await createRequestLog(runner);
    await createPartitionKeeping(runner);
    await runner.query('SELECT add_record_partitions(12)');
    await copyPredictions(runner);
    await runner.query('INSERT INTO request_log SELECT * FROM request_log_before');
    await runner.query('DROP TABLE predictions_before, request_log_before');
    // json keeps a text as it was written, which jsonb does not: it is what is hashed.
    await runner.query('ALTER TABLE audit_events ALTER COLUMN details DROP DEFAULT');
    await runner.query('ALTER TABLE audit_events ALTER COLUMN details TYPE json USING details::json');
    await runner.query('ALTER TABLE audit_events ADD COLUMN kid text, ADD COLUMN signature bytea');
    await runner.query(`
      CREATE VIEW unproven_records AS
      SELECT (SELECT count(*) FROM predictions WHERE shard IS NULL)::float8 AS predictions,
             (SELECT count(*) FROM audit_events WHERE signature IS NULL)::float8 AS events`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW unproven_records');
    await runner.query('ALTER TABLE audit_events DROP COLUMN kid, DROP COLUMN signature');
    await runner.query('ALTER TABLE audit_events ALTER COLUMN details TYPE jsonb USING details::jsonb');
    await runner.query(`ALTER TABLE audit_events ALTER COLUMN details SET DEFAULT '{}'`);
    await runner.query('DROP FUNCTION add_record_partitions(integer)');
    await runner.query('DROP FUNCTION record_id_floor(timestamptz)');
    await runner.query('DROP TABLE predictions, prediction_contents, prediction_subjects, provenances, request_log');
    await runner.query('DROP TABLE audit_checkpoints, audit_event_seals, audit_batches, audit_shards, audit_keys');
    await recreateFormerTables(runner);
  }
}

async function createChains(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE audit_keys (
      kid text NOT NULL,
      public_key text NOT NULL,
      first_used_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_audit_keys PRIMARY KEY (kid)
    )`);
  await runner.query(`
    CREATE TABLE audit_shards (
      id serial NOT NULL,
      replica text NOT NULL,
      epoch integer NOT NULL,
      statement text NOT NULL,
      kid text NOT NULL,
      signature bytea NOT NULL,
      CONSTRAINT pk_audit_shards PRIMARY KEY (id),
      CONSTRAINT uq_audit_shards_replica_epoch UNIQUE (replica, epoch)
    )`);
  await runner.query(`
    CREATE TABLE audit_batches (
      shard integer NOT NULL,
      seq bigint NOT NULL,
      kind text NOT NULL,
      count integer NOT NULL,
      root bytea NOT NULL,
      previous bytea NOT NULL,
      head bytea NOT NULL,
      sealed_at timestamptz NOT NULL,
      kid text NOT NULL,
      signature bytea NOT NULL,
      CONSTRAINT pk_audit_batches PRIMARY KEY (shard, seq)
    )`);
  await runner.query(`
    CREATE TABLE audit_event_seals (
      event_id uuid NOT NULL,
      shard integer NOT NULL,
      seq bigint NOT NULL,
      leaf integer NOT NULL,
      CONSTRAINT pk_audit_event_seals PRIMARY KEY (event_id)
    )`);
  await runner.query('CREATE INDEX ix_audit_event_seals_shard_seq ON audit_event_seals (shard, seq)');
  await runner.query(`
    CREATE TABLE audit_checkpoints (
      id uuid NOT NULL,
      statement text NOT NULL,
      kid text NOT NULL,
      signature bytea NOT NULL,
      CONSTRAINT pk_audit_checkpoints PRIMARY KEY (id)
    )`);
}

/** The table as it was, out of the way of its successor's names. */
async function setAside(runner: QueryRunner, table: string, indexes: readonly string[]): Promise<void> {
  await runner.query(`ALTER TABLE ${table} RENAME TO ${table}_before`);
  await runner.query(`ALTER TABLE ${table}_before RENAME CONSTRAINT pk_${table} TO pk_${table}_before`);
  await runner.query(`DROP INDEX ${indexes.join(', ')}`);
}

async function createPredictions(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE provenances (
      id uuid NOT NULL,
      model_name text NOT NULL,
      version text NOT NULL,
      version_id uuid NOT NULL,
      engine text NOT NULL,
      engine_version text NOT NULL,
      processor text NOT NULL,
      notice text,
      CONSTRAINT pk_provenances PRIMARY KEY (id)
    )`);
  await runner.query(`
    CREATE TABLE predictions (
      id uuid NOT NULL,
      user_id uuid NOT NULL,
      api_key_id uuid,
      admission_id uuid NOT NULL,
      provenance_id uuid NOT NULL,
      row_count integer NOT NULL,
      request_id text NOT NULL,
      shard integer,
      seq bigint,
      leaf integer,
      leaf_hash bytea,
      CONSTRAINT pk_predictions PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)`);
  await runner.query('CREATE INDEX ix_predictions_user_id_id ON predictions (user_id, id)');
  await runner.query('CREATE INDEX ix_predictions_provenance_id_id ON predictions (provenance_id, id)');
  await runner.query(`
    CREATE TABLE prediction_contents (
      id uuid NOT NULL,
      content bytea NOT NULL,
      labels text array,
      CONSTRAINT pk_prediction_contents PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)`);
  // Not compressed: it would cost every answer more time than the space is worth.
  await runner.query('ALTER TABLE prediction_contents ALTER COLUMN content SET STORAGE EXTERNAL');
  await runner.query(`
    CREATE TABLE prediction_subjects (
      subject text NOT NULL,
      prediction_id uuid NOT NULL,
      CONSTRAINT pk_prediction_subjects PRIMARY KEY (subject, prediction_id)
    )`);
  await runner.query('CREATE INDEX ix_prediction_subjects_prediction_id ON prediction_subjects (prediction_id)');
}

async function createRequestLog(runner: QueryRunner): Promise<void> {
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
    ) PARTITION BY RANGE (id)`);
  await runner.query('CREATE INDEX ix_request_log_user_id_id ON request_log (user_id, id)');
}

/**
 * Months are added by a function of the owner's that the application may call, because its own role creates nothing. Where a month
 * is missing nothing can be recorded, so a year of them is kept ahead.
 */
async function createPartitionKeeping(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE FUNCTION record_id_floor(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid $$`);
  await runner.query(`
    CREATE FUNCTION add_record_partitions(months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
      this_month constant timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
      parent text;
      month timestamp;
      partition text;
      added integer := 0;
    BEGIN
      PERFORM pg_advisory_xact_lock(4702111234003);
      FOREACH parent IN ARRAY ARRAY['predictions', 'prediction_contents', 'request_log'] LOOP
        SELECT to_date(max(right(relname, 7)), 'YYYY_MM')::timestamp + interval '1 month' INTO month
          FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE inhparent = parent::regclass AND relname ~ '_[0-9]{4}_[0-9]{2}$';
        IF month IS NULL THEN
          -- What is older has a place too: what was there before, and restored backups.
          month := this_month;
          partition := parent || '_earlier';
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (MINVALUE) TO (%L)',
            partition, parent, record_id_floor(month AT TIME ZONE 'UTC'));
          EXECUTE format('ALTER TABLE %I SET (toast_tuple_target = 8160)', partition);
        END IF;
        WHILE month <= this_month + make_interval(months => months_ahead) LOOP
          partition := parent || to_char(month, '_YYYY_MM');
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', partition, parent,
            record_id_floor(month AT TIME ZONE 'UTC'), record_id_floor((month + interval '1 month') AT TIME ZONE 'UTC'));
          -- A window of observations stays in its row instead of being cut into pieces beside it.
          EXECUTE format('ALTER TABLE %I SET (toast_tuple_target = 8160)', partition);
          added := added + 1;
          month := month + interval '1 month';
        END LOOP;
      END LOOP;
      RETURN added;
    END $$`);
}

const PROVENANCE_ID = `
  encode(substring(sha256(convert_to(concat_ws(E'\\n', model_name, version, version_id, engine, engine_version, processor,
    COALESCE(notice, '')), 'UTF8')) FOR 16), 'hex')::uuid`;

async function copyPredictions(runner: QueryRunner): Promise<void> {
  await runner.query(`
    INSERT INTO provenances
    SELECT DISTINCT ${PROVENANCE_ID}, model_name, version, version_id, engine, engine_version, processor, notice
      FROM predictions_before`);
  await runner.query(`
    INSERT INTO predictions (id, user_id, api_key_id, admission_id, provenance_id, row_count, request_id)
    SELECT id, user_id, api_key_id, admission_id, ${PROVENANCE_ID}, row_count, request_id FROM predictions_before`);
  await runner.query(`
    INSERT INTO prediction_contents (id, content, labels)
    SELECT id, (
             SELECT string_agg(int4send(octet_length(json)) || uuid_send(gen_random_uuid()) || json, ''::bytea ORDER BY index)
               FROM generate_series(1, row_count) AS index
              CROSS JOIN LATERAL convert_to(json_build_object('subject', subjects[index], 'input', inputs -> (index - 1),
                      'scores', scores -> (index - 1), 'label', labels[index])::text, 'UTF8') AS json
           ), labels
      FROM predictions_before`);
  await runner.query(`
    INSERT INTO prediction_subjects (subject, prediction_id)
    SELECT DISTINCT subject, id FROM predictions_before CROSS JOIN LATERAL unnest(subjects) AS subject WHERE subject IS NOT NULL`);
}

async function recreateFormerTables(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE predictions (
      id uuid NOT NULL, user_id uuid NOT NULL, api_key_id uuid, admission_id uuid NOT NULL, admitted_at timestamptz NOT NULL,
      model_name text NOT NULL, version text NOT NULL, version_id uuid NOT NULL, subjects text array, row_count integer NOT NULL,
      inputs jsonb NOT NULL, scores jsonb NOT NULL, labels text array, engine text NOT NULL, engine_version text NOT NULL,
      processor text NOT NULL, notice text, request_id text NOT NULL, created_at timestamptz NOT NULL,
      CONSTRAINT pk_predictions PRIMARY KEY (id)
    )`);
  await runner.query('CREATE INDEX ix_predictions_user_id_id ON predictions (user_id, id)');
  await runner.query('CREATE INDEX ix_predictions_version_id_id ON predictions (version_id, id)');
  await runner.query(`
    CREATE TABLE request_log (
      id uuid NOT NULL, user_id uuid NOT NULL, api_key_id uuid, request_id text NOT NULL, method text NOT NULL,
      route text NOT NULL, status smallint NOT NULL, counted boolean NOT NULL, admitted_at timestamptz NOT NULL, auth_ms real,
      quota_ms real, validate_ms real, infer_ms real, record_ms real, total_ms real NOT NULL,
      CONSTRAINT pk_request_log PRIMARY KEY (id)
    )`);
  await runner.query('CREATE INDEX ix_request_log_user_id_admitted_at ON request_log (user_id, admitted_at)');
  await runner.query('CREATE INDEX ix_request_log_admitted_at ON request_log (admitted_at)');
}
