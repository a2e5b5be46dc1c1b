/** Models of a test's own, whose versions nobody else activates: the shipped penguins under another name. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { server } from './visitor.js';

export const BIRDS_TITLE = 'Birds on trial';

function read(version: string, name: string): Buffer {
  return readFileSync(new URL(`../../models/penguins/${version}/${name}`, import.meta.url));
}

/** A file of a version as one chooses it from a disk. */
export function birdFile(version: string, name: string, content: string | Buffer = read(version, name)) {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) };
}

export function birdManifest(version: string, model: string, title = BIRDS_TITLE): string {
  return read(version, 'manifest.yaml')
    .toString()
    .replace(/^name: .*/m, `name: ${model}`)
    .replace(/^title: .*/m, `title: '${title}'`);
}

export async function publishBirds(model: string, version: string, token: string): Promise<void> {
  const form = new FormData();
  form.set('manifest', new Blob([birdManifest(version, model)]), 'manifest.yaml');
  for (const name of ['golden.json', 'evaluation.json', 'card.md'])
    form.set(name.split('.')[0]!, new Blob([new Uint8Array(read(version, name))]), name);
  form.set('artifact', new Blob([new Uint8Array(read(version, 'model.onnx'))]), 'model.onnx');
  const { status } = await fetch(`${server.url}/v1/models/${model}/versions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  expect(status).toBe(201);
}
