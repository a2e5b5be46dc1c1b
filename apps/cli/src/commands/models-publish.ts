/** `latido models publish` and `pull`: versions into the registry and out of it. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SYSTEM } from '#audit';
import type { Comparison } from '#inference';
import type { RegistrationResult, RegistrationStage } from '#models';
import { CommandError, type Command, type Outcome } from '../command.js';
import { withRegistry } from '../registry.js';

const STAGES: readonly RegistrationStage[] = ['reading', 'verifying', 'storing'];
const MB = 1e6;

export const publishModel: Command = {
  name: 'models publish',
  summary: 'Verify a model version and register it',
  arguments: [
    { name: 'PATH', description: 'A folder with manifest.yaml and the files it names, or a model file alone' },
  ],
  options: {
    name: { type: 'string', value: 'NAME', description: 'Without a manifest: the model' },
    version: { type: 'string', value: 'VERSION', description: 'Without a manifest: the version' },
  },
  notes: [
    'The version is compared with its golden rows, and the engines with each other. One that does not agree is registered as rejected, with the\nreason, and the exit code is 1. Nothing is activated: `latido models activate` does that.',
    'The same version in the same bytes is left as it is; in other bytes it is refused, because a version is immutable.',
    'Without manifest.yaml one is inferred from the model file as far as it goes, and marked so. Metrics come from metrics.json or\nevaluation.json beside the file.',
  ],
  async run({ config, arguments: [path], options: { name, version }, bar }): Promise<Outcome> {
    const { ModelRegistration } = await import('#models');
    const source = { path: resolve(path!), name: name as string | undefined, version: version as string | undefined };
    const stages = bar('opening the registry', STAGES.length, 'steps');
    const onStage = (stage: RegistrationStage): void => stages.to(STAGES.indexOf(stage), stage);
    try {
      const result = await withRegistry(config, (services) =>
        services.get(ModelRegistration).addSource(source, SYSTEM, { onStage }),
      );
      stages.end();
      return { text: describe(result), data: result, failed: result.status === 'rejected' };
    } finally {
      stages.end();
    }
  },
};

export const pullModel: Command = {
  name: 'models pull',
  summary: 'Write a version out as the folder that it was registered from',
  arguments: [
    { name: 'MODEL', description: 'Its name' },
    { name: 'VERSION', description: 'Its version' },
  ],
  options: { output: { type: 'string', value: 'FOLDER', description: 'Where to; left out, ./MODEL/VERSION' } },
  notes: [
    'The folder must not be there. Files that a manifest does not name, such as pictures, are not in the registry.',
  ],
  async run({ config, arguments: [model, version], options, bar, signal }): Promise<Outcome> {
    const { VersionExport } = await import('#models');
    const folder = resolve((options.output as string | undefined) ?? join(model!, version!));
    const draft = `${folder}.${process.pid}.part`;
    await mkdir(draft, { recursive: true });
    try {
      const names = await withRegistry(config, async (services) => {
        const files = await services.get(VersionExport).files(model!, version!);
        const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / MB;
        const bytes = bar('writing', total, 'MB');
        let written = 0;
        for (const { name, content } of files) {
          const counted = async function* (): AsyncGenerator<Buffer> {
            for await (const part of content) {
              written += part.length;
              bytes.to(written / MB, `writing ${name}`);
              yield part;
            }
          };
          await pipeline(Readable.from(counted()), createWriteStream(join(draft, name)), { signal });
        }
        bytes.end();
        return files.map(({ name }) => name);
      });
      await rename(draft, folder).catch((error: unknown) => {
        throw new CommandError(`${folder} cannot be written: ${(error as Error).message}`);
      });
      return { text: `${model} ${version} is in ${folder}: ${names.join(', ')}`, data: { folder, files: names } };
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  },
};

function describe({ outcome, model, version, status, rejection, verification }: RegistrationResult): string {
  const name = `${model} ${version}`;
  // Most reasons are sentences, with a full stop of their own.
  const state = status === 'rejected' ? `rejected: ${rejection?.replace(/\.$/, '')}.` : `${status}.`;
  return [
    outcome === 'unchanged'
      ? `${name} was registered already, in the same bytes: ${state}`
      : `${name} is registered: ${state}`,
    ...verification.comparisons.map(describeComparison),
    ...verification.unavailable.map(({ engine, reason }) => `  ${engine} could not run it: ${reason}`),
  ].join('\n');
}

function describeComparison({ kind, engine, against, rows, maxAbsoluteDifference, passed }: Comparison): string {
  const compared = kind === 'alone' ? `${engine}, a row alone against a ${against}` : `${engine} against ${against}`;
  return `  ${compared}: ${rows} rows differ by at most ${maxAbsoluteDifference.toPrecision(2)}${passed ? '' : ', which is too much'}`;
}
