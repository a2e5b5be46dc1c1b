import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { importKeras, writeOnnx } from '#keras';
import { KerasImporter } from './keras-importer.js';

const folder = join(import.meta.dirname, '../../../../test/golden/keras');
const golden = (name: string): Buffer => readFileSync(join(folder, name));
const model = golden('mlp-6-14-7-1-k3_15-keras.keras');
const lambda = golden('refuse-lambda-k3_15.keras');

const importer = new KerasImporter();
afterAll(() => importer.close());

describe('importing in a thread', () => {
  it('gives the graph that importing here gives', async () => {
    const [there, here] = [await importer.import(model), await importKeras(model)];
    expect(there.parameterCount).toBe(here.parameterCount);
    expect(Buffer.from(writeOnnx(there)).equals(Buffer.from(writeOnnx(here)))).toBe(true);
  });

  it('reads one file after another in one thread, without starting it anew', async () => {
    const own = new KerasImporter();
    let started = 0;
    const count = (): void => void (started += 1);
    process.on('worker', count);
    for (let time = 0; time < 5; time++) await own.import(time === 0 ? model : golden('mlp-6-14-7-1-k2_15-h5.h5'));
    process.off('worker', count);
    expect(started).toBe(1);
    await own.close();
  });

  it('goes on after a refusal, and after it was closed', async () => {
    await expect(importer.import(lambda)).rejects.toMatchObject({ name: 'KerasImportError', code: 'lambda-layer' });
    await expect(importer.import(model)).resolves.toMatchObject({ keras: { major: 3 } });
    await importer.close();
    await expect(importer.import(model)).resolves.toMatchObject({ keras: { major: 3 } });
  });

  it('answers several that ask at once, each its own', async () => {
    const outcomes = await Promise.allSettled([model, lambda, model, new Uint8Array(3)].map((b) => importer.import(b)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  });

  it('leaves the bytes to whoever asked', async () => {
    const bytes = Uint8Array.from(model);
    await importer.import(bytes);
    expect(Buffer.from(bytes).equals(model)).toBe(true);
  });

  it('lists everything that is not read', async () => {
    await expect(importer.listRefusals(model)).resolves.toEqual([]);
    await expect(importer.listRefusals(lambda)).resolves.toMatchObject([{ code: 'lambda-layer' }]);
    await expect(importer.listRefusals(new Uint8Array(3))).resolves.toMatchObject([{ code: 'not-keras' }]);
  });
});

describe('an import beyond its bounds', () => {
  const own = new KerasImporter();
  afterEach(() => own.close());

  it('is refused as too slow, and the next one is not', async () => {
    own.configure({ timeoutMs: 1 });
    await expect(own.import(model)).rejects.toMatchObject({ code: 'too-slow' });
    own.configure({ timeoutMs: 20_000 });
    await expect(own.import(model)).resolves.toMatchObject({ keras: { major: 3 } });
  });

  it('is refused as taking too much memory', async () => {
    own.configure({ memoryBytes: 1024, memoryPerFileByte: 0 });
    await expect(own.import(model)).rejects.toMatchObject({ code: 'too-much-memory' });
  });
});
