/** A migrated database with rows in every table, for tests of what carries a database elsewhere. */
import pg from 'pg';

/** Runs statements on a connection of their own; the rows of the last one. */
export async function run<Row extends object>(url: string, ...statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

const ANY_VALUE: Record<string, string> = {
  uuid: 'gen_random_uuid()',
  text: "'x'",
  integer: '1',
  bigint: '1',
  smallint: '1',
  real: '0.1',
  'double precision': '0.1',
  boolean: 'true',
  json: `'{"a":1}'`,
  jsonb: `'{"a": 1}'`,
  bytea: `'\\x00'`,
  'timestamp with time zone': 'now()',
  date: 'current_date',
};

/** Adds a row (or one for each n of a series): `values` are SQL expressions; columns that need a value and have none get any. */
async function addRows(url: string, table: string, values: Record<string, string>, count = 1): Promise<void> {
  const columns = await run<{ name: string; type: string; needed: boolean }>(
    url,
    `SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AND column_default IS NULL AS needed FROM information_schema.columns WHERE table_name = '${table}'`,
  );
  const all = Object.fromEntries(
    columns.filter(({ needed }) => needed).map(({ name, type }) => [name, ANY_VALUE[type] ?? 'NULL']),
  );
  Object.assign(all, values);
  await run(
    url,
    `INSERT INTO ${table} (${Object.keys(all).join(', ')}) SELECT ${Object.values(all).join(', ')} FROM generate_series(1, ${count}) n`,
  );
}

const ADMIN = "'01890000-0000-7000-8000-000000000001'::uuid";
const USER = "'01890000-0000-7000-8000-000000000002'::uuid";
const VERSION = "'01890000-0000-7000-8000-000000000003'::uuid";

/** Tables with partitions take ids of times that they have one for. */
const RECENT_ID = "record_id_floor('2026-01-01'::timestamptz + n * interval '1 ms')";

/** A row or more in every table, with values that a careless format would lose. */
export async function fillEveryTable(url: string): Promise<void> {
  const add = (table: string, values: Record<string, string>, count = 1): Promise<void> =>
    addRows(url, table, values, count);
  await add('users', {
    id: ADMIN,
    email: "'ana@example.org'",
    email_key: "'ana@example.org'",
    display_name: `E'Ana \\\\. "Ñandú"\\nsecond line\\ttab \\\\N'`,
    role: "'admin'",
    created_at: "'2026-01-01 00:00:00.123456+00'::timestamptz",
  });
  await add('users', {
    id: USER,
    email: "'bo@example.org'",
    email_key: "'bo@example.org'",
    created_at: "'infinity'::timestamptz",
  });
  await add('users', { username: `E'\\\\.'`, username_key: `E'\\\\.'`, display_name: "''" });
  await add('credentials', { user_id: ADMIN, token_epoch: '3' });
  await add('refresh_tokens', { user_id: ADMIN, expires_at: "'1999-12-31 23:59:60+12'::timestamptz" });
  await add('api_keys', { user_id: USER, scopes: `ARRAY['admin', 'a,b', '"', NULL]` });
  await add('invitations', { used_by: USER });
  await run(url, "UPDATE plans SET requests_per_minute = 7 WHERE name = 'FREEMIUM'");
  await add('plans', { name: "'STUDY'" });
  await add('subscriptions', { user_id: USER, plan_name: "'STUDY'", granted_by: ADMIN });
  await add('artifacts', { sha256: "'a'", size_bytes: '2800000' });
  await add('artifact_chunks', {
    sha256: "'a'",
    index: '0',
    content: "decode(repeat('005c2e0a0d27ff', 400000), 'hex')",
  });
  await add('models', { name: "'cardiac-risk'" });
  await add('model_versions', {
    id: VERSION,
    model_name: "'cardiac-risk'",
    status: "'verified'",
    artifact_sha256: "'a'",
    manifest: `'{"a": "\\\\.\\n", "big": 12345678901234567890.5}'::jsonb`,
  });
  await run(url, `UPDATE models SET active_version_id = ${VERSION}`);
  await add('activations', { model_name: "'cardiac-risk'", version_id: VERSION });
  await add('legacy_lab_pointer', { id: '1', model_name: "'cardiac-risk'", pointed_by: ADMIN });
  await add('first_start', { id: '1' });
  await add('traffic_changes', { model_name: "'cardiac-risk'", shadow_version_ids: `ARRAY[${VERSION}]` });
  await add('shadow_predictions', { version_id: VERSION, served_version_id: VERSION, labels: `ARRAY['a', E'b\n']` });
  await add('provenances', { notice: "E'two\\nlines'" });
  await add(
    'predictions',
    { id: RECENT_ID, user_id: USER, shard: '1', seq: 'n', leaf: 'n', leaf_hash: "'\\x5c2e0a'" },
    20_000,
  );
  await add('prediction_contents', {
    id: RECENT_ID,
    content: "decode(repeat('005c2e0a0d27ff', 40), 'hex')",
    labels: "ARRAY['a', 'b,c']",
  });
  await add('prediction_subjects', { subject: "'p' || n" }, 10);
  await add('outcomes', { revision: 'n', content: "'\\x00ff'" }, 3);
  await add('idempotency_keys', { user_id: USER });
  await add('legacy_prediction_numbers', { user_id: USER, number: 'n' }, 3);
  await add('batches', { id: VERSION, status: "'queued'" });
  await add('batch_inputs', { batch_id: VERSION, number: 'n', bytes: "'\\x00ff5c'" }, 3);
  await add('batch_results', { batch_id: VERSION });
  await add('tallied_chains', { shard: 'n', seq: 'n' }, 3);
  await add('prediction_days', { source: "'file'", labels: `'{"a,\\\\": 1}'` });
  await add('scored_files', { kind: "'batch'", batch_id: VERSION });
  await add('audit_events', { actor_kind: "'system'", details: `'{"b":  1, "a":"\\n"}'` });
  await add('audit_keys', {});
  await add('audit_shards', { statement: `'{"a":1}'` });
  await add('audit_batches', { seq: 'n', sealed_at: "'2026-01-01 00:00:00.123+00'" }, 10);
  await add('audit_event_seals', {});
  await add('audit_checkpoints', {});
  await add('request_log', { id: RECENT_ID, auth_ms: '0.1', total_ms: "'NaN'" });
}
