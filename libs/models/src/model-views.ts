/** From what is stored to what the API shows. */
import { isDeepStrictEqual } from 'node:util';
import {
  DEFAULT_MAX_OBSERVATIONS,
  optionalInputs,
  signalKeys,
  signalUnits,
  windowsOf,
  type ManifestMetric,
  type ModelManifest,
  type VerificationRecord,
} from '#inference';
import type {
  ArtifactDto,
  InputComparisonDto,
  MetricComparisonDto,
  ModelDto,
  ModelMetricDto,
  ModelVersionDto,
  ModelVersionSummaryDto,
  VersionComparisonDto,
} from './http/model.dto.js';
import type { VerificationDto } from './http/verification.dto.js';
import type { ModelRecord, VersionRecord } from './storage/model.repository.js';

/** Lists in a stored record are immutable; in an answer's type they are plain arrays. */
function listOf<T>(items: readonly T[] | undefined): T[] {
  return [...(items ?? [])];
}

/** What a manifest declares, in the form that answers share. */
export function declaredBy(manifest: ModelManifest) {
  const { inputs, observations, output } = manifest;
  return {
    title: manifest.title,
    description: manifest.description ?? null,
    task: manifest.task,
    notice: manifest.notice ?? null,
    inputs: inputs.map((input) => ({ ...input, values: input.values && listOf(input.values) })),
    observations: observations
      ? {
          ...observations,
          signals: observations.signals.map((signal) => ({ ...signal, codes: signal.codes && listOf(signal.codes) })),
          otherSignals: observations.otherSignals ?? 'refuse',
          maximum: observations.maximum ?? DEFAULT_MAX_OBSERVATIONS,
        }
      : null,
    output: { ...output, classes: output.classes && listOf(output.classes) },
    metrics: listOf<ModelMetricDto>(manifest.metrics),
    provenance: manifest.provenance ?? null,
  };
}

/** @param model with at least one version */
export function modelView(model: ModelRecord): ModelDto {
  const active = model.versions.find(({ id }) => id === model.activeVersionId);
  const shown = active ?? model.versions[0];
  if (!shown) throw new Error(`model ${model.name} has no version to show`);
  const { title, description, task, notice, inputs, observations, output, metrics } = declaredBy(shown.manifest);
  const { name, createdAt } = model;
  return {
    name,
    title,
    description,
    task,
    notice,
    activeVersion: active?.version ?? null,
    activatedAt: active?.lastActivatedAt ?? null,
    inputs,
    observations,
    output,
    metrics,
    createdAt,
  };
}

export function artifactView({ manifest, artifactSha256, artifactBytes }: VersionRecord): ArtifactDto {
  return { format: manifest.artifact.format, sha256: artifactSha256, sizeBytes: artifactBytes };
}

export function summaryView(version: VersionRecord, activeVersionId: string | null): ModelVersionSummaryDto {
  const { title, task, notice, metrics } = declaredBy(version.manifest);
  return {
    id: version.id,
    model: version.modelName,
    version: version.version,
    title,
    task,
    inferred: version.manifest.inferred ?? false,
    status: version.status,
    rejection: version.rejection,
    active: version.id === activeVersionId,
    lastActivatedAt: version.lastActivatedAt,
    notice,
    metrics,
    hasEvaluation: version.hasEvaluation,
    artifact: artifactView(version),
    createdAt: version.createdAt,
  };
}

export function verificationView(record: VerificationRecord): VerificationDto {
  return {
    ...record,
    fault: record.fault && { ...record.fault, errors: record.fault.errors && listOf(record.fault.errors) },
    engines: listOf(record.engines),
    unavailable: listOf(record.unavailable),
    comparisons: listOf(record.comparisons),
    batchInvariance: record.batchInvariance?.map((found) => ({ ...found, batchSizes: listOf(found.batchSizes) })),
  };
}

export function versionView(version: VersionRecord, activeVersionId: string | null): ModelVersionDto {
  const { description, inputs, observations, output, provenance } = declaredBy(version.manifest);
  return {
    ...summaryView(version, activeVersionId),
    description,
    inputs,
    observations,
    // Shown as it stands in the manifest; only the type of an answer's lists is another.
    features: structuredClone(version.manifest.features ?? []) as ModelVersionDto['features'],
    output,
    provenance,
    verifications: version.verifications.map(verificationView),
  };
}

export function comparisonView(
  a: VersionRecord,
  b: VersionRecord,
  activeVersionId: string | null,
): VersionComparisonDto {
  const inputs = compareInputs(a.manifest, b.manifest);
  const sameInputs = inputs.added.length + inputs.removed.length + inputs.changed.length === 0;
  const classesOf = ({ output }: ModelManifest): string[] => (output.classes ?? []).map(({ name }) => name);
  return {
    model: a.modelName,
    a: summaryView(a, activeVersionId),
    b: summaryView(b, activeVersionId),
    metrics: compareMetrics(a.manifest.metrics ?? [], b.manifest.metrics ?? []),
    inputs,
    interchangeable:
      sameInputs &&
      a.manifest.task === b.manifest.task &&
      isDeepStrictEqual(classesOf(a.manifest), classesOf(b.manifest)),
    sameArtifact: a.artifactSha256 === b.artifactSha256,
  };
}

/** Every metric that one of them has, in the order of `a`, then what only `b` has. */
function compareMetrics(a: readonly ManifestMetric[], b: readonly ManifestMetric[]): MetricComparisonDto[] {
  const keyOf = ({ dataset, name }: ManifestMetric): string => `${dataset}\0${name}`;
  const [valuesOfA, valuesOfB] = [a, b].map(
    (metrics) => new Map(metrics.map((metric) => [keyOf(metric), metric.value])),
  ) as [Map<string, number>, Map<string, number>];
  const all = new Map([...a, ...b].map((metric) => [keyOf(metric), metric]));
  return [...all].map(([key, { name, dataset }]) => {
    const [left, right] = [valuesOfA.get(key) ?? null, valuesOfB.get(key) ?? null];
    return { name, dataset, a: left, b: right, difference: left === null || right === null ? null : right - left };
  });
}

function compareInputs(a: ModelManifest, b: ModelManifest): InputComparisonDto {
  const [ofA, ofB] = [inputRules(a), inputRules(b)];
  return {
    added: [...ofB.keys()].filter((name) => !ofA.has(name)),
    removed: [...ofA.keys()].filter((name) => !ofB.has(name)),
    changed: [...ofA.keys()].filter((name) => ofB.has(name) && !isDeepStrictEqual(ofA.get(name), ofB.get(name))),
  };
}

/** What a client must keep to, by input, by signal, and for all observations together. */
function inputRules(manifest: ModelManifest): Map<string, object> {
  const { inputs, observations } = manifest;
  const optional = optionalInputs(manifest);
  const ofInputs = inputs.map(({ name, type, unit, ucum, range, values }) => {
    const allowed = values?.map(({ value }) => value);
    return [name, { type, unit, ucum, range, values: allowed, optional: optional.has(name) }] as const;
  });
  if (!observations) return new Map(ofInputs);
  const { signals, otherSignals = 'refuse', maximum = DEFAULT_MAX_OBSERVATIONS } = observations;
  const ofSignals = signals.map((signal) => {
    const { name, range } = signal;
    return [name, { range, names: signalKeys(signal).sort(), units: signalUnits(signal).sort() }] as const;
  });
  return new Map<string, object>([
    ...ofInputs,
    ...ofSignals,
    ['observations', { otherSignals, maximum, windows: windowsOf(manifest) }],
  ]);
}
