/**
 * Recorded acts by which something may be gone: an erasure of what predictions say of a patient, the end of a month's
 * retention. Each is an audit event; only those whose signature holds count.
 */
import type pg from 'pg';
import { signedEvents } from '../chain/signed-event.js';
import type { TrustedKeys } from './trusted-keys.js';

/** The action of an erasure; its details are `{rows: [[predictionId, [row, …]], …]}`. */
export const SUBJECT_ERASED = 'subject.erased';
/** The action of dropping a month; its details are `{from, to, …}`, instants: what was recorded from `from` on and before `to`. */
export const MONTH_DROPPED = 'record.month-dropped';

/** How far a batch's time may be from the ids in it. */
const CLOCK_TOLERANCE_MS = 60_000;

export class Acts {
  /** For those who do not ask what may be gone. */
  static readonly NONE = new Acts();

  private readonly erased = new Map<string, Set<number>>();
  private readonly dropped: { readonly fromMs: number; readonly toMs: number }[] = [];

  static async read(client: pg.Client, keys: TrustedKeys): Promise<Acts> {
    const acts = new Acts();
    for (const event of await signedEvents(client, [SUBJECT_ERASED, MONTH_DROPPED]))
      if (keys.holdsEvent(event)) acts.add(event.action, event.details);
    return acts;
  }

  /** Whether an act erased this row of the prediction. */
  coversRow(predictionId: string, row: number): boolean {
    return this.erased.get(predictionId)?.has(row) ?? false;
  }

  /** Whether leaves of a batch sealed then may be gone with their month. */
  coversBatch(sealedAtMs: number): boolean {
    return this.dropped.some(
      ({ fromMs, toMs }) => sealedAtMs >= fromMs - CLOCK_TOLERANCE_MS && sealedAtMs < toMs + CLOCK_TOLERANCE_MS,
    );
  }

  private add(action: string, text: string): void {
    const details = JSON.parse(text) as { rows?: [string, number[]][]; from?: string; to?: string };
    if (action === SUBJECT_ERASED) {
      for (const [id, rows] of details.rows ?? []) {
        const known = this.erased.get(id) ?? new Set();
        for (const row of rows) known.add(row);
        this.erased.set(id, known);
      }
    } else {
      this.dropped.push({ fromMs: Date.parse(details.from ?? ''), toMs: Date.parse(details.to ?? '') });
    }
  }
}
