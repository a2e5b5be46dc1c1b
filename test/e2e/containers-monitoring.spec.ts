/** Prometheus' configuration and Grafana's dashboard against a running server: every metric and label that they name is there. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { redisInstalled, RedisServer } from '../setup/redis.js';
import { ADMIN_PASSWORD, Server } from './server.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const docker = resolve(import.meta.dirname, '../../docker');
const read = (path: string): string => readFileSync(join(docker, path), 'utf8');

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const dashboard = JSON.parse(read('grafana/dashboards/latido.json')) as {
  panels: Panel[];
  templating: { list: { name: string; datasource: { uid: string }; definition: string }[] };
};
const queries = [
  ...dashboard.panels.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr)),
  ...dashboard.templating.list.map(({ definition }) => definition),
];

/** Given by Prometheus itself. */
const OF_PROMETHEUS = { metrics: ['up'], labels: ['job', 'instance', 'le'] };
/** Told only by servers that count quotas in Redis, and by those of several processes. */
const OF_SEVERAL = /^latido_(quota_shared|quota_local_decisions_total|workers|worker_restarts_total)$/;

/** `metric{labels}` wherever a query has it, and the metric that a variable's values are taken from. */
function selectorsIn(query: string): { metric: string; labels: string[] }[] {
  return [...query.matchAll(/\b([a-z0-9_]+)\{([^}]*)\}|\blabel_values\(([a-z0-9_]+)/g)].map(
    ([, metric, inner, asked]) => ({
      metric: (metric ?? asked)!,
      labels: [...(inner ?? '').matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label!),
    }),
  );
}

/** Each metric that the text names, with the labels of its samples; a histogram under its three names. */
function metricsOf(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm))
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
      found.set(name! + suffix, new Set());
  for (const [, name, labels] of text.matchAll(/^([a-z0-9_]+)(?:\{(.*)\})? \S+$/gm))
    for (const [, label] of (labels ?? '').matchAll(/([a-z_]+)="/g)) found.get(name!)?.add(label!);
  return found;
}

/** A server's metrics after some predictions and a refusal. */
async function metricsAfterUse(server: Server): Promise<Map<string, Set<string>>> {
  const { token } = await server.newUser('ana');
  for (let count = 0; count < 6; count += 1) await server.predict(token);
  const { status, body } = await server.request<string>('GET', '/metrics');
  expect(status).toBe(200);
  return metricsOf(body as unknown as string);
}

const alone = new Server();
let exposed: Map<string, Set<string>>;

beforeAll(async () => {
  await alone.start();
  exposed = await metricsAfterUse(alone);
});
afterAll(() => alone.remove());

describe('the dashboard', () => {
  it('names metrics of the server in every panel', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    expect(panels.length).toBeGreaterThan(15);
    for (const { title, targets } of panels) {
      expect(targets?.length, title).toBeGreaterThan(0);
      for (const { expr } of targets!) expect(selectorsIn(expr).length, `${title}: ${expr}`).toBeGreaterThan(0);
    }
  });

  it('names only metrics that /metrics has, by labels that they have', () => {
    const asked = queries.flatMap(selectorsIn).filter(({ metric }) => !OF_PROMETHEUS.metrics.includes(metric));
    expect(asked.filter(({ metric }) => metric.startsWith('latido_')).length).toBeGreaterThan(20);
    const known = asked.filter(({ metric }) => !OF_SEVERAL.test(metric));
    expect(known.map(({ metric }) => metric).filter((metric) => !exposed.has(metric))).toEqual([]);
    for (const { metric, labels } of known) {
      const unknown = labels.filter(
        (label) => !OF_PROMETHEUS.labels.includes(label) && !exposed.get(metric)!.has(label),
      );
      expect(unknown, metric).toEqual([]);
    }
    for (const query of queries) {
      const labels = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names]) => names!.split(/,\s*/));
      const { metric } = selectorsIn(query)[0]!;
      const unknown = labels.filter(
        (label) => !OF_PROMETHEUS.labels.includes(label) && !exposed.get(metric)?.has(label),
      );
      expect(unknown, query).toEqual([]);
    }
  });

  it('covers every metric of the server’s own', () => {
    const own = [...exposed.keys()].filter((name) => name.startsWith('latido_'));
    const shown = new Set(queries.flatMap(selectorsIn).map(({ metric }) => metric));
    const family = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');
    const families = new Set([...shown].map(family));
    expect(own.filter((name) => !families.has(family(name)))).toEqual([]);
  });

  it('has panels that do not lie on each other, and asks the source that is provisioned', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x},${y}`), title).toBe(false);
          taken.add(`${x},${y}`);
        }
    }
    const source = (
      parse(read('grafana/provisioning/datasources/prometheus.yaml')) as { datasources: { uid: string }[] }
    ).datasources[0]!;
    const asked = dashboard.panels.flatMap((panel) => [panel, ...(panel.targets ?? [])]);
    const uids = [...asked, ...dashboard.templating.list].map(({ datasource }) => datasource?.uid);
    expect(new Set(uids.filter((uid) => uid !== undefined))).toEqual(new Set([source.uid]));
  });

  it('is where Grafana looks for dashboards', () => {
    const { providers } = parse(read('grafana/provisioning/dashboards/latido.yaml')) as {
      providers: { options: { path: string } }[];
    };
    const { services } = parse(read('compose.yaml'), { merge: true }) as {
      services: Record<string, { volumes: string[]; environment: Record<string, string> }>;
    };
    expect(services.grafana!.volumes).toContain(`./grafana/dashboards:${providers[0]!.options.path}:ro`);
    expect(services.grafana!.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(
      `${providers[0]!.options.path}/latido.json`,
    );
  });
});

describe.skipIf(!redisInstalled)('the dashboard, of several processes', () => {
  let server: Server;

  beforeAll(async () => {
    const redis = await RedisServer.start();
    server = new Server({ ADMIN_PASSWORD, REDIS_URL: redis.url, CLUSTER_WORKERS: '2' });
    await server.start();
  });
  afterAll(() => server.remove());

  it('names metrics that such a server has', async () => {
    const exposed = await metricsAfterUse(server);
    const asked = queries.flatMap(selectorsIn).map(({ metric }) => metric);
    expect(asked.filter((metric) => OF_SEVERAL.test(metric)).length).toBe(4);
    expect(asked.filter((metric) => !exposed.has(metric) && !OF_PROMETHEUS.metrics.includes(metric))).toEqual([]);
  });
});

describe('Prometheus', () => {
  const elsewhere = { 'x-forwarded-for': '192.0.2.7' };
  const job = (
    parse(read('prometheus/prometheus.yaml')) as {
      scrape_configs: {
        authorization: { type: string; credentials_file: string };
        static_configs: { targets: string[] }[];
        metrics_path?: string;
      }[];
    }
  ).scrape_configs[0]!;

  it('asks the service and shows the secret that compose gives it', () => {
    const { services } = parse(read('compose.yaml'), { merge: true }) as {
      services: Record<string, { secrets?: string[]; depends_on?: string[]; environment?: object }>;
    };
    const [host, port] = job.static_configs[0]!.targets[0]!.split(':') as [string, string];
    expect(services).toHaveProperty(host);
    expect(Number(port)).toBe(3000);
    expect(job.metrics_path ?? '/metrics').toBe('/metrics');
    expect(job.authorization.type).toBe('Bearer');
    expect(services.prometheus!.secrets!.map((name) => `/run/secrets/${name}`)).toContain(
      job.authorization.credentials_file,
    );
  });

  it('is let in with a key of the scope `admin`, and with nothing less', async () => {
    const token = await alone.admin();
    const newKey = async (scopes: string[], as: string): Promise<string> => {
      const body = { name: 'Prometheus', scopes };
      return (await alone.request<{ key: string }>('POST', '/v1/me/api-keys', { token: as, body })).body.key;
    };
    const scrape = async (key?: string): Promise<number> => {
      const authorization = key && `${job.authorization.type} ${key}`;
      const headers = { ...elsewhere, ...(authorization && { authorization }) };
      return (await alone.request('GET', '/metrics', { headers })).status;
    };
    const user = await alone.newUser('bob');
    expect(await scrape()).toBe(401);
    expect(await scrape(await newKey([], token))).toBe(403);
    expect(await scrape(await newKey([], user.token))).toBe(403);
    expect(await scrape(await newKey(['admin'], token))).toBe(200);
  });
});
