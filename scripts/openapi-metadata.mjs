/** Writes apps/api/src/openapi-metadata.ts: what TypeScript knows about DTOs and controllers, which SWC drops. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PluginMetadataGenerator } from '@nestjs/cli/lib/compiler/plugins/plugin-metadata-generator.js';
import { ReadonlyVisitor } from '@nestjs/swagger/plugin';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outputDir = join(root, 'apps/api/src');
const filename = 'openapi-metadata.ts';

export function writeOpenApiMetadata() {
  const path = join(outputDir, filename);
  const before = readFileSync(path, 'utf8');
  // All is type-checked for it: what was written before may name files that are no more.
  writeFileSync(path, 'export default async () => ({});\n');
  try {
    generate();
  } catch (error) {
    writeFileSync(path, before);
    throw error;
  }
}

function generate() {
  new PluginMetadataGenerator().generate({
    visitors: [
      new ReadonlyVisitor({
        introspectComments: true,
        classValidatorShim: true,
        dtoFileNameSuffix: ['.dto.ts'],
        pathToSource: outputDir,
        esmCompatible: true,
      }),
    ],
    outputDir,
    filename,
    tsconfigPath: 'tsconfig.build.json',
    watch: false,
  });
}
