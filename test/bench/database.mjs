/**
 * Everything of the benchmark that knows tables: it puts people into a running server's database, because ten thousand registrations
 * would take ten thousand argon2 hashes, and shows how statements are planned.
 */
import { createHash, createPrivateKey, createPublicKey, randomInt, randomUUID, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import pg from 'pg';
import { newId } from '../../dist/libs/platform/src/ids.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const USERS_AT_ONCE = 10_000;
/** Longer than a token of the server's own lives, because a soak does; nothing else of it differs. */
const TOKEN_SECONDS = 24 * 60 * 60;

/** The database of a server that is running on this data folder. */
export async function connect(dataFolder, role = 'latido_owner', database = 'latido') {
  const port = Number(readFileSync(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[3]);
  const password = readFileSync(join(dataFolder, `secrets/database-${role}`), 'utf8');
  const client = new pg.Client({ host: '127.0.0.1', port, user: role, password, database });
  await client.connect();
  return client;
}

function base62(length) {
  return Array.from({ length }, () => DIGITS[randomInt(DIGITS.length)]).join('');
}

/** As libs/auth/src/api-keys/api-key-format.ts makes them. */
function newApiKey() {
  const prefix = `lat_${base62(8)}`;
  const body = `${prefix}_${base62(32)}`;
  let checksum = '';
  for (let rest = crc32(body); rest > 0; rest = Math.floor(rest / 62)) checksum = `${DIGITS[rest % 62]}${checksum}`;
  return { key: `${body}${checksum.padStart(6, '0')}`, prefix };
}

/** Signs access tokens as the server does, with its own key and in the form of one that it issued. */
function tokenSigner(dataFolder, issued) {
  const key = createPrivateKey(readFileSync(join(dataFolder, 'secrets/token-signing-key.pem')));
  const [header, payload] = issued.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const { x, y, crv, kty } = createPublicKey(key).export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  if (JSON.parse(Buffer.from(header, 'base64url').toString()).kid !== kid)
    throw new Error('the server signs with another key than the one in its data folder');
  return (userId) => {
    const own = { ...claims, sub: userId, sid: newId(), jti: randomUUID(), epoch: 0, exp: claims.iat + TOKEN_SECONDS };
    const input = `${header}.${Buffer.from(JSON.stringify(own)).toString('base64url')}`;
    const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  };
}

/**
 * People who have the plan PREMIUM and the password of `like`, each with a token and an API key.
 * @param {string} dataFolder of a running server
 * @param {object} options
 * @param {string} [options.prefix] of their names, which end in a number
 * @param {string} [options.role]
 * @param {number} options.from number of the first
 * @param {number} options.count
 * @param {string} options.like id of somebody who registered in the ordinary way
 * @param {string} options.token one that the server issued
 * @returns {Promise<{ids: string[], tokens: string[], apiKeys: string[]}>}
 */
export async function addPeople(dataFolder, { prefix = 'bench', role = 'user', from, count, like, token }) {
  const client = await connect(dataFolder);
  const tokenOf = tokenSigner(dataFolder, token);
  const [ids, tokens, apiKeys] = [[], [], []];
  try {
    for (let done = 0; done < count; done += USERS_AT_ONCE) {
      const size = Math.min(USERS_AT_ONCE, count - done);
      const some = Array.from({ length: size }, (_, index) => ({
        id: newId(),
        name: `${prefix}-${from + done + index}`,
        keyId: newId(),
        ...newApiKey(),
      }));
      const someIds = some.map(({ id }) => id);
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO users (id, username, username_key, role)
           SELECT id, name, name, $3 FROM unnest($1::uuid[], $2::text[]) AS u(id, name)`,
        [someIds, some.map(({ name }) => name), role],
      );
      await client.query(
        `INSERT INTO credentials (user_id, password_hash)
           SELECT u.id, c.password_hash FROM unnest($1::uuid[]) AS u(id), credentials c WHERE c.user_id = $2`,
        [someIds, like],
      );
      await client.query(
        `INSERT INTO subscriptions (user_id, plan_name) SELECT id, 'PREMIUM' FROM unnest($1::uuid[]) AS u(id)`,
        [someIds],
      );
      await client.query(
        `INSERT INTO api_keys (id, user_id, name, prefix, key_hash)
           SELECT id, user_id, 'bench', prefix, key_hash
             FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS k(id, user_id, prefix, key_hash)`,
        [
          some.map(({ keyId }) => keyId),
          someIds,
          some.map(({ prefix }) => prefix),
          some.map(({ key }) => createHash('sha256').update(key).digest('base64url')),
        ],
      );
      await client.query('COMMIT');
      for (const { id, key } of some) {
        ids.push(id);
        apiKeys.push(key);
        tokens.push(tokenOf(id));
      }
    }
    await client.query('ANALYZE users, credentials, subscriptions, api_keys');
  } finally {
    await client.end();
  }
  return { ids, tokens, apiKeys };
}

/** Has Postgres write down how it runs each statement, from its next start on. The statements are the server's own, whatever they are. */
export async function logPlans(dataFolder) {
  const client = await connect(dataFolder, 'postgres');
  try {
    await client.query("LOAD 'auto_explain'");
    for (const [name, value] of Object.entries({
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_analyze': 'on',
      'auto_explain.log_buffers': 'on',
      logging_collector: 'on',
    }))
      await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  } finally {
    await client.end();
  }
}

/** The plans logged so far, in their order, of statements that read what was recorded. */
export function loggedPlans(dataFolder) {
  const folder = join(dataFolder, 'postgres/log');
  const text = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  return text
    .split(/\n(?=\S)/)
    .filter((entry) => /LOG: {2}duration: .* plan:\n/.test(entry) && /Query Text: \s*(SELECT|WITH)/i.test(entry))
    .filter((entry) => /\b(prediction|batch|audit|record)/.test(entry))
    .map((entry) => ({
      milliseconds: Number(/duration: ([\d.]+) ms/.exec(entry)[1]),
      plan: entry
        .slice(entry.search(/\n\t[^\n]*\(cost=/) + 1)
        .replaceAll(/^\t/gm, '')
        .trimEnd(),
    }));
}

/** The largest tables, with their indexes. */
export async function tableSizes(dataFolder) {
  const client = await connect(dataFolder);
  try {
    const { rows } = await client.query(
      `SELECT relname AS name, pg_total_relation_size(oid)::float8 / 1048576 AS megabytes
         FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace = 'public'::regnamespace
         ORDER BY 2 DESC LIMIT 10`,
    );
    return rows;
  } finally {
    await client.end();
  }
}
