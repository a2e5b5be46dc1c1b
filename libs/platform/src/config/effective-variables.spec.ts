import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { effectiveVariables } from './config.js';

const folder = mkdtempSync(join(tmpdir(), 'latido-config-'));
writeFileSync(join(folder, '.env'), 'PORT=4000\nHOST=0.0.0.0\nADMIN_PASSWORD=from the file, quite long\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function effective(name: string, environment: NodeJS.ProcessEnv = {}) {
  return effectiveVariables(environment, folder).find((variable) => variable.name === name);
}

it('says where each value comes from', () => {
  expect(effective('PORT')).toEqual({ name: 'PORT', value: '4000', source: '.env' });
  expect(effective('PORT', { PORT: '5000' })).toEqual({ name: 'PORT', value: '5000', source: 'environment' });
  expect(effective('PORT', { PORT: '' })).toEqual({ name: 'PORT', value: '3000', source: 'default' });
  expect(effective('DATABASE_URL')).toEqual({ name: 'DATABASE_URL', value: null, source: 'unset' });
});

it('shows no secret', () => {
  expect(effective('ADMIN_PASSWORD')?.value).toBe('(hidden)');
  expect(effective('TOKEN_SIGNING_KEY', { TOKEN_SIGNING_KEY: '-----BEGIN PRIVATE KEY-----' })?.value).toBe('(hidden)');
  expect(effective('DATABASE_URL', { DATABASE_URL: 'postgres://app:s3cret@db:5432/latido?password=x' })?.value).toBe(
    'postgres://app:(hidden)@db:5432/latido',
  );
});
