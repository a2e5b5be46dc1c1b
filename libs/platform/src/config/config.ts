/** The one validated configuration object. Nothing else in the project reads the environment. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { readPem, readTokens, unreadable } from './configured-files.js';
import {
  tlsFaults,
  signingKeyFaults,
  auditKeyFaults,
  remoteTokensFaults,
  modelsDirFaults,
  clusterFaults,
  s3Faults,
  legacyFaults,
} from './faults.js';
import { LEGACY_NAMES, type LegacyName, type LegacyPort } from './legacy-parsers.js';
import { InvalidVariable } from './parsers.js';
import { variableEntries, variables, type Values, type VariableName } from './variables.js';

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
  /** Whether the web console is served. */
  readonly console: boolean;
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
  /** Older services that are served by adapters. */
  readonly legacy: {
    readonly apis: readonly LegacyName[];
    /** At whose root they are served as well. */
    readonly ports: readonly LegacyPort[];
    readonly weakPasswords: boolean;
    readonly selfServicePlan: boolean;
    /** `user`: by name; undefined: calls without a token are refused. */
    readonly anonymous: { readonly user?: string; readonly models: readonly string[] };
    readonly penguinsModels: readonly string[];
    readonly labModels: readonly string[];
    readonly glmModel: string;
    readonly fileLogs: boolean;
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
    this.console = values.CONSOLE === 'on';
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
    this.legacy = {
      apis: values.LEGACY_APIS,
      ports: values.LEGACY_PORTS,
      weakPasswords: values.LEGACY_WEAK_PASSWORDS,
      selfServicePlan: values.LEGACY_SELF_SERVICE_PLAN,
      anonymous: { user: values.LEGACY_ANONYMOUS_USER, models: values.LEGACY_ANONYMOUS_MODELS },
      penguinsModels: values.LEGACY_PENGUINS_MODELS,
      labModels: values.LEGACY_LAB_MODELS,
      glmModel: values.LEGACY_GLM_MODEL,
      fileLogs: values.LEGACY_FILE_LOGS,
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

function remoteServers(values: Values, baseDir: string): LatidoConfig['inference']['remote']['servers'] {
  const { REMOTE_ENGINE_HOSTS, REMOTE_ENGINE_TOKENS_FILE } = values;
  const tokens = REMOTE_ENGINE_TOKENS_FILE ? readTokens(resolve(baseDir, REMOTE_ENGINE_TOKENS_FILE)) : undefined;
  return REMOTE_ENGINE_HOSTS.map((url) => {
    const token = tokens?.get(url);
    return token === undefined ? { url } : { url, token };
  });
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

/** The environment of a server that was started with `options`: `--legacy` serves all older services, at no port of their own. */
export function startEnvironment(
  options: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  if (!options.includes('--legacy')) return environment;
  return { ...environment, LEGACY_APIS: LEGACY_NAMES.join(','), LEGACY_PORTS: '' };
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
  if (!faults.some((fault) => fault.startsWith('LEGACY_'))) faults.push(...legacyFaults(values as Values));
  if (!faults.some((fault) => fault.startsWith('S3_'))) faults.push(...s3Faults(values as Values));
  if (faults.length > 0) throw new ConfigError(faults);
  return new LatidoConfig(values as Values, baseDir);
}
