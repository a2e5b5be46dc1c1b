/** The Helm chart: what stands in it, and, where there is a helm, what it makes of values and which it refuses. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { variables } from '#platform';
import { FETCH_TIMEOUT_MS } from '../setup/download-cache.js';
import { helm } from '../setup/helm.js';

const root = resolve(import.meta.dirname, '../..');
const chart = join(root, 'docker/helm/latido');
const read = (path: string): string => readFileSync(join(chart, path), 'utf8');

type Tree = Record<string, unknown>;
const values = parse(read('values.yaml')) as Tree;
const schema = JSON.parse(read('values.schema.json')) as Tree;

describe('the values', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });

  it('are as their schema has them, and nothing else is', () => {
    const fits = ajv.compile(schema);
    expect(fits(values), JSON.stringify(fits.errors)).toBe(true);
    for (const wrong of [
      { replicas: 3 },
      { replicaCount: 'two' },
      { config: { lowercase: 'x' } },
      { extraPorts: [{ name: 'cardiac' }] },
      { extraEnv: [{ name: 'A', value: 'x', valueFrom: {} }] },
      { autoscaling: { metric: 'memory' } },
    ])
      expect(fits({ ...values, ...wrong }), JSON.stringify(wrong)).toBe(false);
  });

  it('are each in the schema, and used by a template', () => {
    const templates = readdirSync(join(chart, 'templates'))
      .map((name) => read(`templates/${name}`))
      .join('\n');
    const inSchema = Object.keys(schema.properties as Tree).filter((name) => name !== 'global');
    expect(Object.keys(values).sort()).toEqual(inSchema.sort());
    const unused = Object.keys(values).filter((name) => !new RegExp(`[Vv]alues\\.${name}\\b`).test(templates));
    expect(unused).toEqual([]);
    const used = [...templates.matchAll(/\.Values\.([A-Za-z]+)/g)].map(([, name]) => name!);
    expect(used.filter((name) => !(name in values))).toEqual([]);
  });

  it('name no secret and none of the variables that the chart sets', () => {
    for (const secret of Object.values(values.secrets as Record<string, { name: string }>))
      expect(secret.name).toBe('');
    expect(Object.keys(values.config as Tree).filter((name) => !(name in variables))).toEqual([]);
  });

  it('are of the version that this is', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(parse(read('Chart.yaml'))).toMatchObject({ version, appVersion: version });
  });
});

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: string[];
  readonly env: {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: Tree };
  }[];
  readonly securityContext: Tree;
  readonly ports?: { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly [probe: string]: unknown;
}

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly metadata: { labels: Tree };
      readonly spec: { readonly containers: [Container] } & Tree;
    };
  } & Tree;
}

describe('rendered by helm', () => {
  let program: string | undefined;
  beforeAll(async () => {
    program = await helm();
  }, FETCH_TIMEOUT_MS);
  beforeEach(({ skip }) => skip(program === undefined, 'no helm'));

  const REQUIRED = {
    image: { repository: 'registry.example/latido' },
    secrets: {
      database: { name: 'latido-database' },
      redis: { name: 'latido-redis' },
      tokenSigningKey: { name: 'latido-keys' },
      auditKey: { name: 'latido-keys' },
    },
  };

  function template(given: object, required: object = REQUIRED): { resources: Resource[]; refusal: string } {
    const options = ['template', 'here', chart, '--kube-version', '1.33.0', '--values', '-'];
    // Values as JSON, of which YAML is made; the second ones win.
    const first = spawnSync(program!, [...options, '--set-json', JSON.stringify(given)], {
      input: JSON.stringify(required),
      encoding: 'utf8',
    });
    if (first.status !== 0) return { resources: [], refusal: first.stderr };
    const documents = parseAllDocuments(first.stdout).map((document) => document.toJS() as Resource | null);
    return { resources: documents.filter((each) => each !== null), refusal: '' };
  }

  const kinds = (resources: Resource[]): string[] =>
    resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
  const one = (resources: Resource[], kind: string, name = 'here-latido'): Resource =>
    resources.find((each) => each.kind === kind && each.metadata.name === name)!;
  const container = (resource: Resource): Container => resource.spec.template.spec.containers[0];
  const env = (resource: Resource): Record<string, string | Tree | undefined> =>
    Object.fromEntries(
      container(resource).env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.secretKeyRef]),
    );

  const EVERYTHING = {
    autoscaling: { enabled: true, metric: 'requests', maxReplicas: 5 },
    config: { CLUSTER_WORKERS: '2', REGISTRATION: 'invite' },
    extraEnv: [
      { name: 'LEGACY_PORTS', value: 'cardiac:5000' },
      { name: 'S3_SECRET_ACCESS_KEY', valueFrom: { secretKeyRef: { name: 's3', key: 'secret' } } },
    ],
    extraPorts: [{ name: 'cardiac', port: 5000 }],
    networkPolicy: { enabled: true, egress: [{ ports: [{ port: 5432 }] }] },
    secrets: { adminPassword: { name: 'latido-admin' } },
    serviceMonitor: { enabled: true, credentials: { name: 'latido-metrics' } },
    tls: { secretName: 'latido-tls' },
    worker: { enabled: true, replicaCount: 3 },
  };

  it('is a deployment with its service, account and budget', () => {
    const { resources, refusal } = template({});
    expect(refusal).toBe('');
    const names = ['Deployment', 'PodDisruptionBudget', 'Service', 'ServiceAccount'].map(
      (kind) => `${kind} here-latido`,
    );
    expect(kinds(resources)).toEqual(names);
    expect(one(resources, 'Deployment').spec.replicas).toBe(2);
    expect(one(resources, 'PodDisruptionBudget').spec.maxUnavailable).toBe(1);
    expect(env(one(resources, 'Deployment'))).toMatchObject({ JOBS: 'inline', QUOTA_REPLICAS: '2' });
  });

  it('lets pods be nobody with no rights, and write to two volumes alone', () => {
    const deployments = template(EVERYTHING).resources.filter(({ kind }) => kind === 'Deployment');
    expect(deployments.length).toBe(2);
    for (const deployment of deployments) {
      const { securityContext, automountServiceAccountToken, volumes } = deployment.spec.template.spec;
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(automountServiceAccountToken).toBe(false);
      expect(container(deployment).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const writable = container(deployment).volumeMounts.filter(({ readOnly }) => !readOnly);
      expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/var/lib/latido', '/tmp']);
      const named = (volumes as { name: string }[]).map(({ name }) => name);
      expect(container(deployment).volumeMounts.map(({ name }) => name)).toEqual(named);
    }
  });

  it('gives secrets by reference, and no variable twice or that the server does not know', () => {
    const { resources } = template(EVERYTHING);
    const api = one(resources, 'Deployment');
    const worker = one(resources, 'Deployment', 'here-latido-worker');
    const url = { name: 'latido-database', key: 'DATABASE_URL' };
    const owner = { name: 'latido-database', key: 'DATABASE_OWNER_URL' };
    const redis = { name: 'latido-redis', key: 'REDIS_URL' };
    const admin = { name: 'latido-admin', key: 'ADMIN_PASSWORD' };
    const keys = {
      TOKEN_SIGNING_KEY: '/run/secrets/latido/token-signing-key.pem',
      AUDIT_KEY_FILE: '/run/secrets/latido/audit-key.pem',
    };
    const shared = { DATABASE_URL: url, REDIS_URL: redis, ...keys };
    expect(env(api)).toMatchObject({ ...shared, DATABASE_OWNER_URL: owner, ADMIN_PASSWORD: admin });
    expect(env(worker)).toMatchObject(shared);
    expect(env(worker)).not.toHaveProperty('DATABASE_OWNER_URL');
    expect(env(worker)).not.toHaveProperty('ADMIN_PASSWORD');
    for (const deployment of [api, worker]) {
      const names = container(deployment).env.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => !(name in variables))).toEqual([]);
    }
    expect(kinds(resources).some((name) => name.startsWith('Secret'))).toBe(false);
  });

  it('has everything that can be asked for, and it fits together', () => {
    const { resources, refusal } = template(EVERYTHING);
    expect(refusal).toBe('');
    const api = one(resources, 'Deployment');
    const worker = one(resources, 'Deployment', 'here-latido-worker');
    expect(api.spec.replicas).toBeUndefined();
    expect(worker.spec.replicas).toBe(3);
    expect(container(worker).args).toEqual(['dist/apps/worker/src/main.js']);
    // Five pods of two processes, and three workers.
    for (const each of [api, worker]) expect(env(each)).toMatchObject({ JOBS: 'worker', QUOTA_REPLICAS: '13' });
    expect(one(resources, 'HorizontalPodAutoscaler').spec).toMatchObject({
      maxReplicas: 5,
      metrics: [{ type: 'Pods', pods: { metric: { name: 'latido_http_requests_per_second' } } }],
    });
    const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(
      (probe) => (container(api)[probe] as { httpGet: Tree }).httpGet,
    );
    expect(probes.map(({ path }) => path)).toEqual(['/health/live', '/health/ready', '/health/live']);
    expect(new Set(probes.map(({ scheme }) => scheme))).toEqual(new Set(['HTTPS']));
    expect(container(api).ports).toEqual([
      { name: 'http', containerPort: 3000 },
      { name: 'cardiac', containerPort: 5000 },
    ]);
    expect(one(resources, 'Service').spec.ports).toEqual([
      { name: 'http', port: 80, targetPort: 'http' },
      { name: 'cardiac', port: 5000, targetPort: 'cardiac' },
    ]);
    expect(one(resources, 'ServiceMonitor').spec.endpoints).toMatchObject([
      { port: 'http', path: '/metrics', scheme: 'https', authorization: { credentials: { name: 'latido-metrics' } } },
    ]);
    expect(one(resources, 'NetworkPolicy', 'here-latido-worker').spec).toMatchObject({ ingress: [] });
    // What selects pods selects those of its component alone.
    for (const kind of ['Service', 'PodDisruptionBudget', 'NetworkPolicy']) {
      const { selector, podSelector } = one(resources, kind).spec as { selector?: Tree; podSelector?: Tree };
      const labels = (selector?.matchLabels ?? podSelector?.matchLabels ?? selector) as Tree;
      expect(api.spec.template.metadata.labels, kind).toMatchObject(labels);
      expect(labels, kind).toMatchObject({ 'app.kubernetes.io/component': 'api' });
    }
  });

  it('gives numbers as the server reads them', () => {
    const config = { QUOTA_A: 1_000_000, QUOTA_B: 123_456_789, RATIO: 0.5, FLAG: true, TEXT: '1e+06' };
    const { resources, refusal } = template({ config });
    expect(refusal).toBe('');
    const given = { QUOTA_A: '1000000', QUOTA_B: '123456789', RATIO: '0.5', FLAG: 'true', TEXT: '1e+06' };
    expect(env(one(resources, 'Deployment'))).toMatchObject(given);
  });

  it('keeps log files of older services where the data volume outlives a pod', () => {
    const dataVolume = { emptyDir: null, persistentVolumeClaim: { claimName: 'latido-data' } };
    const { resources, refusal } = template({ config: { LEGACY_FILE_LOGS: true }, dataVolume });
    expect(refusal).toBe('');
    expect(env(one(resources, 'Deployment'))).toMatchObject({ LEGACY_FILE_LOGS: 'true' });
    expect(one(resources, 'Deployment').spec.template.spec.volumes).toContainEqual({
      name: 'data',
      persistentVolumeClaim: dataVolume.persistentVolumeClaim,
    });
    expect(template({ config: { LEGACY_FILE_LOGS: false } }).refusal).toBe('');
  });

  it('scales by the processor where nothing answers for requests', () => {
    const { resources } = template({ autoscaling: { enabled: true } });
    expect(one(resources, 'HorizontalPodAutoscaler').spec.metrics).toMatchObject([{ resource: { name: 'cpu' } }]);
  });

  it('never runs two processes that count by themselves', () => {
    const { resources, refusal } = template({ replicaCount: 1, secrets: { redis: { name: '' } } });
    expect(refusal).toBe('');
    expect(one(resources, 'Deployment').spec.strategy).toEqual({ type: 'Recreate' });
    expect(env(one(resources, 'Deployment'))).not.toHaveProperty('REDIS_URL');
  });

  it.each<[string, object, string]>([
    ['an image from nowhere', { image: { repository: '' } }, 'image.repository is missing'],
    ['no database', { secrets: { database: { name: '' } } }, 'secrets.database.name is missing'],
    [
      'tokens that replicas do not take from each other',
      { secrets: { tokenSigningKey: { name: '' } } },
      'secrets.tokenSigningKey.name',
    ],
    ['a key of the record that goes with its pod', { secrets: { auditKey: { name: '' } } }, 'secrets.auditKey.name'],
    ['replicas without Redis', { secrets: { redis: { name: '' } } }, 'secrets.redis.name'],
    [
      'workers without Redis',
      { replicaCount: 1, worker: { enabled: true }, secrets: { redis: { name: '' } } },
      'secrets.redis.name',
    ],
    [
      'processes of one pod without Redis',
      { replicaCount: 1, config: { CLUSTER_WORKERS: 'auto' }, secrets: { redis: { name: '' } } },
      'secrets.redis.name',
    ],
    [
      'autoscaling without Redis',
      { replicaCount: 1, autoscaling: { enabled: true }, secrets: { redis: { name: '' } } },
      'secrets.redis.name',
    ],
    ['a variable of its own in config', { config: { DATABASE_URL: 'postgres://a:b@c/d' } }, 'config.DATABASE_URL'],
    ['a variable of its own in extraEnv', { extraEnv: [{ name: 'JOBS', value: 'inline' }] }, 'extraEnv names JOBS'],
    ['a secret in config', { config: { S3_SECRET_ACCESS_KEY: 'x' } }, 'goes into a Secret'],
    ['a secret as text', { extraEnv: [{ name: 'S3_SECRET_ACCESS_KEY', value: 'x' }] }, 'valueFrom.secretKeyRef'],
    ['a variable twice', { extraEnv: [{ name: 'INFERENCE_THREADS', value: '2' }] }, 'in one place only'],
    ['log files that go with their pod', { config: { LEGACY_FILE_LOGS: true } }, 'persistentVolumeClaim'],
    [
      'log files that go with their pod, in extraEnv',
      { extraEnv: [{ name: 'LEGACY_FILE_LOGS', value: 'true' }] },
      'persistentVolumeClaim',
    ],
    ['a port twice', { extraPorts: [{ name: 'shock', port: 3000 }] }, 'another port'],
    ['fewer at most than at least', { autoscaling: { enabled: true, minReplicas: 9 } }, 'autoscaling.minReplicas'],
    ['a share of nothing', { autoscaling: { enabled: true }, resources: { requests: null } }, 'resources.requests.cpu'],
    ['a budget with two bounds', { podDisruptionBudget: { minAvailable: 1 } }, 'one of them'],
    [
      'a budget that keeps nodes from being drained',
      { podDisruptionBudget: { minAvailable: 2, maxUnavailable: null } },
      'no node could be drained',
    ],
    ['a monitor that is not let in', { serviceMonitor: { enabled: true } }, 'serviceMonitor.credentials.name'],
    ['a value that there is not', { replicas: 3 }, 'replicas'],
  ])('refuses %s', (_what, given, says) => {
    const { refusal } = template(given);
    expect(refusal).toContain(says);
  });

  it('is linted', () => {
    const lint = spawnSync(program!, ['lint', '--strict', chart, '--values', '-'], {
      input: JSON.stringify(REQUIRED),
      encoding: 'utf8',
    });
    expect({ status: lint.status, text: lint.stdout }).toMatchObject({
      status: 0,
      text: expect.not.stringMatching(/WARN|ERROR/) as string,
    });
  });
});
