/** The one validated configuration object. Nothing else in the project reads the environment. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { parse as parseDotenv } from 'dotenv';
import { InvalidVariable, variableEntries, variables, type VariableName } from './variables.js';

type Values = {
  [Name in VariableName]: (typeof variables)[Name] extends { parse: (text: string) => infer T }
    ? (typeof variables)[Name] extends { default: string }
      ? T
      : T | undefined
    : never;
};

/** Names every variable that is wrong, what is wrong with it, and an example that would be right. */
export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** A bucket of an S3-compatible store. */
export interface S3Settings {
  /** Undefined: Amazon S3. */
  readonly endpoint?: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  /** Undefined: what the AWS SDK finds by itself. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The bucket in the path of a URL, not in its host name. */
  readonly pathStyle: boolean;
}

export class LatidoConfig {
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly tls?: { readonly cert: string; readonly key: string };
    readonly corsOrigins: readonly string[];
    readonly trustProxy?: readonly string[];
    /** Largest JSON body read. */
    readonly bodyLimitBytes: number;
  };
  /** Absolute path. */
  readonly dataDir: string;
  readonly database: { readonly url?: string; readonly ownerUrl?: string; readonly poolSize: number };
  /** Processes on the one port. */
  readonly cluster: { readonly workers: number };
  readonly redis: { readonly url?: string };
  /** `replicas`: among how many a quota is divided, at least, while they cannot count together. */
  readonly quota: { readonly replicas: number };
  readonly models: {
    /** Absolute path. */
    readonly dir: string;
    /** For models that are loaded. */
    readonly memoryBytes: number;
    readonly hotFolder: {
      /** Between two looks at `dir`; 0: it is looked at when the server starts. */
      readonly everyMs: number;
      /** Models whose new versions are activated when they are verified. */
      readonly autoActivate: readonly string[];
    };
    /** Of one model file, at most. */
    readonly largestArtifactBytes: number;
  };
  readonly artifacts: {
    /** Model files on this machine. */
    readonly cacheBytes: number;
    /** Where they are kept; undefined: in the database. */
    readonly s3?: S3Settings;
  };
  readonly inference: {
    readonly engine: 'auto' | 'onnx' | 'tfjs';
    /** Worker threads at most; undefined: by the number of processors. */
    readonly threads?: number;
    /** Servers that may compute models: base URLs, with the token that each is sent. */
    readonly remote: {
      readonly servers: readonly { readonly url: string; readonly token?: string }[];
      readonly timeoutMs: number;
    };
    /** What reading one Keras file may cost. */
    readonly imports: { readonly timeoutMs: number; readonly memoryBytes: number };
  };
  readonly files: {
    /** What the answer to one CSV file may take on disk while nobody reads it. */
    readonly spoolBytes: number;
  };
  readonly jobs: {
    /** Whether this process does jobs, or only queues them. */
    readonly runHere: boolean;
  };
  readonly batches: { readonly keptMs: number; readonly mostBytes: number };
  readonly auth: {
    readonly adminEmail: string;
    readonly adminPassword?: string;
    readonly registration: 'open' | 'invite' | 'closed';
    readonly issuer: string;
    /** PEM text. */
    readonly signingKey?: string;
  };
  readonly audit: {
    /** PEM text of the Ed25519 private key; undefined: one in the data folder. */
    readonly key?: string;
    /** This machine's name in the record. */
    readonly replica: string;
    readonly checkpoints: {
      readonly everyMs: number;
      /** Absolute path. */
      readonly file: string;
      readonly url?: string;
    };
  };
  readonly log: { readonly level: string };

  constructor(values: Values, baseDir: string) {
    const { TLS_CERT, TLS_KEY } = values;
    this.http = {
      host: values.HOST,
      port: values.PORT,
      ...(TLS_CERT && TLS_KEY
        ? {
            tls: {
              cert: readFileSync(resolve(baseDir, TLS_CERT), 'utf8'),
              key: readFileSync(resolve(baseDir, TLS_KEY), 'utf8'),
            },
          }
        : {}),
      corsOrigins: values.CORS_ORIGINS,
      ...(values.TRUST_PROXY ? { trustProxy: values.TRUST_PROXY } : {}),
      bodyLimitBytes: 1_048_576,
    };
    this.dataDir = resolve(baseDir, values.DATA_DIR);
    this.database = {
      url: values.DATABASE_URL,
      ownerUrl: values.DATABASE_OWNER_URL,
      poolSize: values.DATABASE_POOL_SIZE,
    };
    this.cluster = { workers: values.CLUSTER_WORKERS };
    this.redis = { url: values.REDIS_URL };
    this.quota = { replicas: values.QUOTA_REPLICAS ?? values.CLUSTER_WORKERS };
    this.models = {
      dir: resolve(baseDir, values.MODELS_DIR),
      memoryBytes: values.MODEL_MEMORY_MB * 2 ** 20,
      hotFolder: { everyMs: values.MODELS_SCAN_SECONDS * 1000, autoActivate: values.HOT_FOLDER_AUTO_ACTIVATE },
      largestArtifactBytes: values.MODEL_MAX_MB * 2 ** 20,
    };
    this.artifacts = { cacheBytes: values.ARTIFACT_CACHE_MB * 2 ** 20, s3: s3Settings(values) };
    this.inference = {
      engine: values.INFERENCE_ENGINE,
      ...(values.INFERENCE_THREADS === undefined ? {} : { threads: values.INFERENCE_THREADS }),
      remote: { servers: remoteServers(values, baseDir), timeoutMs: values.REMOTE_ENGINE_SECONDS * 1000 },
      imports: { timeoutMs: values.IMPORT_SECONDS * 1000, memoryBytes: values.IMPORT_MEMORY_MB * 2 ** 20 },
    };
    this.files = { spoolBytes: values.CSV_SPOOL_MB * 2 ** 20 };
    this.jobs = { runHere: values.JOBS === 'inline' };
    this.batches = { keptMs: values.BATCH_DAYS * 86_400_000, mostBytes: values.BATCH_INPUT_MB * 2 ** 20 };
    this.auth = {
      adminEmail: values.ADMIN_EMAIL,
      adminPassword: values.ADMIN_PASSWORD,
      registration: values.REGISTRATION,
      issuer: values.TOKEN_ISSUER,
      signingKey: values.TOKEN_SIGNING_KEY && readPem(values.TOKEN_SIGNING_KEY, baseDir),
    };
    this.audit = {
      key: values.AUDIT_KEY_FILE && readFileSync(resolve(baseDir, values.AUDIT_KEY_FILE), 'utf8'),
      replica: values.REPLICA_NAME ?? hostname(),
      checkpoints: {
        everyMs: values.AUDIT_CHECKPOINT_SECONDS * 1000,
        file: resolve(baseDir, values.AUDIT_CHECKPOINT_FILE ?? join(this.dataDir, 'audit-checkpoints.jsonl')),
        url: values.AUDIT_CHECKPOINT_URL,
      },
    };
    this.log = { level: values.LOG_LEVEL };
  }

  /** The same for a process that is there to do jobs, and leaves the folder of models to the API's. */
  forWorker(): LatidoConfig {
    const models = { ...this.models, hotFolder: { ...this.models.hotFolder, everyMs: 0 } };
    return Object.assign(Object.create(LatidoConfig.prototype) as LatidoConfig, this, {
      jobs: { runHere: true },
      models,
    });
  }
}

function s3Settings(values: Values): S3Settings | undefined {
  if (values.ARTIFACT_STORE !== 's3' || !values.S3_BUCKET) return undefined;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = values;
  return {
    endpoint: values.S3_ENDPOINT,
    bucket: values.S3_BUCKET,
    prefix: values.S3_PREFIX,
    region: values.S3_REGION,
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
    pathStyle: values.S3_PATH_STYLE ?? values.S3_ENDPOINT !== undefined,
  };
}

function readPem(value: string, baseDir: string): string {
  return value.includes('-----BEGIN') ? value.replaceAll('\\n', '\n') : readFileSync(resolve(baseDir, value), 'utf8');
}

function remoteServers(values: Values, baseDir: string): LatidoConfig['inference']['remote']['servers'] {
  const { REMOTE_ENGINE_HOSTS, REMOTE_ENGINE_TOKENS_FILE } = values;
  const tokens = REMOTE_ENGINE_TOKENS_FILE ? readTokens(resolve(baseDir, REMOTE_ENGINE_TOKENS_FILE)) : undefined;
  return REMOTE_ENGINE_HOSTS.map((url) => {
    const token = tokens?.get(url);
    return token === undefined ? { url } : { url, token };
  });
}

/** Tokens by base URL; undefined for what is no such file. */
function readTokens(path: string): Map<string, string> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const entries = Object.entries(parsed);
  if (!entries.every(([url, token]) => URL.canParse(url) && typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)))
    return undefined;
  return new Map(entries.map(([url, token]) => [new URL(url).href.replace(/\/+$/, ''), token as string]));
}

function readDotenv(baseDir: string): Record<string, string> {
  const path = resolve(baseDir, '.env');
  return existsSync(path) ? parseDotenv(readFileSync(path)) : {};
}

/** A variable as it holds now, for people: secrets are not shown. */
export interface EffectiveVariable {
  readonly name: VariableName;
  /** Null when unset and without a default. */
  readonly value: string | null;
  readonly source: 'environment' | '.env' | 'default' | 'unset';
}

/** All variables by name, with where each value comes from. Of a connection URL the password is hidden, of other secrets all. */
export function effectiveVariables(
  environment: NodeJS.ProcessEnv = process.env,
  baseDir: string = process.cwd(),
): EffectiveVariable[] {
  const dotenv = readDotenv(baseDir);
  return variableEntries.map(([name, variable]) => {
    const source = environment[name] !== undefined ? 'environment' : dotenv[name] !== undefined ? '.env' : 'default';
    const given = environment[name] ?? dotenv[name];
    // An empty value counts as unset, and still keeps .env from being asked.
    if (given === undefined || given === '')
      return { name, value: variable.default ?? null, source: variable.default === undefined ? 'unset' : 'default' };
    return { name, value: variable.secret ? hideSecret(given) : given, source };
  });
}

function hideSecret(value: string): string {
  if (!URL.canParse(value) || !value.includes('://')) return '(hidden)';
  const url = new URL(value);
  return `${url.protocol}//${url.username}${url.password === '' ? '' : ':(hidden)'}@${url.host}${url.pathname}`;
}

/** Why a file cannot be read, or undefined. */
function unreadable(path: string): string | undefined {
  try {
    readFileSync(path);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
  }
}

function tlsFaults({ TLS_CERT, TLS_KEY }: Values, baseDir: string): string[] {
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

/** The private key in PEM text; undefined for what is none, or not of the kind that is needed. */
function readPrivateKey(pem: string, fits: (key: KeyObject) => boolean): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return fits(key) ? key : undefined;
  } catch {
    return undefined; // not a key at all
  }
}

/** The P-256 private key in PEM text, as ES256 needs one; undefined for anything else. */
export function readP256PrivateKey(pem: string): KeyObject | undefined {
  return readPrivateKey(
    pem,
    (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  );
}

/** The Ed25519 private key in PEM text; undefined for anything else. */
export function readEd25519PrivateKey(pem: string): KeyObject | undefined {
  return readPrivateKey(pem, (key) => key.asymmetricKeyType === 'ed25519');
}

function signingKeyFaults({ TOKEN_SIGNING_KEY }: Values, baseDir: string): string[] {
  if (!TOKEN_SIGNING_KEY) return [];
  const example =
    'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out token-key.pem; TOKEN_SIGNING_KEY=token-key.pem';
  if (!TOKEN_SIGNING_KEY.includes('-----BEGIN') && unreadable(resolve(baseDir, TOKEN_SIGNING_KEY))) {
    return [`TOKEN_SIGNING_KEY is neither PEM text nor the path of a file that can be read. Example: ${example}`];
  }
  if (readP256PrivateKey(readPem(TOKEN_SIGNING_KEY, baseDir))) return [];
  return [`TOKEN_SIGNING_KEY is not a P-256 private key in PEM. Example: ${example}`];
}

function auditKeyFaults({ AUDIT_KEY_FILE }: Values, baseDir: string): string[] {
  if (!AUDIT_KEY_FILE) return [];
  const path = resolve(baseDir, AUDIT_KEY_FILE);
  const reason = unreadable(path);
  const example = 'openssl genpkey -algorithm ed25519 -out audit-key.pem; AUDIT_KEY_FILE=audit-key.pem';
  if (reason) return [`AUDIT_KEY_FILE names a file that ${reason}. Example: ${example}`];
  if (readEd25519PrivateKey(readFileSync(path, 'utf8'))) return [];
  return [`AUDIT_KEY_FILE holds no Ed25519 private key in PEM. Example: ${example}`];
}

function remoteTokensFaults({ REMOTE_ENGINE_HOSTS, REMOTE_ENGINE_TOKENS_FILE }: Values, baseDir: string): string[] {
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
function modelsDirFaults(given: string | undefined, baseDir: string): string[] {
  if (!given || statSync(resolve(baseDir, given), { throwIfNoEntry: false })?.isDirectory()) return [];
  return [`MODELS_DIR names no folder: ${given}. Example: MODELS_DIR=${variables.MODELS_DIR.example}`];
}

/** Several processes that each count by themselves would give away a whole quota each. */
function clusterFaults({ CLUSTER_WORKERS, REDIS_URL }: Values): string[] {
  if (!(CLUSTER_WORKERS > 1) || REDIS_URL) return [];
  return [
    `CLUSTER_WORKERS asks for ${CLUSTER_WORKERS} processes, and REDIS_URL is missing, in which they count quotas together. Example: REDIS_URL=${variables.REDIS_URL.example}, or CLUSTER_WORKERS=1`,
  ];
}

/** What is set for S3 is meant to be used, and needs its other half. */
function s3Faults(values: Values): string[] {
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

/**
 * Reads `.env` in `baseDir` if it is there (real variables win over it), checks every variable and returns the configuration.
 * Relative paths are taken from `baseDir`. An empty value counts as unset.
 * @throws ConfigError naming all faults at once.
 */
export function loadConfig(
  environment: NodeJS.ProcessEnv = process.env,
  baseDir: string = process.cwd(),
): LatidoConfig {
  const merged = { ...readDotenv(baseDir), ...environment };
  const faults: string[] = [];
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const [name, variable] of variableEntries) {
    const given = merged[name];
    const text = given === undefined || given === '' ? variable.default : given;
    if (text === undefined) continue;
    try {
      values[name] = variable.parse(text);
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      const shown = variable.secret ? '' : ` It is "${text}".`;
      faults.push(`${name} ${error.message}.${shown} Example: ${name}=${variable.example}`);
    }
  }
  for (const path of ['TLS_CERT', 'TLS_KEY'] as const) {
    const value = values[path] as string | undefined;
    const other = path === 'TLS_CERT' ? 'TLS_KEY' : 'TLS_CERT';
    if (value && !values[other])
      faults.push(`${other} is missing beside ${path}. Example: ${other}=${variables[other].example}`);
    const reason = value && unreadable(resolve(baseDir, value));
    if (reason)
      faults.push(`${path} names a file that ${reason}: ${value}. Example: ${path}=${variables[path].example}`);
  }
  if (faults.length === 0)
    faults.push(
      ...tlsFaults(values as Values, baseDir),
      ...signingKeyFaults(values as Values, baseDir),
      ...auditKeyFaults(values as Values, baseDir),
      ...remoteTokensFaults(values as Values, baseDir),
      ...modelsDirFaults(merged.MODELS_DIR, baseDir),
    );
  if (values.DATABASE_OWNER_URL && !values.DATABASE_URL) {
    faults.push(
      `DATABASE_URL is missing beside DATABASE_OWNER_URL. Example: DATABASE_URL=${variables.DATABASE_URL.example}`,
    );
  }
  faults.push(...clusterFaults(values as Values));
  if (!faults.some((fault) => fault.startsWith('S3_'))) faults.push(...s3Faults(values as Values));
  if (faults.length > 0) throw new ConfigError(faults);
  return new LatidoConfig(values as Values, baseDir);
}
