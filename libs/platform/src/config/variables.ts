/**
 * Every environment variable that Latido reads: its default, what it means and how its text becomes a value.
 * `.env.example` and docs/configuration.md are generated from this table.
 */
import {
  addresses,
  baseUrls,
  bucketName,
  email,
  flag,
  integerBetween,
  minimumLength,
  modelNames,
  objectPrefix,
  oneOf,
  origins,
  postgresUrl,
  redisUrl,
  replicaName,
  text,
  webUrl,
  workers,
} from './parsers.js';
import { legacyVariables } from './legacy-variables.js';
import { variable, type Variable } from './variable.js';

export type { Variable };

export const variables = {
  HOST: variable({
    description:
      'Address to listen on. Only this machine can reach 127.0.0.1; use 0.0.0.0 in a container or behind a proxy.',
    default: '127.0.0.1',
    example: '0.0.0.0',
    parse: text,
  }),
  PORT: variable({
    description: 'Port to listen on; 0 takes a free one.',
    default: '3000',
    example: '3000',
    parse: integerBetween(0, 65535),
  }),
  DATA_DIR: variable({
    description: 'Folder for what must survive a restart: the embedded database, signing keys, generated secrets.',
    default: './data',
    example: '/var/lib/latido',
    parse: text,
  }),
  DATABASE_URL: variable({
    description:
      'Postgres (15 or newer) to use, as the application role. Unset: a Postgres is started from the installed packages, its data in DATA_DIR.',
    example: 'postgres://latido_app:secret@db.internal:5432/latido',
    secret: true,
    parse: postgresUrl,
  }),
  DATABASE_OWNER_URL: variable({
    description:
      'The same database as the role that owns the schema and runs migrations. Unset beside DATABASE_URL: that role does both, and the record is not write-protected.',
    example: 'postgres://latido_owner:secret@db.internal:5432/latido',
    secret: true,
    parse: postgresUrl,
  }),
  DATABASE_POOL_SIZE: variable({
    description: 'Connections to the database, at most, of each process.',
    default: '10',
    example: '20',
    parse: integerBetween(2, 200),
  }),
  REDIS_URL: variable({
    description:
      'Redis or Valkey (6.2 or newer) in which all replicas count quotas, row budgets and sign-in attempts together. Unset: they are counted in this process, which must then be the only one.',
    example: 'redis://localhost:6379',
    secret: true,
    parse: redisUrl,
  }),
  QUOTA_REPLICAS: variable({
    description:
      'How many replicas share a quota while Redis is away and each counts by itself, if more than were seen there last. Unset: CLUSTER_WORKERS.',
    example: '4',
    parse: integerBetween(1, 10_000),
  }),
  CLUSTER_WORKERS: variable({
    description:
      'Processes that answer on the one port; auto is one for each processor. More than one need REDIS_URL, so that they count quotas together.',
    default: '1',
    example: 'auto',
    parse: workers,
  }),
  MODELS_DIR: variable({
    description:
      'Folder with model versions, <name>/<version>/, and bare model files, <name>.onnx: registered at start and, as they appear, while the server runs.',
    default: './models',
    example: '/srv/models',
    parse: text,
  }),
  MODELS_SCAN_SECONDS: variable({
    description: 'How often MODELS_DIR is looked through for what is new or gone; 0 looks at start alone.',
    default: '5',
    example: '30',
    parse: integerBetween(0, 86_400),
  }),
  HOT_FOLDER_AUTO_ACTIVATE: variable({
    description:
      'Models, separated by commas, whose new versions in MODELS_DIR are activated when they are verified and their policy lets them. Unset: none.',
    default: '',
    example: 'cardiac-risk,penguins-forest',
    parse: modelNames,
  }),
  MODEL_MEMORY_MB: variable({
    description:
      'Megabytes for models that are loaded, in all threads together. Active versions stay; of the others the ones used longest ago go when there is no room.',
    default: '512',
    example: '2048',
    parse: integerBetween(1, 1_048_576),
  }),
  MODEL_MAX_MB: variable({
    description: 'Megabytes that one model file may have. Larger ones are refused before they are read.',
    default: '512',
    example: '1024',
    // ONNX files are protobuf messages, which end below 2 GB, and a version's size is an integer.
    parse: integerBetween(1, 2_047),
  }),
  ARTIFACT_STORE: variable({
    description:
      'Where model files are kept: postgres, with everything else and in its backups, or s3, a bucket of any S3-compatible store.',
    default: 'postgres',
    example: 's3',
    parse: oneOf('postgres', 's3'),
  }),
  ARTIFACT_CACHE_MB: variable({
    description:
      'Megabytes of model files that are kept in DATA_DIR/artifacts, so that they are not fetched for each load. The ones opened longest ago go first; one file may be larger.',
    default: '4096',
    example: '20000',
    parse: integerBetween(1, 1_048_576),
  }),
  S3_ENDPOINT: variable({
    description: 'Address of the S3-compatible store of ARTIFACT_STORE=s3. Unset: Amazon S3 in S3_REGION.',
    example: 'https://minio.hospital.example:9000',
    parse: webUrl,
  }),
  S3_BUCKET: variable({
    description: 'Bucket of ARTIFACT_STORE=s3; it must be there already.',
    example: 'latido-models',
    parse: bucketName,
  }),
  S3_PREFIX: variable({
    description: 'What names of objects begin with, for instance where several installations share a bucket.',
    default: '',
    example: 'production/',
    parse: objectPrefix,
  }),
  S3_REGION: variable({
    description: 'Region of the bucket; most stores other than Amazon take any.',
    default: 'us-east-1',
    example: 'eu-central-1',
    parse: text,
  }),
  S3_ACCESS_KEY_ID: variable({
    description:
      "Key that requests to S3 are signed with. Unset beside S3_SECRET_ACCESS_KEY: what the AWS SDK finds by itself, such as the machine's role.",
    example: 'latido',
    parse: text,
  }),
  S3_SECRET_ACCESS_KEY: variable({
    description: 'The secret of S3_ACCESS_KEY_ID.',
    example: 'a-secret-of-the-store',
    secret: true,
    parse: text,
  }),
  S3_PATH_STYLE: variable({
    description:
      'Whether the bucket stands in the path of a URL (true) or in its host name (false). Unset: in the path where S3_ENDPOINT is set.',
    example: 'false',
    parse: flag,
  }),
  INFERENCE_THREADS: variable({
    description:
      'Worker threads for batches that take more than 2 ms, at most. Unset: one less than there are processors, and one at least.',
    example: '4',
    parse: integerBetween(1, 256),
  }),
  INFERENCE_ENGINE: variable({
    description:
      'auto serves on ONNX Runtime once it has matched the golden rows and TensorFlow.js; onnx and tfjs serve on that engine.',
    default: 'auto',
    example: 'tfjs',
    parse: oneOf('auto', 'onnx', 'tfjs'),
  }),
  REMOTE_ENGINE_HOSTS: variable({
    description:
      'Base URLs of servers that speak the Open Inference Protocol and may compute models (artifact format remote), separated by commas. No other address is ever called for a model. Unset: none.',
    default: '',
    example: 'https://triton.internal:8443,http://mlserver.internal:8080',
    parse: baseUrls,
  }),
  REMOTE_ENGINE_TOKENS_FILE: variable({
    description:
      'Path of a JSON file with the bearer tokens of those servers, by base URL: {"https://triton.internal:8443": "…"}. Unset: none is sent.',
    example: '/run/secrets/latido-remote-tokens.json',
    parse: text,
  }),
  REMOTE_ENGINE_SECONDS: variable({
    description: 'Seconds that a call to such a server may take with its whole answer; one that takes longer is a 503.',
    default: '10',
    example: '30',
    parse: integerBetween(1, 300),
  }),
  IMPORT_SECONDS: variable({
    description:
      'Seconds on the clock that reading one Keras file may take, in a thread of its own; one that takes longer is not read.',
    default: '30',
    example: '60',
    parse: integerBetween(1, 3_600),
  }),
  IMPORT_MEMORY_MB: variable({
    description:
      'Megabytes that reading one Keras file may take, beside six times its size; one that takes more is refused as too-much-memory.',
    default: '192',
    example: '512',
    parse: integerBetween(64, 1_048_576),
  }),
  CSV_SPOOL_MB: variable({
    description:
      'Megabytes in DATA_DIR that the answer to one CSV file may take while its client sends and does not read yet. A file whose answer would be larger is refused, and goes to batches.',
    default: '1024',
    example: '256',
    parse: integerBetween(1, 1_048_576),
  }),
  JOBS: variable({
    description:
      'Who scores batches: inline, the API processes; worker, processes of `npm run worker`, as many as there are, and the API only queues.',
    default: 'inline',
    example: 'worker',
    parse: oneOf('inline', 'worker'),
  }),
  BATCH_DAYS: variable({
    description: 'Days that a batch and its results are kept after it was made.',
    default: '7',
    example: '30',
    parse: integerBetween(1, 3_650),
  }),
  BATCH_INPUT_MB: variable({
    description: 'Megabytes of a file that is scored as a batch, at most. It is kept in the database until it is done.',
    default: '1024',
    example: '4096',
    parse: integerBetween(1, 1_048_576),
  }),
  ADMIN_EMAIL: variable({
    description: 'E-mail address of the administrator made at first start; the user name is admin.',
    default: 'admin@latido.local',
    example: 'ops@hospital.example',
    parse: email,
  }),
  ADMIN_PASSWORD: variable({
    description:
      "The first administrator's password. Unset: one is generated into DATA_DIR/admin-password.txt and must be changed at first sign-in.",
    example: 'a long sentence nobody else would use',
    secret: true,
    parse: minimumLength(12),
  }),
  REGISTRATION: variable({
    description:
      'Who may make an account: open (anyone), invite (with a code from `latido users invite`), closed (nobody).',
    default: 'open',
    example: 'invite',
    parse: oneOf('open', 'invite', 'closed'),
  }),
  TOKEN_ISSUER: variable({
    description: 'The iss claim of access tokens.',
    default: 'latido',
    example: 'https://latido.hospital.example',
    parse: text,
  }),
  TOKEN_SIGNING_KEY: variable({
    description:
      'P-256 private key (PEM, or the path of a PEM file) that signs access tokens. Unset: generated into DATA_DIR/secrets.',
    example: '/run/secrets/latido-token-key.pem',
    secret: true,
    parse: text,
  }),
  AUDIT_KEY_FILE: variable({
    description:
      'Path of an Ed25519 private key (PEM) that signs the record. Unset: generated into DATA_DIR/secrets, beside the data that it protects.',
    example: '/run/secrets/latido-audit-key.pem',
    secret: true,
    parse: text,
  }),
  AUDIT_CHECKPOINT_SECONDS: variable({
    description: 'How often the ends of all chains of the record are signed and written to AUDIT_CHECKPOINT_FILE.',
    default: '60',
    example: '10',
    parse: integerBetween(1, 86_400),
  }),
  AUDIT_CHECKPOINT_FILE: variable({
    description:
      'File that checkpoints are appended to. Keep it, or a copy, where whoever can write to the database cannot. Unset: DATA_DIR/audit-checkpoints.jsonl.',
    example: '/mnt/write-once/latido-checkpoints.jsonl',
    parse: text,
  }),
  AUDIT_CHECKPOINT_URL: variable({
    description: 'Checkpoints are also sent here as JSON by POST. Unset: nowhere.',
    example: 'https://notary.hospital.example/latido',
    parse: webUrl,
  }),
  REPLICA_NAME: variable({
    description: "This machine's name in the record. Unset: its host name.",
    example: 'latido-1',
    parse: replicaName,
  }),
  ...legacyVariables,
  TLS_CERT: variable({
    description: 'Path of a PEM certificate chain; with TLS_KEY the server speaks HTTPS.',
    example: '/etc/latido/tls.crt',
    parse: text,
  }),
  TLS_KEY: variable({
    description: 'Path of the PEM private key of TLS_CERT.',
    example: '/etc/latido/tls.key',
    parse: text,
  }),
  CONSOLE: variable({
    description: "Whether the web console is served at the server's root: on, or off, which leaves the API alone.",
    default: 'on',
    example: 'off',
    parse: oneOf('on', 'off'),
  }),
  CORS_ORIGINS: variable({
    description: 'Origins whose pages may call the API, separated by commas. Unset: none.',
    default: '',
    example: 'https://app.hospital.example',
    parse: origins,
  }),
  TRUST_PROXY: variable({
    description: 'Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas. Unset: none.',
    example: 'loopback,10.0.0.0/8',
    parse: addresses,
  }),
  LOG_LEVEL: variable({
    description: 'How much is logged, as JSON lines on standard output.',
    default: 'info',
    example: 'debug',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  }),
};

export type VariableName = keyof typeof variables;

/** All variables with their names, in the order of the table. */
export const variableEntries = Object.entries(variables) as [VariableName, Variable<unknown>][];

/** What the parsers made of the texts, by variable; undefined where one is unset and has no default. */
export type Values = {
  [Name in VariableName]: (typeof variables)[Name] extends { parse: (text: string) => infer T }
    ? (typeof variables)[Name] extends { default: string }
      ? T
      : T | undefined
    : never;
};
