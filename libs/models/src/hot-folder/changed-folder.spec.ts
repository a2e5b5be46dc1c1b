/** An installation whose folder of models was brought up to date: a version there is no longer what was registered under its number. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import { ownDatabase } from '../../../../test/setup/database.js';
import { startModelServer } from '../../../../test/setup/model-server.js';
import { writeVersion } from '../../../../test/setup/version-folder.js';
import { ModelCatalogue } from '../model-catalogue.js';

const database = await ownDatabase();
const models = mkdtempSync(join(tmpdir(), 'latido-changed-'));
afterAll(() => rmSync(models, { recursive: true, force: true }));

it('starts, says so, and goes on serving what was registered', async () => {
  writeVersion(models, 'tiny', '1.0.0');
  await (await startModelServer(database, { modelsDir: models })).close();

  writeVersion(models, 'tiny', '1.0.0', { manifest: { clinical: false } });
  const said = vi.spyOn(Logger.prototype, 'error');
  const server = await startModelServer(database, { modelsDir: models });
  try {
    expect(said.mock.calls.map(([about]) => about as unknown)).toEqual([
      expect.objectContaining({ folder: 'tiny/1.0.0', code: 'VERSION_CONFLICT' }),
    ]);
    const active = server.app.get(ModelCatalogue).peekActive('tiny');
    expect(active).toMatchObject({ version: '1.0.0' });
    expect(active?.manifest).not.toHaveProperty('clinical');
  } finally {
    said.mockRestore();
    await server.close();
  }
});
