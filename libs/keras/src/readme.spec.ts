/** The example in the README runs as it stands there, against the built library. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

it('shows how a Keras file is read and computed', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, example = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
  const library = join(root, 'dist/libs/keras/src/index.js');
  const folder = join(root, 'node_modules/.cache');
  const script = join(folder, `readme-example-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(script, example.replace("'@latido/keras'", JSON.stringify(library)));
  try {
    const model = join(root, 'test/golden/keras/mlp-6-14-7-1-k3_15-keras.keras');
    const { stdout } = await promisify(execFile)(process.execPath, [script, model]);
    expect(stdout).toMatch(/^3\.15\.1 211 parameters\ntakes \S+ \[ null, 6 \]\nanswers 1 number\n$/);
  } finally {
    rmSync(script);
  }
});
