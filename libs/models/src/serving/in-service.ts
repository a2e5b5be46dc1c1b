/** What answers for one model: its active version, beside it perhaps a canary with a share of the traffic, and versions in shadow. */
import { hash } from 'node:crypto';
import type { ServingVersion } from '../serving-version.js';
import type { LoadedVersion } from './loaded-version.js';

export interface Canary {
  readonly version: LoadedVersion;
  /** Of those who ask, between 0 and 1. */
  readonly share: number;
}

const NONE: readonly ServingVersion[] = [];
const TWO_TO_48 = 2 ** 48;

export class InService {
  constructor(
    readonly active: LoadedVersion,
    readonly canary: Canary | undefined,
    private readonly shadows: readonly LoadedVersion[],
  ) {}

  /** The version that answers for a subject, or for a user where no subject is named: always the same one while the shares are. */
  answering(subject: string | null | undefined, userId: string): LoadedVersion {
    const { canary } = this;
    if (!canary) return this.active;
    return isInShare(canary.version.id, canary.share, subject ?? userId) ? canary.version : this.active;
  }

  /**
   * The versions that compute beside the one that answered, and are never answered. What the canary answers the active version
   * computes as well, so that the two can be compared on the same rows.
   */
  shadowsOf(answered: ServingVersion): readonly ServingVersion[] {
    if (answered === this.active) return this.shadows;
    if (answered === this.canary?.version) return [this.active, ...this.shadows];
    return NONE; // named by the request itself
  }

  get all(): readonly LoadedVersion[] {
    return [this.active, ...(this.canary ? [this.canary.version] : []), ...this.shadows];
  }
}

/**
 * Whether the one who asks is in a version's share: the first 48 bits of a hash as a number from 0 to 1. The version is in it, so that
 * another canary meets other subjects.
 */
export function isInShare(versionId: string, share: number, key: string): boolean {
  return parseInt(hash('sha256', `${versionId}\n${key}`, 'hex').slice(0, 12), 16) / TWO_TO_48 < share;
}
