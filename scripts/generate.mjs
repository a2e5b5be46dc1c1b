/**
 * `npm run generate`: writes what is made from the code: the OpenAPI metadata and document, the pages of errors, of configuration and of Keras layers,
 * `.env.example`, the types of the TypeScript client, the HTTP battery's files. With `--check` it changes nothing and fails when a committed file differs from the code, or the entities from
 * the migrations.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { batteryFiles, FOLDERS } from '../test/http/generate.mjs';
import { ensureBuilt } from './build.mjs';
import { clientTypes } from './client-types.mjs';
import { writeOpenApiMetadata } from './openapi-metadata.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes('--check');
const METADATA = 'apps/api/src/openapi-metadata.ts';
const differing = [];

const committed = readFileSync(join(root, METADATA), 'utf8');
writeOpenApiMetadata();
if (check && readFileSync(join(root, METADATA), 'utf8') !== committed) differing.push(METADATA);
await ensureBuilt();

const folder = mkdtempSync(join(tmpdir(), 'latido-generate-'));
chmodSync(folder, 0o755);
try {
  const { inspectApplication } = await import('../dist/apps/api/src/inspect.js');
  const { files: written, schemaDrift } = await inspectApplication(folder);
  const files = { ...written, ...(await clientTypes(written['openapi.json'])), ...batteryFiles() };
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, path);
    if (!check) {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    } else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) differing.push(path);
  }
  // Of a topic that is gone, the files go.
  for (const generated of FOLDERS)
    for (const name of existsSync(join(root, generated)) ? readdirSync(join(root, generated)) : []) {
      const path = `${generated}/${name}`;
      if (path in files || name === 'http-client.private.env.json') continue;
      if (check) differing.push(path);
      else rmSync(join(root, path));
    }
  if (schemaDrift.length > 0) {
    console.error(
      `Entities and migrations differ; the entities would need:\n${schemaDrift.map((statement) => `  ${statement}`).join('\n')}`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (differing.length > 0) {
  console.error(`Not up to date with the code: ${differing.join(', ')}. Run \`npm run generate\` and commit.`);
  process.exitCode = 1;
}
if (!process.exitCode) console.log(check ? 'no drift' : 'generated');
process.exit();
