/** Writes apps/api/src/openapi-metadata.ts: what TypeScript knows about DTOs and controllers, which SWC drops. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PluginMetadataGenerator } from '@nestjs/cli/lib/compiler/plugins/plugin-metadata-generator.js';
import { ReadonlyVisitor } from '@nestjs/swagger/plugin';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outputDir = join(root, 'apps/api/src');

export function writeOpenApiMetadata() {
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
    filename: 'openapi-metadata.ts',
    tsconfigPath: 'tsconfig.build.json',
    watch: false,
  });
}
