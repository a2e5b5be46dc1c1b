/** `latido models list`, `show` and `compare`: what is registered. */
import type { ManifestMetric } from '#inference';
import { columns, type Command, type Outcome } from '../command.js';
import { withRegistry } from '../registry.js';

export const listModels: Command = {
  name: 'models list',
  summary: 'List the registered versions of all models',
  arguments: [],
  options: {},
  notes: [],
  async run({ config }): Promise<Outcome> {
    const { ModelDirectory } = await import('#models');
    const models = await withRegistry(config, (services) => services.get(ModelDirectory).allVisible('admin'));
    const versions = models.flatMap(({ name, activeVersionId, versions: all }) =>
      all.map((version) => ({
        model: name,
        version: version.version,
        status: version.status,
        active: version.id === activeVersionId,
        registeredAt: version.createdAt.toISOString(),
        artifactSha256: version.artifactSha256,
        metrics: version.manifest.metrics ?? [],
        rejection: version.rejection,
      })),
    );
    const rows = versions.map((version) => [
      version.model,
      version.version,
      version.active ? `${version.status}, active` : version.status,
      version.registeredAt,
      telling(version.metrics)
        .slice(0, 3)
        .map(({ name, value }) => `${name} ${shown(value)}`)
        .join(', '),
      version.rejection ?? '',
    ]);
    return { text: rows.length === 0 ? 'No model is registered.' : columns(rows), data: { versions } };
  },
};

/** Figures of rows that were held out, where there are any: those of the training rows flatter. */
function telling(metrics: readonly ManifestMetric[]): ManifestMetric[] {
  const { dataset } = metrics.find((metric) => metric.dataset !== 'train') ?? metrics[0] ?? {};
  return metrics.filter((metric) => metric.dataset === dataset);
}

export const showModel: Command = {
  name: 'models show',
  summary: 'Show a model: what is in service, its policy, its traffic, its versions',
  arguments: [{ name: 'MODEL', description: 'Its name' }],
  options: { version: { type: 'string', value: 'VERSION', description: 'Show this version instead' } },
  notes: [],
  async run({ config, arguments: [name], options }): Promise<Outcome> {
    const { Activations, ModelsService, Policies, Traffic } = await import('#models');
    const version = options.version as string | undefined;
    return withRegistry(config, async (services) => {
      const models = services.get(ModelsService);
      if (version !== undefined) {
        const found = await models.version(name!, version, 'admin');
        const gaps = found.verifications.at(-1)?.comparisons ?? [];
        const lines = [
          ['title', found.title],
          ['status', found.active ? `${found.status}, active` : found.status],
          ...(found.rejection === null ? [] : [['rejected', found.rejection]]),
          ['task', found.task],
          ['registered', found.createdAt.toISOString()],
          ['artifact', `${found.artifact.format}, ${found.artifact.sizeBytes} bytes, SHA-256 ${found.artifact.sha256}`],
          ...(found.notice === null ? [] : [['notice', found.notice]]),
          ['inputs', found.inputs.map(({ name: input, unit }) => (unit ? `${input} (${unit})` : input)).join(', ')],
          ['classes', (found.output.classes ?? []).map(({ name: label }) => label).join(', ') || '-'],
          ...found.metrics.map(({ name: metric, dataset, value }) => [`${metric}, ${dataset}`, shown(value)]),
          ...gaps.map(({ engine, against, rows, maxAbsoluteDifference: gap }) => [
            `${engine} against ${against}`,
            `${rows} rows, at most ${gap.toPrecision(2)} apart`,
          ]),
        ];
        return { text: columns(lines), data: found };
      }
      const model = await models.model(name!, 'admin');
      const policy = await services.get(Policies).of(name!);
      const traffic = await services.get(Traffic).of(name!, 'admin');
      const { data: versions } = await models.versions(name!, { limit: 200 }, 'admin');
      const [activation] = (await services.get(Activations).list(name!, { limit: 1 }, 'admin')).data;
      const since = activation
        ? `, ${activation.kind === 'rollback' ? 'rolled back to' : 'activated'} ${activation.activatedAt.toISOString()}${activation.reason ? `: ${activation.reason}` : ''}`
        : '';
      const lines = [
        ['title', model.title],
        ['active', model.activeVersion === null ? 'none' : `${model.activeVersion}${since}`],
        ['canary', traffic.canary ? `${traffic.canary.version}, ${traffic.canary.share * 100} %` : 'none'],
        ['shadow', traffic.shadows.join(', ') || 'none'],
        ['policy', Object.keys(policy).length === 0 ? 'none' : JSON.stringify(policy)],
        ...versions.map((found) => [
          `version ${found.version}`,
          found.active ? `${found.status}, active` : found.status,
        ]),
      ];
      return { text: columns(lines), data: { model, policy, traffic, versions, activation: activation ?? null } };
    });
  },
};

export const compareModels: Command = {
  name: 'models compare',
  summary: 'Compare two versions: metrics, inputs, and how they did on the same rows',
  arguments: [
    { name: 'MODEL', description: 'Its name' },
    { name: 'A', description: 'One version' },
    { name: 'B', description: 'The other version, that on trial' },
  ],
  options: {},
  notes: ['What they answered on the same rows is known where B ran in shadow, or had a share of the traffic.'],
  async run({ config, arguments: [model, a, b] }): Promise<Outcome> {
    const { ModelsService } = await import('#models');
    const { ShadowService, ShadowRepository } = await import('#predictions');
    return withRegistry(config, async (services) => {
      const { ModelDirectory } = await import('#models');
      const { DataSource } = await import('typeorm');
      const comparison = await services.get(ModelsService).compare(model!, { a: a!, b: b! }, 'admin');
      const trial = await new ShadowService(
        services.get(ModelDirectory),
        new ShadowRepository(services.get(DataSource)),
      ).compare(model!, { version: b! }, 'admin');
      const { metrics, inputs, interchangeable, sameArtifact } = comparison;
      const text = [
        columns([
          ['metric', 'dataset', a!, b!, 'difference'],
          ...metrics.map((metric) => [
            metric.name,
            metric.dataset,
            metric.a === null ? '-' : shown(metric.a),
            metric.b === null ? '-' : shown(metric.b),
            metric.difference === null ? '-' : `${metric.difference > 0 ? '+' : ''}${shown(metric.difference)}`,
          ]),
        ]),
        '',
        sameArtifact ? 'The artifact is the same.' : 'The artifacts differ.',
        interchangeable
          ? 'A client of one is answered by the other in the same form.'
          : `A client of one is not answered by the other in the same form: ${differencesOf(inputs)}.`,
        ...trial.comparisons.map(
          ({ answered, shadow, rows, agreement, meanDifference, largestDifference, failed }) =>
            `${answered} answered, ${shadow} computed beside it: ${rows} rows, ${agreement === null ? '-' : `${shown(agreement * 100)} %`} the same answer, ` +
            `scores ${meanDifference === null ? '-' : shown(meanDifference)} apart on average, ${largestDifference === null ? '-' : shown(largestDifference)} at most; ${failed} failed`,
        ),
      ].join('\n');
      return { text, data: { ...comparison, trial: trial.comparisons } };
    });
  },
};

function differencesOf({
  added,
  removed,
  changed,
}: Record<'added' | 'removed' | 'changed', readonly string[]>): string {
  const parts = [
    added.length > 0 ? `only the second takes ${added.join(', ')}` : '',
    removed.length > 0 ? `only the first takes ${removed.join(', ')}` : '',
    changed.length > 0 ? `declared differently are ${changed.join(', ')}` : '',
  ].filter((part) => part !== '');
  return parts.join('; ') || 'the classes or the task differ';
}

function shown(value: number): string {
  return String(Number(value.toPrecision(5)));
}
