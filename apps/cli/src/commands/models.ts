/** `latido models …`: the registry from the command line. */
import { resolve } from 'node:path';
import type { ModuleMetadata } from '@nestjs/common';
import { SYSTEM } from '#audit';
import type { Comparison } from '#inference';
import type { RegistrationResult } from '#models';
import { columns, type Command, type Outcome } from '../command.js';
import { withServices } from '../services.js';

export const addModel: Command = {
  name: 'models add',
  summary: 'Verify a model version and register it',
  arguments: [{ name: 'FOLDER', description: 'Holds manifest.yaml and the files it names' }],
  options: {},
  notes: [
    'The version is compared with its golden rows, and the engines with each other. One that does not agree is registered as rejected, with the\nreason, and the exit code is 1. Nothing is activated: PUT /v1/models/{model}/active does that.',
    'The same version in the same bytes is left as it is; in other bytes it is refused, because a version is immutable.',
  ],
  async run({ config, arguments: [folder] }): Promise<Outcome> {
    const { ModelRegistration } = await import('#models');
    const result = await withServices(config, await registry(), (services) =>
      services.get(ModelRegistration).addFolder(resolve(folder!), SYSTEM),
    );
    return { text: describe(result), data: result, failed: result.status === 'rejected' };
  },
};

export const listModels: Command = {
  name: 'models list',
  summary: 'List the registered versions of all models',
  arguments: [],
  options: {},
  notes: [],
  async run({ config }): Promise<Outcome> {
    const { ModelDirectory } = await import('#models');
    const models = await withServices(config, await registry(), (services) =>
      services.get(ModelDirectory).allVisible('admin'),
    );
    const versions = models.flatMap(({ name, activeVersionId, versions: all }) =>
      all.map((version) => ({
        model: name,
        version: version.version,
        status: version.status,
        active: version.id === activeVersionId,
        registeredAt: version.createdAt.toISOString(),
        artifactSha256: version.artifactSha256,
        rejection: version.rejection,
      })),
    );
    const rows = versions.map((version) => [
      version.model,
      version.version,
      version.active ? `${version.status}, active` : version.status,
      version.registeredAt,
      version.rejection ?? '',
    ]);
    return { text: rows.length === 0 ? 'No model is registered.' : columns(rows), data: { versions } };
  },
};

/** The registry, and the users whom its entities refer to. */
async function registry(): Promise<NonNullable<ModuleMetadata['imports']>> {
  const [{ ModelRegistryModule }, { UsersModule }] = await Promise.all([import('#models'), import('#users')]);
  return [UsersModule, ModelRegistryModule];
}

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
