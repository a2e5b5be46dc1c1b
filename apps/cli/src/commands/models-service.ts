/** `latido models activate`, `rollback`, `gate`, `policy` and `traffic`: which version answers whom. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError, UsageError, type Command, type CommandOption, type Outcome } from '../command.js';
import { withRegistry } from '../registry.js';

const MODEL = { name: 'MODEL', description: 'Its name' };
const VERSION = { name: 'VERSION', description: 'Its version' };
const REASON: CommandOption = { type: 'string', value: 'TEXT', description: 'Why; kept in the history' };
const OVERRIDE: CommandOption = {
  type: 'boolean',
  description: 'Although the policy has something against it; needs a reason',
};

export const activateModel: Command = {
  name: 'models activate',
  summary: 'Put a version in service',
  arguments: [MODEL, VERSION],
  options: { reason: REASON, override: OVERRIDE },
  notes: ['It is loaded first: what cannot serve is not activated. Every server answers with it within a second.'],
  async run({ config, arguments: [model, version], options }): Promise<Outcome> {
    const { Activations, OPERATOR } = await import('#models');
    const activation = await withRegistry(config, (services) =>
      services.get(Activations).activate(model!, version!, justification(options), OPERATOR),
    );
    return { text: described(activation), data: activation };
  },
};

export const rollBackModel: Command = {
  name: 'models rollback',
  summary: 'Put the version back that answered before the active one came',
  arguments: [MODEL],
  options: { reason: REASON },
  notes: ['The policy is not asked: it let that version in once.'],
  async run({ config, arguments: [model], options }): Promise<Outcome> {
    const { Activations, OPERATOR } = await import('#models');
    const activation = await withRegistry(config, (services) =>
      services.get(Activations).rollBack(model!, options.reason as string | undefined, OPERATOR),
    );
    return { text: described(activation), data: activation };
  },
};

export const gateModel: Command = {
  name: 'models gate',
  summary: 'Ask what the policy has against a version; exit code 1 where it has something',
  arguments: [MODEL, VERSION],
  options: {},
  notes: [],
  async run({ config, arguments: [model, version] }): Promise<Outcome> {
    const { ActivationGate } = await import('#models');
    const gate = await withRegistry(config, (services) => services.get(ActivationGate).look(model!, version!, 'admin'));
    const text = gate.passed
      ? `The policy of ${model} has nothing against ${version}.`
      : [
          `The policy of ${model} has something against ${version}:`,
          ...gate.objections.map(({ detail }) => `  ${detail}`),
        ].join('\n');
    return { text, data: gate, failed: !gate.passed };
  },
};

export const modelPolicy: Command = {
  name: 'models policy',
  summary: 'Show or replace what a version must satisfy before it answers',
  arguments: [MODEL],
  options: { set: { type: 'string', value: 'FILE', description: 'JSON in the form of PUT /v1/models/{model}/policy' } },
  notes: [
    'A file may hold {"metrics": [{"name": "auc", "dataset": "held-out", "minimum": 0.85, "maximalDrop": 0.02}],\n"verification": {"golden": true}, "cardFields": ["notice", "provenance.data"]}; {} asks for nothing.',
  ],
  async run({ config, arguments: [model], options }): Promise<Outcome> {
    const { OPERATOR, Policies, readPolicy } = await import('#models');
    const file = options.set as string | undefined;
    const policy = await withRegistry(config, async (services) => {
      const policies = services.get(Policies);
      if (file === undefined) return policies.of(model!);
      return policies.replace(model!, await readPolicy(await json(file)), OPERATOR);
    });
    return { text: JSON.stringify(policy, null, 2), data: policy };
  },
};

export const modelTraffic: Command = {
  name: 'models traffic',
  summary: 'Show or replace how the traffic is shared beside the active version',
  arguments: [MODEL],
  options: {
    canary: { type: 'string', value: 'VERSION', description: 'The version that answers a share of those who ask' },
    share: { type: 'string', value: 'N', description: 'Which share, above 0 and below 1' },
    shadow: {
      type: 'string',
      value: 'VERSIONS',
      description: 'Versions that compute and never answer, separated by commas',
    },
    end: { type: 'boolean', description: 'End both' },
    reason: REASON,
    override: OVERRIDE,
  },
  notes: ['What is not named ends: without --canary nobody is answered by another version than the active one.'],
  async run({ config, arguments: [model], options }): Promise<Outcome> {
    const { OPERATOR, Traffic } = await import('#models');
    const wanted = sharesOf(options);
    const traffic = await withRegistry(config, (services) =>
      wanted === undefined
        ? services.get(Traffic).of(model!, 'admin')
        : services.get(Traffic).replace(model!, { ...wanted, ...justification(options) }, OPERATOR),
    );
    const { canary, shadows } = traffic;
    const text = [
      canary
        ? `${canary.version} answers ${canary.share * 100} % of those who ask.`
        : 'The active version answers everybody.',
      shadows.length > 0 ? `In shadow: ${shadows.join(', ')}.` : 'Nothing runs in shadow.',
    ].join('\n');
    return { text, data: traffic };
  },
};

type Options = Readonly<Record<string, string | boolean | undefined>>;

function justification({ reason, override }: Options): { reason?: string; override?: boolean } {
  return { ...(typeof reason === 'string' && { reason }), ...(override === true && { override }) };
}

/** Undefined where nothing is to be changed. */
function sharesOf({
  canary,
  share,
  shadow,
  end,
}: Options): { canary?: { version: string; share: number }; shadows?: string[] } | undefined {
  if ((canary === undefined) !== (share === undefined)) throw new UsageError('--canary goes with --share');
  if (canary === undefined && shadow === undefined) return end === true ? {} : undefined;
  if (end === true) throw new UsageError('--end goes alone');
  const part = Number(share);
  if (canary !== undefined && !(part > 0 && part < 1)) throw new UsageError('--share is above 0 and below 1');
  return {
    ...(typeof canary === 'string' && { canary: { version: canary, share: part } }),
    ...(typeof shadow === 'string' && { shadows: shadow.split(',').map((version) => version.trim()) }),
  };
}

function described({
  model,
  version,
  previousVersion,
  kind,
  overridden,
}: {
  readonly model: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly kind: string;
  readonly overridden: readonly string[] | null;
}): string {
  const what = kind === 'rollback' ? 'answers again' : 'is active';
  return [
    `${model} ${version} ${what}${previousVersion === null ? '' : `, in place of ${previousVersion}`}.`,
    ...(overridden ?? []).map((objection) => `  overridden: ${objection}`),
  ].join('\n');
}

async function json(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(file), 'utf8'));
  } catch (error) {
    throw new CommandError(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
}
