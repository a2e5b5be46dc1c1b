/** `latido models inspect FILE`: what a model file is, and a draft of its manifest. */
import { basename, resolve } from 'node:path';
import type { inspectFile } from '#models';
import { columns, type Command, type Outcome } from '../command.js';
import { readModelFile } from '../model-file.js';

export const inspectModelFile: Command = {
  name: 'models inspect',
  summary: 'Show what a model file is, and a draft of its manifest',
  arguments: [{ name: 'FILE', description: '.onnx, .keras, .h5, or the .zip of a TensorFlow.js layers model' }],
  options: {
    name: { type: 'string', value: 'NAME', description: "The model's name in the draft; default: by the file's name" },
    version: { type: 'string', value: 'VERSION', description: 'The version in the draft; default: 1.0.0' },
  },
  notes: [
    'The file is read, loaded and run on a few random rows; nothing is stored, and no database and no server is needed. What stands in the\ndraft is what the file says: names, units and ranges that it does not have are for you to add. The exit code is 1 where it would not serve.',
  ],
  async run({ config, arguments: [file], options: { name, version } }): Promise<Outcome> {
    const { InferenceEngines, kerasImporter } = await import('#inference');
    const { inspectFile: inspect } = await import('#models');
    const { onOneLine } = await import('#keras');
    kerasImporter.configure(config.inference.imports);
    const path = resolve(file as string);
    const engines = new InferenceEngines('onnx', () => undefined, config.inference.threads);
    try {
      const inspected = {
        bytes: await readModelFile(path),
        fileName: basename(path),
        ...(typeof name === 'string' && { name }),
        ...(typeof version === 'string' && { version }),
      };
      const found = await inspect(inspected, engines);
      return { text: describe(found, onOneLine), data: found, failed: found.problems.length > 0 };
    } finally {
      await engines.close();
      await kerasImporter.close();
    }
  },
};

type Inspection = Awaited<ReturnType<typeof inspectFile>>;
type Tensor = Inspection['inputs'][number];

function describe(found: Inspection, shown: (text: string) => string): string {
  const tensor = (kind: string, { name, type, shape }: Tensor): string[] => [
    `  ${kind}`,
    shown(name),
    `${type} [${shape.map((size) => size ?? 'any').join(', ')}]`,
  ];
  const opsets = found.opsets.map(({ domain, version }) => `${shown(domain)} ${version}`).join(', ');
  return [
    `${found.format}, written by ${shown(found.writtenBy)}${opsets === '' ? '' : ` (${opsets})`}: ${found.sizeBytes} bytes, ${found.parameters} parameters`,
    `  ${found.parts.map(({ name, count }) => `${count} ${shown(name)}`).join(', ')}`,
    columns([
      ...found.inputs.map((input) => tensor('input', input)),
      ...found.outputs.map((output) => tensor('output', output)),
    ]),
    ...(found.classes ? [`  classes  ${found.classes.map(shown).join(', ')}`] : []),
    '',
    ...found.problems.map((problem) => `It cannot be published as it is: ${shown(problem)}`),
    ...(found.manifestYaml === null ? [] : ['# manifest.yaml', found.manifestYaml.trimEnd()]),
  ].join('\n');
}
