import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { zipOf } from '../../../../test/setup/zip-archive.js';
import { commands } from '../all-commands.js';
import { run } from '../run.js';

const golden = join(import.meta.dirname, '../../../../test/golden');
const folder = mkdtempSync(join(tmpdir(), 'latido-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function inspect(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const code = await run(commands, ['models', 'inspect', ...words], {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    attended: false,
    signal: new AbortController().signal,
  });
  return { code, ...written };
}

describe('latido models inspect', () => {
  it('shows what an ONNX file is, and a draft of its manifest', async () => {
    const { code, out } = await inspect(join(golden, 'onnx/vertebral-logreg-scaler-zipmap.onnx'));
    expect(code).toBe(0);
    expect(out).toMatch(/^onnx, written by skl2onnx \S+ \(ai\.onnx.*\): 933 bytes, \d+ parameters/);
    expect(out).toMatch(/1 ZipMap/);
    expect(out).toMatch(/input +X +float32 \[6\]/);
    expect(out).toMatch(/classes +DH, NO, SL/);
    expect(out).toMatch(/# manifest\.yaml\nschemaVersion: 1\nname: vertebral-logreg-scaler-zipmap\n/);
  });

  it('takes the name and the version that the draft shall have', async () => {
    const file = join(golden, 'keras/mlp-6-14-7-1-k3_15-keras.keras');
    const { code, out } = await inspect(file, '--name', 'risk', '--version', '2.1.0', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      format: 'keras',
      writtenBy: 'keras 3.15.1',
      parameters: 211,
      problems: [],
      manifest: { name: 'risk', version: '2.1.0', task: 'binary-classification', inferred: true },
    });
  });

  it('ends with 1 for a file that nobody can publish without a manifest, and says what is missing', async () => {
    const { code, out } = await inspect(join(golden, 'keras/conv2d-options-k2_15-h5.h5'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ manifest: null, problems: [expect.stringContaining('does not say')] });
  });

  it.each([
    ['garbage', Buffer.from('not a model at all'), 'The bytes are no ONNX model'],
    ['a zip of something else', zipOf([{ name: 'notes.txt', content: Buffer.from('x') }]), 'holds no config.json'],
    ['a cut file', readFileSync(join(golden, 'onnx/penguins-xgboost.onnx')).subarray(0, 5_000), 'no ONNX model'],
  ])('refuses %s', async (_, content, reason) => {
    const path = join(folder, 'file.onnx');
    writeFileSync(path, content);
    const { code, err } = await inspect(path);
    expect(code).toBe(1);
    expect(err).toContain(reason);
  });
});
