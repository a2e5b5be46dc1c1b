/** What is wrong with variables that each have a value of their own, but do not go together or name what is not there. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { readEd25519PrivateKey, readP256PrivateKey, readPem, readTokens, unreadable } from './configured-files.js';
import { variables, type Values } from './variables.js';

export function tlsFaults({ TLS_CERT, TLS_KEY }: Values, baseDir: string): string[] {
  if (!TLS_CERT || !TLS_KEY) return [];
  try {
    createSecureContext({
      cert: readFileSync(resolve(baseDir, TLS_CERT)),
      key: readFileSync(resolve(baseDir, TLS_KEY)),
    });
    return [];
  } catch (error) {
    const example =
      'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key -out tls.crt -days 365 -subj /CN=localhost';
    return [
      `TLS_CERT and TLS_KEY are not a certificate and its private key in PEM (${(error as Error).message}). Example: ${example}`,
    ];
  }
}

export function signingKeyFaults({ TOKEN_SIGNING_KEY }: Values, baseDir: string): string[] {
  if (!TOKEN_SIGNING_KEY) return [];
  const example =
    'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out token-key.pem; TOKEN_SIGNING_KEY=token-key.pem';
  if (!TOKEN_SIGNING_KEY.includes('-----BEGIN') && unreadable(resolve(baseDir, TOKEN_SIGNING_KEY))) {
    return [`TOKEN_SIGNING_KEY is neither PEM text nor the path of a file that can be read. Example: ${example}`];
  }
  if (readP256PrivateKey(readPem(TOKEN_SIGNING_KEY, baseDir))) return [];
  return [`TOKEN_SIGNING_KEY is not a P-256 private key in PEM. Example: ${example}`];
}

export function auditKeyFaults({ AUDIT_KEY_FILE }: Values, baseDir: string): string[] {
  if (!AUDIT_KEY_FILE) return [];
  const path = resolve(baseDir, AUDIT_KEY_FILE);
  const reason = unreadable(path);
  const example = 'openssl genpkey -algorithm ed25519 -out audit-key.pem; AUDIT_KEY_FILE=audit-key.pem';
  if (reason) return [`AUDIT_KEY_FILE names a file that ${reason}. Example: ${example}`];
  if (readEd25519PrivateKey(readFileSync(path, 'utf8'))) return [];
  return [`AUDIT_KEY_FILE holds no Ed25519 private key in PEM. Example: ${example}`];
}

export function remoteTokensFaults(
  { REMOTE_ENGINE_HOSTS, REMOTE_ENGINE_TOKENS_FILE }: Values,
  baseDir: string,
): string[] {
  if (!REMOTE_ENGINE_TOKENS_FILE) return [];
  const path = resolve(baseDir, REMOTE_ENGINE_TOKENS_FILE);
  const reason = unreadable(path);
  const example = `REMOTE_ENGINE_TOKENS_FILE=${variables.REMOTE_ENGINE_TOKENS_FILE.example}`;
  if (reason) return [`REMOTE_ENGINE_TOKENS_FILE names a file that ${reason}. Example: ${example}`];
  const tokens = readTokens(path);
  if (!tokens)
    return [
      `REMOTE_ENGINE_TOKENS_FILE must hold a JSON object of tokens by base URL. Example: {"https://triton.internal:8443": "token"}`,
    ];
  const unlisted = [...tokens.keys()].find((url) => !REMOTE_ENGINE_HOSTS.includes(url));
  return unlisted === undefined
    ? []
    : [
        `REMOTE_ENGINE_TOKENS_FILE has a token for ${unlisted}, which REMOTE_ENGINE_HOSTS does not list. Example: ${example}`,
      ];
}

/** Only a folder that was asked for must be there. */
export function modelsDirFaults(given: string | undefined, baseDir: string): string[] {
  if (!given || statSync(resolve(baseDir, given), { throwIfNoEntry: false })?.isDirectory()) return [];
  return [`MODELS_DIR names no folder: ${given}. Example: MODELS_DIR=${variables.MODELS_DIR.example}`];
}

/** Several processes that each count by themselves would give away a whole quota each. */
export function clusterFaults({ CLUSTER_WORKERS, REDIS_URL }: Values): string[] {
  if (!(CLUSTER_WORKERS > 1) || REDIS_URL) return [];
  return [
    `CLUSTER_WORKERS asks for ${CLUSTER_WORKERS} processes, and REDIS_URL is missing, in which they count quotas together. Example: REDIS_URL=${variables.REDIS_URL.example}, or CLUSTER_WORKERS=1`,
  ];
}

/** What is set for S3 is meant to be used, and needs its other half. */
export function s3Faults(values: Values): string[] {
  const { ARTIFACT_STORE, S3_BUCKET, S3_ENDPOINT } = values;
  const faults: string[] = [];
  const missing = (name: 'S3_BUCKET' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY', beside: string): void => {
    faults.push(`${name} is missing beside ${beside}. Example: ${name}=${variables[name].example}`);
  };
  const given = S3_BUCKET !== undefined ? 'S3_BUCKET' : S3_ENDPOINT !== undefined ? 'S3_ENDPOINT' : undefined;
  if (ARTIFACT_STORE === 'postgres' && given)
    faults.push(
      `${given} is set, and ARTIFACT_STORE is postgres, so that nothing would be kept there. Example: ARTIFACT_STORE=s3, or leave ${given} out`,
    );
  if (ARTIFACT_STORE === 's3' && S3_BUCKET === undefined) missing('S3_BUCKET', 'ARTIFACT_STORE=s3');
  if (values.S3_ACCESS_KEY_ID && !values.S3_SECRET_ACCESS_KEY) missing('S3_SECRET_ACCESS_KEY', 'S3_ACCESS_KEY_ID');
  if (values.S3_SECRET_ACCESS_KEY && !values.S3_ACCESS_KEY_ID) missing('S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY');
  return faults;
}

/** A port is one service's, and not the server's own. */
export function legacyFaults({ LEGACY_APIS, LEGACY_PORTS, PORT }: Values): string[] {
  return LEGACY_PORTS.flatMap(({ name, port }) => {
    if (!LEGACY_APIS.includes(name))
      return [`LEGACY_PORTS gives a port to ${name}, which LEGACY_APIS does not name. Example: LEGACY_APIS=${name}`];
    if (port !== PORT) return [];
    return [
      `LEGACY_PORTS gives ${name} the port ${port}, which is the server's own. Example: LEGACY_PORTS=${name}:5000`,
    ];
  });
}
