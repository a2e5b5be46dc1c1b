import { describe, expect, it } from 'vitest';
import { zipOf } from '../../../../test/setup/zip-archive.js';
import { defaultImportLimits } from '../limits.js';
import { openZip } from './zip.js';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('a zip archive', () => {
  it('gives its entries by name', async () => {
    const archive = await openZip(
      zipOf([
        { name: 'config.json', content: text('{}') },
        { name: 'assets/a.txt', content: text('a') },
      ]),
      defaultImportLimits,
    );
    expect([...archive.names]).toEqual(['config.json', 'assets/a.txt']);
    expect(new TextDecoder().decode(await archive.read('config.json', 100))).toBe('{}');
  });

  it.each(['../config.json', '/etc/passwd', 'a/../../b', 'C:/x', 'a\\b'])(
    'is refused when an entry is named %s',
    async (name) => {
      await expect(openZip(zipOf([{ name, content: text('x') }]), defaultImportLimits)).rejects.toMatchObject({
        code: 'zip-path-escape',
      });
    },
  );

  it('is refused when a name occurs twice', async () => {
    const entry = { name: 'config.json', content: text('{}') };
    await expect(openZip(zipOf([entry, entry]), defaultImportLimits)).rejects.toMatchObject({
      code: 'zip-duplicate-entry',
    });
  });

  it('is refused when an entry inflates to more or to less than it declares', async () => {
    for (const size of [10, 10_000]) {
      const archive = await openZip(
        zipOf([{ name: 'bomb', content: new Uint8Array(5000), claimed: { size } }]),
        defaultImportLimits,
      );
      await expect(archive.read('bomb', 1e6)).rejects.toMatchObject({ code: 'zip-size-mismatch' });
    }
  });

  it('is refused when an entry declares more than the bound, before it is inflated', async () => {
    const archive = await openZip(zipOf([{ name: 'large', content: new Uint8Array(5000) }]), defaultImportLimits);
    await expect(archive.read('large', 4999)).rejects.toMatchObject({ code: 'too-large' });
    const bomb = await openZip(zipOf([{ name: 'bomb', content: new Uint8Array(20e6) }]), defaultImportLimits);
    await expect(bomb.read('bomb', 1e9)).rejects.toMatchObject({ code: 'too-large' });
    const bounded = await openZip(zipOf([{ name: 'large', content: new Uint8Array(5000) }]), {
      ...defaultImportLimits,
      maxInflatedBytes: 4999,
    });
    await expect(bounded.read('large', 1e6)).rejects.toMatchObject({ code: 'too-large' });
  });

  it('is refused when a checksum does not hold', async () => {
    const archive = await openZip(
      zipOf([{ name: 'weights', content: text('weights'), claimed: { checksum: 1 } }]),
      defaultImportLimits,
    );
    await expect(archive.read('weights', 1e6)).rejects.toMatchObject({ code: 'corrupt-zip' });
  });

  it('is refused when it is cut off', async () => {
    const whole = zipOf([{ name: 'config.json', content: text('{}') }]);
    await expect(openZip(whole.subarray(0, whole.length - 30), defaultImportLimits)).rejects.toMatchObject({
      code: 'truncated',
    });
  });
});
