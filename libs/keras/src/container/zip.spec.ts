import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { defaultImportLimits } from '../limits.js';
import { openZip } from './zip.js';

interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** What the headers claim instead of the truth. */
  readonly claimed?: { readonly size?: number; readonly checksum?: number };
}

/** A zip archive byte by byte (APPNOTE 4.3), so that it can be wrong where a library would not let it. */
function zipOf(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claimed = {} } of entries) {
    const deflated = deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(claimed.checksum ?? crc32(content), 10);
    common.writeUInt32LE(deflated.length, 14);
    common.writeUInt32LE(claimed.size ?? content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, deflated]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, rest, nameBytes]));
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end]);
}

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
