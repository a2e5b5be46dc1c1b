/** What a version must satisfy before it answers anybody, and what keeps one from it. */
import type { ManifestMetric, ModelManifest, VerificationRecord } from '#inference';
import type { FieldError } from '#platform';

/** A bound on a metric, or on how far it may be from that of the version in service. */
export interface MetricRule {
  readonly name: string;
  /** `held-out`, … */
  readonly dataset: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Below the active version's value, at most. */
  readonly maximalDrop?: number;
  /** Above the active version's value, at most: for what is better when it is small, such as `brier`. */
  readonly maximalRise?: number;
}

/** Parts of the model card that a policy may ask for. */
export const CARD_FIELDS = [
  'description',
  'notice',
  'card',
  'evaluation',
  'provenance.author',
  'provenance.license',
  'provenance.framework',
  'provenance.command',
  'provenance.data',
] as const;

export type CardField = (typeof CARD_FIELDS)[number];

export interface ActivationPolicy {
  readonly metrics?: readonly MetricRule[];
  readonly verification?: {
    /** The version was compared with golden rows. */
    readonly golden?: boolean;
    /** So many engines computed it, and agreed. */
    readonly engines?: number;
  };
  readonly cardFields?: readonly CardField[];
}

/** What of a version the gate looks at. */
export interface Candidate {
  readonly version: string;
  readonly manifest: ModelManifest;
  readonly verifications: readonly VerificationRecord[];
  readonly hasCard: boolean;
  readonly hasEvaluation: boolean;
}

/**
 * What the policy has against a version; empty: nothing. Pointers lead into the policy.
 * @param active the version in service, or null
 */
export function objections(
  policy: ActivationPolicy,
  candidate: Candidate,
  active: Pick<Candidate, 'version' | 'manifest'> | null,
): FieldError[] {
  return [
    ...(policy.metrics ?? []).flatMap((rule, index) =>
      metricFaults(rule, candidate, active).map((detail) => ({ pointer: `/metrics/${index}`, detail })),
    ),
    ...verificationFaults(policy.verification ?? {}, candidate),
    ...(policy.cardFields ?? []).flatMap((field, index) =>
      hasField(candidate, field)
        ? []
        : [{ pointer: `/cardFields/${index}`, detail: `${field} is missing in ${candidate.version}` }],
    ),
  ];
}

function metricFaults(
  rule: MetricRule,
  { version, manifest }: Pick<Candidate, 'version' | 'manifest'>,
  active: Pick<Candidate, 'version' | 'manifest'> | null,
): string[] {
  const name = `${rule.name} on ${rule.dataset}`;
  const value = valueOf(manifest.metrics, rule);
  if (value === undefined) return [`${version} has no ${name}`];
  const faults: string[] = [];
  if (rule.minimum !== undefined && value < rule.minimum)
    faults.push(`${name} is ${shown(value)}, at least ${rule.minimum} is asked for`);
  if (rule.maximum !== undefined && value > rule.maximum)
    faults.push(`${name} is ${shown(value)}, at most ${rule.maximum} is allowed`);
  // Without a version in service, or where that one was not measured, there is nothing to fall behind.
  const before = active && valueOf(active.manifest.metrics, rule);
  if (!active || before === undefined || before === null) return faults;
  const change = value - before;
  const than = `than that of the active ${active.version}, ${shown(before)}`;
  if (rule.maximalDrop !== undefined && -change > rule.maximalDrop)
    faults.push(`${name} is ${shown(value)}, lower by more than ${rule.maximalDrop} ${than}`);
  if (rule.maximalRise !== undefined && change > rule.maximalRise)
    faults.push(`${name} is ${shown(value)}, higher by more than ${rule.maximalRise} ${than}`);
  return faults;
}

function valueOf(
  metrics: readonly ManifestMetric[] | undefined,
  { name, dataset }: Pick<MetricRule, 'name' | 'dataset'>,
): number | undefined {
  return metrics?.find((metric) => metric.name === name && metric.dataset === dataset)?.value;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function verificationFaults(
  { golden, engines }: NonNullable<ActivationPolicy['verification']>,
  { version, verifications }: Candidate,
): FieldError[] {
  const faults: FieldError[] = [];
  const passed = verifications.filter((record) => record.passed);
  if (golden && !passed.some(({ comparisons }) => comparisons.some(({ kind }) => kind === 'golden')))
    faults.push({ pointer: '/verification/golden', detail: `${version} was not compared with golden rows` });
  const computed = Math.max(0, ...passed.map((record) => record.engines.length));
  if (engines !== undefined && computed < engines)
    faults.push({
      pointer: '/verification/engines',
      detail: `${version} was computed by ${computed} engine${computed === 1 ? '' : 's'}, ${engines} are asked for`,
    });
  return faults;
}

function hasField({ manifest, hasCard, hasEvaluation }: Candidate, field: CardField): boolean {
  if (field === 'card') return hasCard;
  if (field === 'evaluation') return hasEvaluation;
  if (field === 'description' || field === 'notice') return isWritten(manifest[field]);
  const name = field.slice('provenance.'.length) as 'author' | 'license' | 'framework' | 'command' | 'data';
  return isWritten(manifest.provenance?.[name]);
}

function isWritten(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}
