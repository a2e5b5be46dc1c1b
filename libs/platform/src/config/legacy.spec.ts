import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, startEnvironment } from './config.js';

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(environment, tmpdir());
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const settingsOf = (environment: NodeJS.ProcessEnv) => loadConfig(environment, tmpdir()).legacy;

describe('older services', () => {
  it('are off, and so is whatever their clients may do more, unless they are named', () => {
    expect(settingsOf({})).toMatchObject({
      apis: [],
      ports: [],
      weakPasswords: false,
      selfServicePlan: false,
      anonymous: { user: undefined, models: [] },
      fileLogs: false,
    });
  });

  it('have ports of their own where they are given some, several as well', () => {
    const { apis, ports } = settingsOf({
      LEGACY_APIS: 'cardiac, shock,cardiac',
      LEGACY_PORTS: 'cardiac:5000, shock:8000,shock:8001',
    });
    expect(apis).toEqual(['cardiac', 'shock']);
    expect(ports).toEqual([
      { name: 'cardiac', port: 5000 },
      { name: 'shock', port: 8000 },
      { name: 'shock', port: 8001 },
    ]);
  });

  it.each([
    [{ LEGACY_APIS: 'cardiac,heart' }, 'LEGACY_APIS holds "heart", which is not one of cardiac, shock'],
    [{ LEGACY_APIS: 'glm', LEGACY_PORTS: 'glm' }, 'LEGACY_PORTS holds "glm", which is not name:port'],
    [{ LEGACY_APIS: 'glm', LEGACY_PORTS: 'glm:0' }, 'LEGACY_PORTS must be a whole number from 1 to 65535'],
    [
      { LEGACY_APIS: 'cardiac,glm', LEGACY_PORTS: 'cardiac:5000,glm:5000' },
      'LEGACY_PORTS gives the port 5000 to both cardiac and glm',
    ],
    [{ LEGACY_APIS: 'glm', LEGACY_PORTS: 'shock:8000' }, 'gives a port to shock, which LEGACY_APIS does not name'],
    [{ LEGACY_ANONYMOUS_USER: 'older clients' }, 'LEGACY_ANONYMOUS_USER must be a user name: 3 to 64 letters'],
    [{ LEGACY_ANONYMOUS_USER: 'older@clients.example' }, 'LEGACY_ANONYMOUS_USER must be a user name'],
    [{ LEGACY_APIS: 'glm', LEGACY_PORTS: 'glm:3000' }, "gives glm the port 3000, which is the server's own"],
  ])('stop the start for %j', (environment, fault) => {
    const faults = faultsOf(environment);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
    expect(faults[0]).toMatch(/ Example: LEGACY_\w+=/);
  });

  it('are all on with --legacy, at no port of their own, whatever else is set', () => {
    const given = { LEGACY_APIS: 'glm', LEGACY_PORTS: 'glm:5000', LEGACY_GLM_MODEL: 'vertebral-binary' };
    expect(settingsOf(startEnvironment(['--legacy'], given))).toMatchObject({
      apis: ['cardiac', 'shock', 'penguins', 'lab', 'glm'],
      ports: [],
      glmModel: 'vertebral-binary',
    });
    expect(settingsOf(startEnvironment([], given))).toMatchObject({
      apis: ['glm'],
      ports: [{ name: 'glm', port: 5000 }],
    });
  });
});
